// Plays one random case from its first step to the last sweep, and throws when a law was broken.

import type { ChangeLogRow } from '../database-reader.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import { seededRandom } from '../fake-github/seeded-random.ts'
import type { Random } from '../fake-github/planted.ts'
import { Actor, playAct } from './acts.ts'
import type { MirrorBench } from './bench.ts'
import { ExpectedMirror } from './expected.ts'
import { plantFault } from './faults.ts'
import { eventBreaches, logBreaches, rowBreaches, viewBreaches, type RowHistory } from './laws.ts'
import { Post } from './post.ts'
import { startProgram, type Program, type ProgramOptions, type SeenRead } from './program.ts'
import type { MirrorCase, Step } from './story.ts'
import type { Tally } from './tally.ts'
import { expectedView, storedView, trueView, type Depth } from './views.ts'

/** Between two things on GitHub lies a second, the finest that GitHub tells times in. */
const STEP_MS = 1_000
/** Every limit is over by then. */
const LIMITS_OVER_MS = 61 * 60_000
const DAY_MS = 25 * 60 * 60_000

/** More would tell nothing new. */
const MOST_BREACHES = 12

/** Where a case is played. */
export interface Stage {
  readonly bench: MirrorBench
  readonly tally: Tally
  /** A mistake to be found. */
  readonly spoil?: ProgramOptions['spoil']
}

/** Plays a case on pull requests that nobody used before. */
export async function playMirrorCase(
  stage: Stage,
  prs: readonly FakePullRequest[],
  order: MirrorCase,
): Promise<void> {
  const { bench, tally } = stage
  tally.cases += 1
  const play = new Play(stage, prs, order)
  await bench.mirror(prs)
  try {
    await play.run()
  } finally {
    await play.end()
  }
}

class Play {
  readonly #stage: Stage
  readonly #actors: readonly Actor[]
  readonly #order: MirrorCase
  readonly #random: Random
  readonly #post: Post
  readonly #expected: ReadonlyMap<number, ExpectedMirror>
  readonly #histories: ReadonlyMap<number, Record<string, unknown>[]>
  #program: Program | null = null
  #hasLagged = false
  #log: readonly ChangeLogRow[] = []

  constructor(stage: Stage, prs: readonly FakePullRequest[], order: MirrorCase) {
    this.#stage = stage
    this.#order = order
    this.#random = seededRandom(order.seed)
    this.#actors = prs.map((pr) => new Actor(pr))
    this.#expected = new Map(prs.map(({ number }) => [number, new ExpectedMirror()]))
    this.#histories = new Map(prs.map((pr) => [pr.number, [momentOf(pr)]]))
    this.#post = new Post(stage.bench, order, { random: this.#random, tally: stage.tally })
  }

