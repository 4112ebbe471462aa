// What must hold after everything the program did, whatever happened before. Each law returns its breaches in words.

import { readdir } from 'node:fs/promises'
import type { Decision, JournalledSync, SyncOperation } from '../../../src/domain/records.ts'
import { caseSpec } from '../../../src/domain/sync/case.ts'
import { tryGit } from '../temp-repo.ts'
import type { Workbench } from '../workbench/workbench.ts'
import type { PersonWithClone } from './remote-moves.ts'
import type { WorktreePlaces } from './worktree-states.ts'

/** What was true before the program acted. */
export interface Before {
  readonly pins: ReadonlyMap<string, string>
  /** How many syncs were journalled. */
  readonly syncs: number
  /** Paths of tracked files that differed from HEAD. */
  /** Null when the worktree was not there to be looked at. */
  readonly dirty: readonly string[] | null
}

/** Everything the laws look at. */
export interface After {
  readonly bench: Workbench
  readonly sessionId: string
  readonly places: WorktreePlaces
  readonly carol: PersonWithClone
  readonly before: Before
  readonly pins: ReadonlyMap<string, string>
  /** Whether somebody else worked in the worktree meanwhile, an agent or whoever was faster. */
  readonly isDisturbed: boolean
}

/** Returns every breach of every law. */
export async function breaches(after: After): Promise<readonly string[]> {
  const { bench, sessionId } = after
  const operations = await bench.store.list('syncOperations', { sessionId })
  const syncs = operations.filter(isSync)
  const decisions = await bench.store.list('decisions', { sessionId })
  return [
    ...brokenPins(after),
    ...(await brokenRemote(after)),
    ...unfinished(operations),
    ...brokenQuestions(after, syncs, decisions),
    ...(await halfDone(after, syncs)),
  ]
}

/** Tells whether the operation is a sync, which ends with a case. */
export function isSync(operation: SyncOperation): operation is JournalledSync {
  return operation.purpose === 'sync'
}

/** A pin is never moved and never dropped. */
function brokenPins({ before, pins }: After): readonly string[] {
  return [...before.pins]
    .filter(([ref, oid]) => pins.get(ref) !== oid)
    .map(([ref]) => `The pin ${ref} was moved or dropped.`)
}

/** What a person put on the branch stays; what a person took away does not come back. */
async function brokenRemote({ bench, carol }: After): Promise<readonly string[]> {
  const tip = await carol.tip()
  const { git } = bench.repo
  if (carol.expected === null)
    return tip === null || carol.mayComeBack ? [] : [`The deleted branch was made again at ${tip}.`]
  if (tip === null) return ['The branch was deleted on the remote.']
  const isKept = await git.isAncestor(carol.expected, tip)
  const there = new Set((await git.run(['rev-list', tip])).split('\n'))
  const back = [...carol.removed].filter((commit) => there.has(commit))
  return [
    ...(isKept ? [] : [`The branch was moved from ${carol.expected} to ${tip}.`]),
    ...back.map((commit) => `The commit ${commit}, which a person took away, is on the branch again.`),
  ]
}

function unfinished(operations: readonly SyncOperation[]): readonly string[] {
  return operations
    .filter(({ state }) => state === 'planned' || state === 'running')
    .map(
      ({ id, case: name, purpose, state }) => `The operation ${id} (${name ?? purpose}) is still ${state}.`,
    )
}

function brokenQuestions(
  { before }: After,
  operations: readonly JournalledSync[],
  decisions: readonly Decision[],
): readonly string[] {
  const open = decisions.filter(({ status }) => status === 'pending')
  const last = operations.at(-1)
  const isNew = operations.length > before.syncs
  const owesQuestion = isNew && last !== undefined && caseSpec(last.case).opens !== null
  const ended = decisions.filter(
    ({ status, answer, cancelReason }) => status !== 'pending' && answer === null && cancelReason === null,
  )
  return [
    ...(open.length > 1 ? [`${open.length} questions are open.`] : []),
    ...(owesQuestion && open.length === 0 ? [`Nobody was asked about ${last.case}.`] : []),
    ...ended.map(({ id, status }) => `The question ${id} is ${status}, without an answer and a reason.`),
  ]
}

