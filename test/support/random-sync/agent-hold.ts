// Agents that wait in their worktree until the case lets them go, so that what is done there meanwhile is theirs.

import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Session } from '../../../src/domain/records.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import { eventually } from '../eventually.ts'
import type { Workbench } from '../workbench/workbench.ts'

const MOST_ATTEMPTS = 40

/** The agents of one pull request. */
export class AgentHold {
  readonly #bench: Workbench
  readonly #pr: FakePullRequest

  constructor(bench: Workbench, pr: FakePullRequest) {
    this.#bench = bench
    this.#pr = pr
  }

  /** Every attempt waits, then ends with one of the exit codes, in turn. */
  async script(exits: readonly number[]): Promise<void> {
    const attempts = Array.from({ length: MOST_ATTEMPTS }, (_, at) => [
      { do: 'meet', name: 'hold' } as const,
      { do: 'exit', code: exits[at % exits.length] ?? 0 } as const,
    ])
    await this.#bench.story.script(this.#pr.number, attempts)
  }

  /** Returns the number of the attempt that waits, or null when no agent is at work. Waits for one that is on its way. */
  async held(session: Session | null): Promise<number | null> {
    if (session === null || !(await this.#isRunning(session))) return null
    const found = await eventually(() => this.#find(session), {
      what: 'the agent waits or has ended',
      explain: () => this.#bench.log.troubles(),
    })
    return found === 'ended' ? null : found
  }

  /** Lets the attempt end and waits until the program knows. */
  async letGo(attempt: number): Promise<void> {
    const before = this.#ends()
    await this.#bench.story.letGo({ pr: this.#pr.number, attempt }, 'hold')
    await eventually(() => this.#ends() > before, { what: `the end of attempt ${attempt} is reported` })
  }

  /** Returns whether no agent is on its way to its end: none runs, or one waits. */
  async isQuiet(session: Session | null): Promise<boolean> {
    if (session === null || !(await this.#isRunning(session))) return true
    return (await this.held(session)) !== null
  }

  #ends(): number {
    return this.#bench.watch.reports.filter(({ kind }) => kind === 'attempt_ended').length
  }

  async #isRunning({ id: sessionId }: Session): Promise<boolean> {
    const open = await this.#bench.store.list('attempts', { sessionId, status: ['starting', 'running'] })
    return open.length > 0
  }

  async #find(session: Session): Promise<number | 'ended' | null> {
    if (!(await this.#isRunning(session))) return 'ended'
    const [last] = await this.#bench.store.list('attempts', { sessionId: session.id, status: ['running'] })
    const isStopped = this.#bench.watch.reports.some(
      (report) => report.kind === 'attempt_ended' && report.attemptId === last?.id,
    )
    if (isStopped) return 'ended'
    const folder = join(dirname(this.#bench.story.agentsFile), `pr-${this.#pr.number}`)
    const alive = new Set(await this.#bench.story.runningAgents())
    for (const name of await readdir(folder).catch(() => [])) {
      const attempt = /^attempt-(\d+)$/u.exec(name)?.[1]
      if (attempt === undefined) continue
      const pid = Number(await readFile(join(folder, name, 'pid'), 'utf8').catch(() => '0'))
      const waits = (await readdir(join(folder, name))).includes('reached-hold')
      if (waits && alive.has(pid)) return Number(attempt)
    }
    return null
  }
}
