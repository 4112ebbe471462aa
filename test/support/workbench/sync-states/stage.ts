// Where the state of a sync is made and met: one idle session with a worktree of its own, on a workbench. The sync runs
// as the session's lane would run it, with the wishes the scenario names. Knows no state and asserts nothing.

import type {
  Backup,
  JournalledSync,
  Pipeline,
  Session,
  SyncStepRow,
} from '../../../../src/domain/records.ts'
import { isAboutSync, type SyncQuestion } from '../../../../src/domain/decision/subject.ts'
import { prLane } from '../../../../src/domain/ids.ts'
import { caseSpec } from '../../../../src/domain/sync/case.ts'
import type { SyncChoice } from '../../../../src/domain/sync/policy.ts'
import type { JobLane } from '../../../../src/workflows/deps.ts'
import { openDecision } from '../../../../src/workflows/open-decision.ts'
import { findNewestPipeline, loadSession } from '../../../../src/workflows/queries.ts'
import { isSync, type SyncReport } from '../../../../src/workflows/sync-operation.ts'
import { syncWorktree } from '../../../../src/workflows/sync-worktree.ts'
import type { FakePullRequest, FileChanges } from '../../fake-github/index.ts'
import { gitDirectoryOf, headCommitOf } from '../../git-files.ts'
import { git, writeFiles } from '../../temp-repo.ts'
import type { LogLine } from '../captured-log.ts'
import { playAttempt } from '../scenes.ts'
import type { Workbench } from '../workbench.ts'

export interface Stage {
  readonly bench: Workbench
  readonly pr: FakePullRequest
  readonly session: Session
  readonly branch: string
  /** The worktree. */
  readonly tree: string
  readonly mirror: string
  /** Where branch and remote were when the session became idle. */
  readonly start: string
}

/** What the sync is asked for. */
export interface SyncWish {
  readonly push?: boolean
  readonly choice?: SyncChoice
  readonly askOnRewrite?: boolean
  readonly onConflict?: 'pause'
}

/** One round of a sync with what was written down about it. */
export interface Round {
  readonly operation: JournalledSync
  readonly steps: readonly SyncStepRow[]
  readonly backups: readonly Backup[]
  readonly line: LogLine | undefined
}

export interface Ending {
  readonly report: SyncReport
  /** Every round, the last one last. */
  readonly rounds: readonly Round[]
  readonly question: SyncQuestion | null
}

/** Makes an idle session; from then on nothing about its pull request reaches the program but what the scenario does. */
export async function setStage(bench: Workbench, branch: string): Promise<Stage> {
  bench.github.faults.clear()
  const { pr, session } = await playAttempt(bench, branch)
  for (const event of ['push', 'pull_request']) bench.github.faults.drop({ event, times: 1000 })
  const tree = bench.tree(session.id)
  const start = await headCommitOf(tree)
  return { bench, pr, session, branch, tree, mirror: bench.mirror(session.projectId), start }
}

/** A try at which no failure is left to a later try. */
const LAST_TRY = 5

/** Syncs, opens the question if there is one, and returns everything that was written down. */
export async function runSync(stage: Stage, wish: SyncWish = {}): Promise<Ending> {
  const { bench, session } = stage
  const { deps, store } = bench
  const context = await loadSession(store, session.id)
  const pipeline = await wishedPipeline(stage, wish)
  const earlier = await store.list('syncOperations', { sessionId: session.id })
  const mark = bench.log.lines.length
  const { push = false, choice, askOnRewrite = false } = wish
  const lane = await laneOf(stage)
  const order = { context, pipeline, trigger: 'command', push, choice, askOnRewrite, lane } as const
  const report = await syncWorktree(deps, order)
  const asked = { context, pipeline, report, moment: 'phase_start' } as const
  const changes = caseSpec(report.case).mayGoOn ? report.changes : await openDecision(deps, asked)
  const outcome = await store.commit(changes, lane)
  if (outcome.kind !== 'committed') throw new Error(`The sync was not stored: ${JSON.stringify(outcome)}`)
  const operations = await store.list('syncOperations', { sessionId: session.id })
  const lines = bench.log.lines.slice(mark).filter(({ message }) => message === 'worktree_sync_outcome')
  const rounds = operations.filter(isSync).slice(earlier.filter(isSync).length)
  const question = await store.find('decisions', { sessionId: session.id, status: 'pending' })
  return {
    report,
    rounds: await Promise.all(rounds.map((operation, place) => roundOf(stage, operation, lines[place]))),
    question: question !== null && isAboutSync(question) ? question : null,
  }
}

async function roundOf(
  { bench: { store } }: Stage,
  operation: JournalledSync,
  line: LogLine | undefined,
): Promise<Round> {
  const steps = await store.list('syncSteps', { operationId: operation.id })
  const backups = await store.list('backups', { operationId: operation.id })
  return { operation, line, backups, steps: steps.toSorted((a, b) => a.position - b.position) }
}

async function wishedPipeline({ bench, session }: Stage, { onConflict }: SyncWish): Promise<Pipeline> {
  const pipeline = await findNewestPipeline(bench.store, session.id)
  if (pipeline === null) throw new Error(`${session.id} has no pipeline`)
  if (onConflict === undefined) return pipeline
  return { ...pipeline, config: { ...pipeline.config, sync: { ...pipeline.config.sync, onConflict } } }
}

/** The lane as its last holder left it: nobody else works in it now. */
async function laneOf({ bench, pr }: Stage): Promise<JobLane> {
  const key = prLane(bench.repo.id, pr.number)
  const [row] = await bench.reader.query(`SELECT fence FROM lanes WHERE key = '${key}'`)
  return { key, fence: Number(row?.['fence']), attempt: LAST_TRY }
}

/** Pushes to the branch in alice's name; returns the commit. */
export async function remotePush(stage: Stage, files: FileChanges, more: RemoteMove = {}): Promise<string> {
  const sha = await stage.bench.repo.push({ by: 'alice', branch: stage.branch, files, ...more })
  if (sha === undefined) throw new Error(`${stage.branch} is on no commit`)
  return sha
}

export interface RemoteMove {
  readonly amend?: boolean
  readonly force?: boolean
  readonly message?: string
  readonly onto?: string
}

/** Puts the remote branch on a commit. */
export async function remoteTo({ bench, branch }: Stage, to: string): Promise<void> {
  await bench.repo.push({ by: 'alice', branch, to, force: true })
}

/** Commits files in the worktree as its agent would; returns the commit. */
export async function ownCommit(
  { tree }: Pick<Stage, 'tree'>,
  files: Readonly<Record<string, string>>,
  message = `Change ${Object.keys(files).join(', ')}`,
): Promise<string> {
  await writeFiles(tree, files)
  if (Object.keys(files).length > 0) await git(tree, 'add', '--force', '--', ...Object.keys(files))
  await git(tree, 'commit', '--quiet', '--allow-empty', `--message=${message}`)
  return headCommitOf(tree)
}

/** Returns where the remote branch is, or undefined when it is gone. */
export function remoteHead({ bench, branch }: Stage): Promise<string | undefined> {
  return bench.repo.git.resolve(`refs/heads/${branch}`)
}

/** Returns a folder or file of the session's own repository. */
export async function inRepository({ tree }: Stage, name: string): Promise<string> {
  return `${await git(tree, 'rev-parse', '--path-format=absolute', '--git-common-dir')}/${name}`
}

/** Returns a file of the worktree's own git directory. */
export async function inGitDirectory({ tree }: Stage, name: string): Promise<string> {
  return `${await gitDirectoryOf(tree)}/${name}`
}
