// The states a worktree can be left in, made with real git. What git refuses in the present state does not happen.

import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tryGit } from '../temp-repo.ts'
import { changeFiles, pathAt, type Ink } from './file-changes.ts'
import { answerOf, makeOwnCommit, stage, succeeds } from './own-commits.ts'
import type { FileChange, WorktreeState } from './operations.ts'

/** Where the worktree of a session is, whatever became of it. */
export interface WorktreePlaces {
  readonly tree: string
  readonly repository: string
  /** HEAD, index and half-done operations. */
  readonly gitDir: string
  readonly branch: string
}

export interface Disturbance {
  readonly places: WorktreePlaces
  readonly state: WorktreeState
  readonly changes: readonly FileChange[]
  readonly ink: Ink
}

/** Returns whether the worktree is in that state now. */
export async function disturb(order: Disturbance): Promise<boolean> {
  return MAKERS[order.state](order)
}

type Maker = (order: Disturbance) => Promise<boolean>

const MAKERS: Readonly<Record<WorktreeState, Maker>> = {
  unstaged: async ({ places, changes, ink }) => (await changeFiles(places.tree, changes, ink)).length > 0,
  staged: (order) => makeOwnCommit({ ...order, tree: order.places.tree, as: 'staged_only' }),
  async staged_and_edited({ places: { tree }, changes, ink }) {
    await stage(tree, await changeFiles(tree, changes, ink))
    const edits = changes.map((change) => ({ ...change, kind: 'edit' as const }))
    return (await changeFiles(tree, edits, ink)).length > 0
  },
  untracked: ({ places, changes, ink }) =>
    write(places.tree, `untracked-${pathAt(changes[0]?.at ?? 0).replace('/', '-')}`, ink),
  ignored: ({ places, changes, ink }) => write(places.tree, pathAt(6 + ((changes[0]?.at ?? 0) % 2)), ink),
  async intent_to_add({ places: { tree }, ink }) {
    return (
      (await write(tree, 'intended.txt', ink)) && succeeds(tree, ['add', '--intent-to-add', 'intended.txt'])
    )
  },
  conflicted_index: makeConflictedIndex,
  assume_unchanged: (order) => hideEdit(order, '--assume-unchanged'),
  skip_worktree: (order) => hideEdit(order, '--skip-worktree'),
  async sparse_checkout({ places: { tree }, changes, ink }) {
    await stage(tree, await changeFiles(tree, changes, ink))
    return succeeds(tree, ['sparse-checkout', 'set', '--no-cone', '/a.txt'])
  },
  converted_line_ends: commitRawLineEnds,
  merge: (order) => leaveHalfDone(order, (side) => ['merge', '--no-edit', side]),
  rebase: (order) => leaveHalfDone(order, (side) => ['rebase', side]),
  cherry_pick: (order) => leaveHalfDone(order, (side) => ['cherry-pick', side]),
  async revert(order) {
    const { tree } = order.places
    if (!(await makeOwnCommit({ ...order, tree, as: 'plain' }))) return false
    const edits = order.changes.map((change) => ({ ...change, kind: 'replace' as const }))
    if (!(await makeOwnCommit({ ...order, tree, as: 'plain', changes: edits }))) return false
    return !(await succeeds(tree, ['revert', '--no-edit', 'HEAD~1']))
  },
  async am({ places: { tree }, ink }) {
    const patch = await answerOf(tree, ['format-patch', '-1', '--stdout', 'HEAD'])
    if (patch === null || patch === '') return false
    const input = `${patch.replaceAll(/^ .*$/gmu, (line) => ` ${ink.next(line)}`)}\n`
    return (await tryGit({ cwd: tree, args: ['am'], input })).exitCode !== 0
  },
  bisect: ({ places }) => succeeds(places.tree, ['bisect', 'start']),
  detached: ({ places }) => succeeds(places.tree, ['checkout', '--quiet', '--detach']),
  async detached_with_commit(order) {
    const { tree } = order.places
    return (
      (await succeeds(tree, ['checkout', '--quiet', '--detach'])) &&
      makeOwnCommit({ ...order, tree, as: 'plain' })
    )
  },
  other_branch: ({ places, ink }) =>
    succeeds(places.tree, ['checkout', '--quiet', '-b', ink.next('other').replace(' ', '-')]),
  unborn: ({ places, ink }) =>
    succeeds(places.tree, ['checkout', '--quiet', '--orphan', ink.next('unborn').replace(' ', '-')]),
  nested_repository: makeNested,
  async empty_nested_repository({ places: { tree } }) {
    await mkdir(join(tree, 'hollow'), { recursive: true })
    return succeeds(join(tree, 'hollow'), ['init', '--quiet'])
  },
  index_lock: ({ places }) => lock(join(places.gitDir, 'index.lock')),
  head_lock: ({ places }) => lock(join(places.gitDir, 'HEAD.lock')),
  branch_lock: ({ places }) => lock(join(places.repository, 'refs', 'heads', `${places.branch}.lock`)),
  async worktree_moved({ places: { tree } }) {
    await rename(tree, `${tree}-moved`)
    return true
  },
  async worktree_deleted({ places: { tree } }) {
    await rm(tree, { recursive: true })
    return true
  },
  async git_file_changed({ places: { tree } }) {
    await appendFile(join(tree, '.git'), '/elsewhere')
    return true
  },
}

