// Our side of every pair: the real embedded runner, called as a sync calls it. The only file here that knows the
// runner's orders. No database: the journal is not part of what is measured.

import { join } from 'node:path'
import { embeddedOptions } from '../../../test/support/embedded-runner.ts'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { toBranchName, toSha, type Sha } from '../../../src/domain/ids.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { planSync } from '../../../src/domain/sync/plan.ts'
import { mayContinueAfter, type StepOutcome } from '../../../src/domain/sync/step.ts'
import type { Runner, WorkspaceRef } from '../../../src/ports/runner.ts'
import type { Origin } from './origin.ts'
import type { StartingPoint } from './starting-point.ts'

const IDENTITY = { name: 'belay[bot]', email: '1+belay[bot]@users.noreply.github.com' }
const PROJECT = 'bench'
const SESSION = 'bench-1'
const FENCE = 1
const PREPARED_WITHIN_MS = 120_000

/** What the caller of a sync knows. */
export interface SyncOrder {
  readonly lastSynced: string
  /** The remote's head as a webhook named it. */
  readonly knownHead: string
  readonly pushPin?: boolean
}

/** How a sync ended. */
export interface SyncEnd {
  readonly case: string
  readonly outcomes: readonly StepOutcome[]
  /** The prefix of the pin, if one was made. */
  readonly pin: string
}

/** One runner with one session on the branch `work`. */
export class BelaySide {
  readonly tree: string
  readonly mirror: string
  /** Git processes since the list was emptied last, by command. */
  readonly processes: string[]
  readonly #runner: Runner
  readonly #workspace: WorkspaceRef
  #pins = 0n

  private constructor(home: string, parts: { runner: Runner; workspace: WorkspaceRef; processes: string[] }) {
    this.tree = join(home, 'sessions', SESSION, 'tree')
    this.mirror = join(home, 'mirrors', `${PROJECT}.git`)
    this.processes = parts.processes
    this.#runner = parts.runner
    this.#workspace = parts.workspace
  }

  /** Makes the runner and prepares the session; the mirror's first fetch is taken over when somebody made it before. */
  static async open(folder: string, origin: Origin, start: StartingPoint): Promise<BelaySide> {
    const home = join(folder, 'belay')
    const isFetched = await start.give('mirror', join(home, 'mirrors', `${PROJECT}.git`))
    const processes: string[] = []
    const setting = {
      home,
      gitBaseUrl: origin.baseUrl,
      agentsFile: null,
      isolation: { kind: 'none' },
      host: process.env,
      operatorHome: join(folder, 'operator'),
      onGitProcess: (command: string) => void processes.push(command),
    } as const
    const tokens = { tokenFor: () => Promise.resolve(origin.token) }
    const runner = await createEmbeddedRunner({ ...embeddedOptions(setting), tokens, remotes: 'http' })
    const { repository } = origin
    const branch = toBranchName(origin.branch)
    const workspace = { projectId: PROJECT, sessionId: SESSION, branch, baseRef: 'main', repository }
    const side = new BelaySide(home, { runner, workspace, processes })
    await side.#prepare(toSha(origin.tip))
    if (!isFetched) await start.keep('mirror', side.mirror)
    return side
  }

  async #prepare(head: Sha): Promise<void> {
    const reported = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('No workspace was prepared in time')),
        PREPARED_WITHIN_MS,
      )
      this.#runner.onReport(async (report) => {
        clearTimeout(timer)
        if (report.kind === 'workspace_prepared') resolve()
        else reject(new Error(`No workspace was prepared: ${JSON.stringify(report)}`))
        await Promise.resolve()
      })
    })
    const order = {
      workspace: this.#workspace,
      pipelineId: `${SESSION}.1`,
      identity: IDENTITY,
      head,
      fence: FENCE,
    }
    await this.#runner.prepare(order)
    await reported
  }

  /** Syncs once: inspect, name the case, plan, run the steps. Throws when the plan did not run to its end. */
  async sync(order: SyncOrder): Promise<SyncEnd> {
    this.processes.length = 0
    const lastSynced = toSha(order.lastSynced)
    const inspect = { workspace: this.#workspace, lastSynced, knownHead: toSha(order.knownHead) }
    const facts = await this.#runner.inspect(inspect)
    const policy = {
      push: false,
      onConflict: 'reset',
      choice: null,
      reviewed: null,
      askOnRewrite: false,
    } as const
    const name = classifyWorktree(facts, policy)
    this.#pins += 1n
    const prefix = pinPrefix({
      sessionId: SESSION,
      unixNs: 1_790_000_000_000_000_000n + this.#pins,
      random: 'bench',
    })
    const plan = planSync(name, facts, { policy, pushPin: order.pushPin ?? false, prefix })
    const outcomes: StepOutcome[] = []
    const steps = { workspace: this.#workspace, plan, identity: IDENTITY, fence: FENCE }
    for await (const { step, outcome } of this.#runner.execute(steps)) {
      outcomes.push(outcome)
      if (!mayContinueAfter(step, outcome))
        throw new Error(`${name}: ${step.kind} gave ${JSON.stringify(outcome)}`)
    }
    return { case: name, outcomes, pin: prefix }
  }

  async close(): Promise<void> {
    await this.#runner.close()
  }
}