/** A sync that says "go on" leaves a worktree one can work in. */
async function halfDone(after: After, operations: readonly JournalledSync[]): Promise<readonly string[]> {
  const last = operations.at(-1)
  if (last === undefined || operations.length === after.before.syncs || !caseSpec(last.case).mayGoOn)
    return []
  const { places } = after
  const looked = await lookAt(places)
  const { dirty } = after.before
  const fresh =
    after.isDisturbed || dirty === null ? [] : looked.dirty.filter((path) => !dirty.includes(path))
  const head = await headLaw(after, last)
  return [
    ...(looked.branch === places.branch ? [] : [`HEAD is on "${looked.branch}".`]),
    ...looked.leftovers.map((name) => `${name} lies in the git directory.`),
    ...looked.unmerged.map((path) => `${path} is in conflict.`),
    ...fresh.map((path) => `${path} differs from HEAD and did not before.`),
    ...head,
  ].map((breach) => `After ${last.case}: ${breach}`)
}

const AT_REMOTE: ReadonlySet<string> = new Set([
  'already_in_sync',
  'fast_forwarded',
  'fast_forwarded_dirty',
  'already_upstream',
  'adopted_rewind',
  'reset_succeeded',
  'local_ahead_discarded',
])

async function headLaw(
  { bench, carol, places, isDisturbed }: After,
  last: JournalledSync,
): Promise<readonly string[]> {
  const { remote } = last.facts
  if (isDisturbed || remote.kind !== 'fetched') return []
  const { stdout } = await tryGit({ cwd: places.gitDir, args: ['rev-parse', 'HEAD'] })
  const head = stdout.toString().trim()
  if (last.case === 'local_ahead_pushed') {
    const isThere = await bench.repo.git.isAncestor(head, (await carol.tip()) ?? head)
    return isThere ? [] : [`HEAD is ${head}, which is not on the remote.`]
  }
  return !AT_REMOTE.has(last.case) || head === remote.head
    ? []
    : [`HEAD is ${head}, the remote was at ${remote.head}.`]
}

interface Looked {
  readonly branch: string
  /** Names of half-done operations and locks. */
  readonly leftovers: readonly string[]
  readonly unmerged: readonly string[]
  readonly dirty: readonly string[]
}

const HALF_DONE =
  /^(?:rebase-merge|rebase-apply|MERGE_HEAD|CHERRY_PICK_HEAD|REVERT_HEAD|BISECT_LOG|sequencer)$|\.lock$/u

async function lookAt({ tree, gitDir }: WorktreePlaces): Promise<Looked> {
  const head = await tryGit({ cwd: gitDir, args: ['symbolic-ref', '--quiet', '--short', 'HEAD'] })
  const names = await readdir(gitDir)
  const unmerged = await tryGit({ cwd: gitDir, args: ['ls-files', '--unmerged', '-z'] })
  return {
    branch: head.stdout.toString().trim(),
    leftovers: names.filter((name) => HALF_DONE.test(name)),
    unmerged: unmerged.stdout.toString().split('\0').filter(Boolean),
    dirty: await dirtyPaths(tree),
  }
}

/** Returns the tracked paths that differ from HEAD; none when git can not say. A file that only git's filters change does not. */
export async function dirtyPaths(tree: string): Promise<readonly string[]> {
  const args = ['--no-optional-locks', 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=no']
  const { stdout } = await tryGit({ cwd: tree, args }).catch(() => ({ stdout: Buffer.alloc(0) }))
  const records = stdout.toString().split('\0').filter(Boolean)
  const found = await Promise.all(
    records.map(async (record) => ({
      path: record.slice(3),
      isSame: record.startsWith(' M') && (await isAsCommitted(tree, record.slice(3))),
    })),
  )
  return found.filter(({ isSame }) => !isSame).map(({ path }) => path)
}

async function isAsCommitted(tree: string, path: string): Promise<boolean> {
  const file = await tryGit({ cwd: tree, args: ['hash-object', '--no-filters', '--', path] })
  const blob = await tryGit({ cwd: tree, args: ['rev-parse', '--verify', '--quiet', `HEAD:${path}`] })
  return file.exitCode === 0 && file.stdout.equals(blob.stdout)
}