async function write(tree: string, path: string, ink: Ink): Promise<boolean> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  await writeFile(join(tree, path), `${ink.next(path)}\n`)
  return true
}

async function lock(file: string): Promise<boolean> {
  await writeFile(file, '')
  return true
}

async function makeConflictedIndex({ places: { tree }, ink }: Disturbance): Promise<boolean> {
  const stages: string[] = []
  for (const stageNumber of [1, 2, 3]) {
    const { stdout } = await tryGit({
      cwd: tree,
      args: ['hash-object', '-w', '--stdin'],
      input: ink.next('stage'),
    })
    stages.push(`100644 ${stdout.toString().trim()} ${stageNumber}\ta.txt\n`)
  }
  const input = `0 ${'0'.repeat(40)}\ta.txt\n${stages.join('')}`
  return (await tryGit({ cwd: tree, args: ['update-index', '--index-info'], input })).exitCode === 0
}

/** On odd lines a version is staged before, which is in the index alone afterwards. */
async function hideEdit({ places: { tree }, changes, ink }: Disturbance, flag: string): Promise<boolean> {
  const { at, line, kind } = { ...FIRST_EDIT, ...changes[0] }
  const edit = { kind: 'edit', at: at % 4, line: 0 } as const
  if (line % 2 === 1) await stage(tree, await changeFiles(tree, [edit], ink))
  if (!(await succeeds(tree, ['update-index', flag, pathAt(edit.at)]))) return false
  await changeFiles(tree, [kind === 'delete' ? { ...edit, kind } : edit], ink)
  return true
}

const FIRST_EDIT: FileChange = { kind: 'edit', at: 0, line: 0 }

/** A commit whose attributes would convert a file that it holds as it is: git calls that file changed for ever. */
async function commitRawLineEnds({ places: { tree }, ink }: Disturbance): Promise<boolean> {
  const text = `${ink.next('run.bat')}\r\n${ink.next('run.bat')}\r\n`
  await writeFile(join(tree, 'run.bat'), text)
  await writeFile(join(tree, '.gitattributes'), '*.bat text\n')
  const blob = await tryGit({ cwd: tree, args: ['hash-object', '-w', '--no-filters', 'run.bat'] })
  const entry = `100644,${blob.stdout.toString().trim()},run.bat`
  return (
    (await succeeds(tree, ['update-index', '--add', '--cacheinfo', entry])) &&
    (await succeeds(tree, ['add', '.gitattributes'])) &&
    succeeds(tree, ['commit', '--quiet', `--message=${ink.next('Line ends')}`])
  )
}

/** A side branch that changes what the branch itself changes, and a command that meets the conflict. */
async function leaveHalfDone(
  order: Disturbance,
  command: (side: string) => readonly string[],
): Promise<boolean> {
  const { places, ink } = order
  const { tree, branch } = places
  const side = ink.next('side').replace(' ', '-')
  const replace = [{ kind: 'replace', at: order.changes[0]?.at ?? 0, line: 0 }] as const
  const commit = { ...order, tree, as: 'plain', changes: replace } as const
  if (!(await succeeds(tree, ['checkout', '--quiet', '-b', side]))) return false
  const isMade = await makeOwnCommit(commit)
  const isBack = await succeeds(tree, ['checkout', '--quiet', branch])
  return isMade && isBack && (await makeOwnCommit(commit)) && !(await succeeds(tree, command(side)))
}

async function makeNested({ places: { tree }, changes, ink }: Disturbance): Promise<boolean> {
  const nested = join(tree, changes[0]?.line === 0 ? 'new.txt' : 'vendor')
  const isFolder = await mkdir(nested, { recursive: true }).then(
    () => true,
    () => false,
  )
  if (!isFolder || !(await succeeds(nested, ['init', '--quiet']))) return false
  return makeOwnCommit({ tree: nested, as: 'plain', changes: [{ kind: 'replace', at: 0, line: 0 }], ink })
}