  async run(): Promise<void> {
    const { bench, tally, spoil } = this.#stage
    this.#program = await startProgram(bench, {
      onRead: (read) => this.#see(read),
      onOutcome: (kind) => tally.read(kind),
      ...(spoil === undefined ? {} : { spoil }),
    })
    for (const step of this.#order.steps) await this.#play(step)
    await this.#post.deliverAll()
    await this.#sweepLightly()
    await this.#sweepWholly()
    await this.#expectSilence()
  }

  async end(): Promise<void> {
    const { bench } = this.#stage
    this.#post.stop()
    this.#calmDown()
    await bench.forget(this.#actors.map(({ pr }) => pr))
    // What is left belongs to this story: nobody may find it in the next one.
    await this.#program?.rest()
    await this.#program?.close()
  }

  #calmDown(): void {
    const { bench } = this.#stage
    bench.github.faults.clear()
    bench.advance(LIMITS_OVER_MS)
  }

  #see(read: SeenRead): void {
    const { tally } = this.#stage
    const { threads, reviews, checks } = read.observation
    const expected = this.#expected.get(read.number)
    expected?.take(read)
    for (const { completeness } of [threads, reviews, checks])
      if (completeness !== 'complete') tally.read(completeness)
  }

  async #play(step: Step): Promise<void> {
    const { bench, tally } = this.#stage
    switch (step.do) {
      case 'fault':
        this.#hasLagged ||= step.fault === 'lagging_read'
        tally.fault(step.fault)
        return plantFault(bench, step, this.#random)
      case 'deliver':
        await this.#post.deliver(step.count)
        return this.#program?.settle()
      case 'wait':
        bench.advance(step.ms)
        return this.#program?.settle()
      case 'sweep':
        await this.#program?.sweep()
        return this.#program?.settle()
      default:
        return this.#act(step)
    }
  }

  async #act(step: Exclude<Step, { readonly do: 'fault' | 'deliver' | 'wait' | 'sweep' }>): Promise<void> {
    const actor = this.#actors[step.pr % this.#actors.length]
    if (actor === undefined) return
    this.#stage.bench.advance(STEP_MS)
    this.#stage.tally.act(step.do, await playAct(step.do, actor, step))
    for (const { pr } of this.#actors) this.#histories.get(pr.number)?.push(momentOf(pr))
    this.#post.collect()
  }

  /** Soon after the story: everything that a light look can show is as it is. */
  async #sweepLightly(): Promise<void> {
    await this.#program?.rest()
    this.#calmDown()
    const before = await this.#rowsOfLog()
    await this.#sweep()
    this.#stage.tally.sweep((await this.#rowsOfLog()).length > before.length ? 'light_found' : 'light_idle')
    // A read that lags behind the look before it passes for what was looked at; the daily read heals it.
    if (!this.#hasLagged) await this.#expectTruth('seen')
  }

  /** A day later everything is read, and is as it is. */
  async #sweepWholly(): Promise<void> {
    const before = await this.#rowsOfLog()
    this.#stage.bench.advance(DAY_MS)
    await this.#sweep()
    this.#log = await this.#rowsOfLog()
    this.#stage.tally.sweep(this.#log.length > before.length ? 'whole_found' : 'whole_idle')
    await this.#expectTruth('whole')
    this.#throwIf([
      ...logBreaches(before, this.#log),
      ...this.#actors.flatMap(({ pr }) => this.#tellBreaches(pr)),
    ])
    for (const { type } of this.#log) this.#stage.tally.event(type)
  }

  /** Webhooks that come too late, and another whole sweep, find nothing. */
  async #expectSilence(): Promise<void> {
    await this.#post.deliverLate()
    await this.#program?.rest()
    this.#stage.bench.advance(DAY_MS)
    await this.#sweep()
    const after = await this.#rowsOfLog()
    const more = after.slice(this.#log.length).map((row) => `Told with nothing new: ${JSON.stringify(row)}`)
    this.#throwIf([...logBreaches(this.#log, after), ...more])
    await this.#expectTruth('whole')
  }

  async #sweep(): Promise<void> {
    await this.#program?.sweep()
    await this.#program?.rest()
  }

  async #expectTruth(depth: Depth): Promise<void> {
    const store = this.#program?.deps.store
    if (store === undefined) return
    for (const { pr } of this.#actors) {
      const stored = await storedView(store, pr.number, depth)
      this.#throwIf(viewBreaches(`Against the truth (${depth})`, stored, await trueView(pr, depth)))
      const expected = this.#expected.get(pr.number)
      if (expected === undefined || depth === 'seen') continue
      this.#throwIf(viewBreaches('Against the reads', stored, expectedView(expected)))
    }
  }

  #tellBreaches(pr: FakePullRequest): readonly string[] {
    const rows = this.#log.filter(({ prNumber }) => prNumber === pr.number)
    const expected = this.#expected.get(pr.number)
    const history: RowHistory = this.#histories.get(pr.number) ?? []
    if (expected === undefined) return []
    return [...eventBreaches(rows, expected), ...rowBreaches(rows, history)]
  }

  async #rowsOfLog(): Promise<readonly ChangeLogRow[]> {
    const numbers = this.#actors.map(({ pr }) => pr.number)
    const rows = await this.#stage.bench.reader.changeLog()
    return rows.filter(({ prNumber }) => prNumber !== null && numbers.includes(prNumber))
  }

  #throwIf(breaches: readonly string[]): void {
    if (breaches.length === 0) return
    throw new Error(breaches.slice(0, MOST_BREACHES).join('\n'))
  }
}

/** The columns of a pull request's row that the change log tells of and a story moves. */
function momentOf(pr: FakePullRequest): Record<string, unknown> {
  return {
    title: pr.title,
    is_draft: pr.isDraft ? 1 : 0,
    head_sha: pr.headSha,
    base_ref: pr.baseBranch,
    base_sha: pr.baseSha,
  }
}
