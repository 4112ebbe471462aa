// A runner on a temporary disk with one origin, for tests of what a runner does. No GitHub, no database.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Isolation } from '../../src/domain/config/operator-config.ts'
import type { RunnerReport } from '../../src/domain/events.ts'
import { toBranchName, toSha, type RefName, type Sha } from '../../src/domain/ids.ts'
import { pinPrefix } from '../../src/domain/sync/pin.ts'
import type { InspectedWorktree } from '../../src/domain/sync/facts.ts'
import type { StepOutcome, SyncStep } from '../../src/domain/sync/step.ts'
import type { AttemptOrder, Runner, WorkspaceRef } from '../../src/ports/runner.ts'
import { eventually } from './eventually.ts'
import { makeTempFolder, removeTempFolder, TempOrigin } from './temp-repo.ts'

/** What a transport needs to make a runner. */
export interface RunnerSetting {
  readonly home: string
  readonly gitBaseUrl: string
  readonly agentsFile: string | null
  readonly isolation: Isolation
  readonly host: Readonly<Record<string, string | undefined>>
  readonly operatorHome: string
  readonly onGitProcess: (command: string) => void
}

export type MakeRunner = (setting: RunnerSetting) => Promise<Runner>

export interface WorldOptions {
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** The text of the operator's agents file. */
  readonly agents?: string
  readonly isolation?: Isolation
  readonly host?: Readonly<Record<string, string | undefined>>
}

export const IDENTITY = { name: 'belay[bot]', email: '1+belay[bot]@users.noreply.github.com' }
export const BRANCH = toBranchName('work')

/** One runner, one origin, any number of sessions. */
export class RunnerWorld {
  readonly folder: string
  readonly home: string
  readonly origin: TempOrigin
  readonly runner: Runner
  readonly reports: RunnerReport[] = []
  /** Every git process so far, by command. */
  readonly gitCommands: string[]
  /** Makes one more runner on the same disk, as the next start of the program does. */
  readonly again: () => Promise<Runner>
  #pins = 0

  private constructor(
    parts: Pick<RunnerWorld, 'folder' | 'home' | 'origin' | 'runner' | 'gitCommands' | 'again'>,
  ) {
    this.folder = parts.folder
    this.home = parts.home
    this.origin = parts.origin
    this.runner = parts.runner
    this.gitCommands = parts.gitCommands
    this.again = parts.again
    this.runner.onReport(async (report) => {
      this.reports.push(report)
      await Promise.resolve()
    })
  }

  static async create(makeRunner: MakeRunner, options: WorldOptions = {}): Promise<RunnerWorld> {
    const folder = await makeTempFolder()
    const origin = await TempOrigin.create(join(folder, 'remote'), options.files ?? START_FILES)
    const home = join(folder, 'belay')
    const gitCommands: string[] = []
    const agentsFile = options.agents === undefined ? null : join(folder, 'agents.yml')
    if (agentsFile !== null) await writeFile(agentsFile, options.agents ?? '')
    const again = (): Promise<Runner> => makeRunner(setting)
    const setting: RunnerSetting = {
      home,
      gitBaseUrl: `file://${join(folder, 'remote')}`,
      agentsFile,
      isolation: options.isolation ?? { kind: 'none' },
      host: options.host ?? process.env,
      operatorHome: join(folder, 'operator'),
      onGitProcess: (command) => gitCommands.push(command),
    }
    return new RunnerWorld({ folder, home, origin, runner: await makeRunner(setting), gitCommands, again })
  }

  async close(): Promise<void> {
    await this.runner.close()
    await removeTempFolder(this.folder)
  }

  workspace(sessionId = 'rope-1'): WorkspaceRef {
    return {
      projectId: 'rope',
      sessionId,
      branch: BRANCH,
      baseRef: 'main',
      repository: { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' },
    }
  }

  tree(sessionId = 'rope-1'): string {
    return join(this.home, 'sessions', sessionId, 'tree')
  }

  get mirror(): string {
    return join(this.home, 'mirrors', 'rope.git')
  }

  /** Prepares a session and waits for the report. */
  async prepare(sessionId = 'rope-1', fence = 1): Promise<RunnerReport> {
    const before = this.reports.length
    const head = toSha((await this.origin.ref('refs/heads/work')) ?? '')
    const workspace = this.workspace(sessionId)
    await this.runner.prepare({ workspace, pipelineId: `${sessionId}.1`, identity: IDENTITY, head, fence })
    return eventually(
      () => this.reports.slice(before).find((report) => report.kind.startsWith('workspace_')),
      { what: 'the report on the workspace' },
    )
  }

  /** Inspects; throws when the worktree could not be looked into. */
  async inspect(lastSynced: Sha | null, sessionId = 'rope-1'): Promise<InspectedWorktree> {
    const facts = await this.runner.inspect({ workspace: this.workspace(sessionId), lastSynced })
    if (facts.kind !== 'inspected') throw new Error(`Not inspected: ${JSON.stringify(facts)}`)
    return facts
  }

  /** Runs steps; returns the outcomes of those that ran. */
  async execute(plan: readonly SyncStep[], sessionId = 'rope-1', fence = 1): Promise<readonly StepOutcome[]> {
    const outcomes: StepOutcome[] = []
    const order = { workspace: this.workspace(sessionId), plan, identity: IDENTITY, fence }
    for await (const { outcome } of this.runner.execute(order)) outcomes.push(outcome)
    return outcomes
  }

  /** Runs one step and returns its outcome. */
  async run(step: SyncStep, sessionId = 'rope-1'): Promise<StepOutcome> {
    const [outcome] = await this.execute([step], sessionId)
    if (outcome === undefined) throw new Error('The step did not run')
    return outcome
  }

  /** A prefix no pin has yet. */
  prefix(sessionId = 'rope-1'): RefName {
    this.#pins += 1
    return pinPrefix({ sessionId, unixNs: 1_790_000_000_000_000_000n + BigInt(this.#pins), random: 'test' })
  }

  attempt(overrides: Partial<AttemptOrder> = {}): AttemptOrder {
    return {
      workspace: this.workspace(),
      attemptId: 'rope-1.1.implement.1',
      agent: 'scripted',
      phase: 'implement',
      role: 'producer',
      place: { kind: 'worktree' },
      prNumber: 7,
      prompt: 'Climb.',
      runEpoch: 1,
      timeoutMs: 60_000,
      silenceMs: 60_000,
      fence: 1,
      ...overrides,
    }
  }

  /** Waits for the end of an attempt. */
  async ended(attemptId = 'rope-1.1.implement.1'): Promise<Extract<RunnerReport, { kind: 'attempt_ended' }>> {
    const ends = (): Extract<RunnerReport, { kind: 'attempt_ended' }> | undefined =>
      this.reports
        .flatMap((report) =>
          report.kind === 'attempt_ended' && report.attemptId === attemptId ? [report] : [],
        )
        .at(0)
    return eventually(ends, { what: `the end of ${attemptId}` })
  }
}

export const START_FILES = {
  'README.md': 'A rope\n',
  'src/knot.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n',
  'src/other.txt': 'other\n',
  '.gitignore': '*.ignored\n',
}
