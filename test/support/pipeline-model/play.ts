// Plays a case: act by act on a bench of its own, with every law looked at after each, and in the end with everything well
// again, at rest, and stopped.

import { RESCUE } from '../../../src/domain/decision/option.ts'
import type { Act } from './act.ts'
import { nameOf } from './act.ts'
import { PipelineBench } from './bench.ts'
import { brokenAfterAct, brokenAtRest, brokenWhenStopped } from './laws.ts'
import { isPossible, perform } from './perform.ts'
import type { Spoil } from './program.ts'
import type { Setup } from './setup.ts'
import { Stage } from './stage.ts'
import type { Tally } from './tally.ts'
import type { Template } from './template.ts'
import { loadView, type View } from './view.ts'
import { Watch } from './watch.ts'

export interface Playing {
  readonly tally: Tally
  /** A mistake made on purpose. */
  readonly spoil?: Spoil
}

/** A stage with whoever watches it. */
export class Play {
  readonly stage: Stage
  readonly #watch: Watch
  readonly #tally: Tally
  readonly #done: string[] = []

  private constructor(stage: Stage, watch: Watch, tally: Tally) {
    this.stage = stage
    this.#watch = watch
    this.#tally = tally
  }

  static async begin(template: Template, setup: Setup, more: Playing): Promise<Play> {
    const { tally, spoil } = more
    const bench = await PipelineBench.start(template, setup, spoil)
    return new Play(new Stage(bench, await loadView(bench)), new Watch(bench, tally), tally)
  }

  get view(): View {
    return this.stage.view
  }

  /** Has an act happen, if it can; throws what breaks a law. */
  async act(act: Act): Promise<void> {
    const happens = isPossible(act, this.view)
    this.#tally.act(nameOf(act), happens)
    if (!happens) return
    this.#done.push(nameOf(act))
    const before = this.view
    const { branches } = this.stage.bench.host
    const rescues = branches.size
    await perform(this.stage, act)
    this.#count(before, await this.stage.look())
    if (branches.size > rescues && before.open !== null) this.#tally.answered(before.open, RESCUE.id)
    this.#judge(brokenAfterAct(this.stage))
  }

  /** Makes everything well, lets time pass until nothing is due, and ends the session. */
  async end(): Promise<void> {
    const { bench } = this.stage
    bench.dieAt(null)
    bench.host.isInMergeQueue = false
    await this.act({ do: 'well' })
    await this.act({ do: 'late_news' })
    await bench.deliver({
      kind: 'pull_request_touched',
      repository: bench.host.repository,
      number: bench.host.number,
    })
    await bench.rest()
    await this.stage.look()
    this.#judge(await brokenAtRest(this.stage))
    await this.act({ do: 'stop', by: 'alice' })
    await bench.rest()
    await this.stage.look()
    this.#judge(brokenWhenStopped(this.stage))
    this.#tally.cases += 1
  }

  async close(): Promise<void> {
    this.#tally.deaths += this.stage.bench.deaths
    await this.stage.bench.close()
  }

  /** Answers that were taken since. */
  #count(before: View, now: View): void {
    for (const decision of now.decisions) {
      const was = before.decisions.find(({ id }) => id === decision.id)
      if (decision.status === 'resolved' && was?.status !== 'resolved' && decision.answer !== null)
        this.#tally.answered(decision, decision.answer)
    }
  }

  #judge(broken: readonly string[]): void {
    const found = [...broken, ...this.#watch.breaches, ...this.stage.breaches]
    if (found.length === 0) return
    const troubles = this.stage.bench.log.troubles()
    throw new Error(
      `${[...new Set(found)].slice(0, 6).join('\n')}\nafter: ${this.#done.join(' | ')}\n${troubles}`,
    )
  }
}
