// The operations whose git processes are counted: how each comes about, and the numbers it must have. Starts no sync.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'

export interface CountedOperation {
  /** As in docs/performance.md. */
  readonly name: string
  /** Null where nobody set one. */
  readonly goal: number | null
  /** What the worktree holds before the sync. */
  readonly arrange?: (world: RunnerWorld) => Promise<void>
  /** Whether the remote has a commit of its own. */
  readonly isRemoteAhead?: true
  /** Whether the mirror has the remote's commit before the sync, and the caller knows it. */
  readonly isKnown?: true
  readonly case: SyncCase
  readonly caseWithPush?: SyncCase
  /** `pushing` is 0 while nothing may be pushed. */
  readonly processes: { readonly looking: number; readonly steps: number; readonly pushing: number }
}

/** Every operation of the table in docs/performance.md. */
export const COUNTED_OPERATIONS: readonly CountedOperation[] = [
  {
    name: 'no-op, head known',
    goal: 1,
    isKnown: true,
    case: 'already_in_sync',
    processes: { looking: 1, steps: 0, pushing: 0 },
  },
  {
    name: 'no-op, remote asked',
    goal: null,
    case: 'already_in_sync',
    processes: { looking: 2, steps: 0, pushing: 0 },
  },
  {
    name: 'our commits ahead',
    goal: null,
    arrange: (world) => commitOwn(world, 2),
    case: 'local_ahead_kept',
    caseWithPush: 'local_ahead_pushed',
    processes: { looking: 3, steps: 0, pushing: 4 },
  },
  {
    name: 'fast-forward, fetched before',
    goal: 3,
    isRemoteAhead: true,
    isKnown: true,
    case: 'fast_forwarded',
    processes: { looking: 1, steps: 2, pushing: 0 },
  },
  {
    name: 'fast-forward',
    goal: 3,
    isRemoteAhead: true,
    case: 'fast_forwarded',
    processes: { looking: 2, steps: 2, pushing: 0 },
  },
  {
    name: 'fast-forward beside a changed file',
    goal: null,
    arrange: (world) => writeFiles(world.tree(), { 'README.md': 'changed\n' }),
    isRemoteAhead: true,
    case: 'fast_forwarded_dirty',
    processes: { looking: 5, steps: 2, pushing: 0 },
  },
  ...[1, 5, 10].map((commits) => rebaseOf(commits)),
  {
    ...rebaseOf(1),
    name: 'rebase, 1 of our commits, message with spaces at its end',
    arrange: (world) => commitVerbatim(world.tree()),
    processes: { looking: 6, steps: 6, pushing: 4 },
  },
  {
    name: 'recovery, clean',
    goal: 6,
    arrange: (world) => commitOwn(world, 3, { isConflict: true }),
    isRemoteAhead: true,
    case: 'divergence_recovered_via_reset',
    processes: { looking: 6, steps: 6, pushing: 3 },
  },
  {
    name: 'recovery, 36 changed files',
    goal: 14,
    async arrange(world) {
      await commitOwn(world, 3, { isConflict: true })
      await makeDirty(world.tree())
    },
    isRemoteAhead: true,
    case: 'divergence_recovered_via_reset',
    processes: { looking: 7, steps: 13, pushing: 3 },
  },
]

function rebaseOf(commits: number): CountedOperation {
  return {
    name: `rebase, ${commits} of our commits`,
    goal: commits + 10,
    arrange: (world) => commitOwn(world, commits),
    isRemoteAhead: true,
    case: 'divergence_rebased',
    processes: { looking: 4 + commits, steps: 6, pushing: 4 },
  }
}

async function commitOwn(
  world: RunnerWorld,
  commits: number,
  { isConflict = false }: { readonly isConflict?: boolean } = {},
): Promise<void> {
  for (let n = 1; n <= commits; n += 1) {
    const clash = isConflict ? { 'src/knot.txt': `ours ${n}\n` } : {}
    await writeFiles(world.tree(), { ...clash, [`own-${n}.txt`]: `${n}\n` })
    await git(world.tree(), 'add', '--all')
    await git(world.tree(), 'commit', '--quiet', `--message=Ours ${n}`)
  }
}

/** Makes a commit whose message git prints with other bytes than it has. */
async function commitVerbatim(tree: string): Promise<void> {
  await writeFiles(tree, { 'own.txt': 'own\n' })
  await git(tree, 'add', '--all')
  await git(tree, 'commit', '--quiet', '--cleanup=verbatim', '--message=Ours  ')
}

/** 36 paths: 14 staged files, one changed again and one deleted again, a staged and an unstaged change, 20 untracked. */
async function makeDirty(tree: string): Promise<void> {
  const files = (kind: string, count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_none, n) => [`${kind}/${n}.txt`, `${kind} ${n}\n`]))
  await writeFiles(tree, { ...files('staged', 14), 'src/other.txt': 'staged\n' })
  await git(tree, 'add', '--all')
  await writeFiles(tree, {
    ...files('untracked', 20),
    'staged/0.txt': 'staged and changed\n',
    'README.md': 'unstaged\n',
  })
  await rm(join(tree, 'staged/1.txt'))
  await mkdir(join(tree, 'empty'))
}
