// The states of a worktree or remote that no sync may touch, made with real git as an agent or a person would make them,
// and how a person cures each. Asserts nothing.

import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SyncCase } from '../../src/domain/sync/case.ts'
import { git, tryGit, writeFiles } from '../support/temp-repo.ts'
import { gitPath, type Scene } from '../support/workbench/scenes.ts'
import type { Workbench } from '../support/workbench/workbench.ts'

export interface Place {
  readonly bench: Workbench
  readonly scene: Scene
  readonly tree: string
  readonly branch: string
  /** Where branch and remote were before anything was done. */
  readonly start: string
}

export interface BlockedState {
  readonly case: SyncCase
  /** Makes the state; what it returns is kept for the cure. */
  readonly make: (place: Place) => Promise<void>
  /** `command`: somebody asks for a sync; `push`: alice pushes `brings`, `remote`: the state itself moved the remote. */
  readonly trigger: 'command' | 'push' | 'remote'
  /** What alice pushes. */
  readonly brings?: Readonly<Record<string, string>>
  /** What the question says is in the way, line by line; it is shown as it stands. */
  readonly note: string | RegExp
  /** Ends the state as its cure says. */
  readonly cure: (place: Place) => Promise<void>
  /** The case of the sync after the cure. */
  readonly ends: SyncCase
}

const OTHER = { 'other.txt': 'other\n' } as const

async function backToStart({ tree, branch, start }: Place): Promise<void> {
  await git(tree, 'checkout', '--quiet', '--force', branch)
  await git(tree, 'reset', '--quiet', '--hard', start)
}

async function commit(tree: string, path: string, text: string): Promise<void> {
  await writeFiles(tree, { [path]: text })
  await git(tree, 'add', '--force', path)
  await git(tree, 'commit', '--quiet', `--message=Change ${path}`)
}

/** Deletes the remote branch while every webhook about it is lost: on GitHub this closes the pull request as well. */
async function deleteUnseen({ bench, branch }: Place): Promise<void> {
  bench.github.faults.drop({ event: 'push', times: 1 })
  bench.github.faults.drop({ event: 'pull_request', times: 1 })
  await bench.repo.push({ by: 'alice', branch, delete: true })
}

async function pushBack({ bench, branch, start }: Place): Promise<void> {
  await bench.repo.push({ by: 'alice', branch, to: start, force: true })
  await bench.settle()
}

export const BLOCKED_STATES: readonly BlockedState[] = [
  {
    case: 'blocked_in_progress',
    async make({ tree, branch, start }) {
      await commit(tree, 'knot.txt', 'one way\n')
      await git(tree, 'checkout', '--quiet', '-b', 'elsewhere', start)
      await commit(tree, 'knot.txt', 'another way\n')
      await git(tree, 'checkout', '--quiet', branch)
      const { exitCode } = await tryGit({ cwd: tree, args: ['rebase', 'elsewhere'] })
      if (exitCode === 0) throw new Error('The rebase met no conflict')
    },
    trigger: 'command',
    note: 'rebase\nknot.txt',
    async cure(place) {
      await git(place.tree, 'rebase', '--abort')
      await backToStart(place)
      await git(place.tree, 'branch', '--quiet', '-D', 'elsewhere')
    },
    ends: 'already_in_sync',
  },
  {
    case: 'blocked_in_progress',
    make: async ({ tree }) => void (await git(tree, 'bisect', 'start')),
    trigger: 'push',
    brings: OTHER,
    note: 'bisect',
    cure: async ({ tree }) => void (await git(tree, 'bisect', 'reset')),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_detached',
    make: async ({ tree }) => void (await git(tree, 'checkout', '--quiet', '--detach')),
    trigger: 'command',
    note: '',
    cure: backToStart,
    ends: 'already_in_sync',
  },
  {
    case: 'blocked_wrong_branch',
    make: async ({ tree }) => void (await git(tree, 'checkout', '--quiet', '-b', 'elsewhere')),
    trigger: 'push',
    brings: OTHER,
    note: '',
    cure: async ({ tree, branch }) => {
      await git(tree, 'checkout', '--quiet', branch)
      await git(tree, 'branch', '--quiet', '-D', 'elsewhere')
    },
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_unborn',
    make: async ({ tree }) => void (await git(tree, 'checkout', '--quiet', '--orphan', 'nothing')),
    trigger: 'command',
    note: '',
    cure: backToStart,
    ends: 'already_in_sync',
  },
  {
    case: 'blocked_locked',
    make: async ({ bench, scene }) => writeFile(await gitPath(bench, scene, 'index.lock'), ''),
    trigger: 'push',
    brings: OTHER,
    note: 'worktrees/tree/index.lock',
    cure: async ({ bench, scene }) => rm(await gitPath(bench, scene, 'index.lock')),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_conflicted',
    async make({ tree }) {
      const blob = await git(tree, 'rev-parse', 'HEAD:knot.txt')
      const stages = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\tknot.txt\n`).join('')
      const input = `0 ${'0'.repeat(40)}\tknot.txt\n${stages}`
      await tryGit({ cwd: tree, args: ['update-index', '--index-info'], input })
    },
    trigger: 'command',
    note: 'knot.txt',
    cure: backToStart,
    ends: 'already_in_sync',
  },
  {
    case: 'blocked_hidden_edits',
    async make({ tree }) {
      await git(tree, 'update-index', '--assume-unchanged', 'knot.txt')
      await appendFile(join(tree, 'knot.txt'), 'hidden\n')
    },
    trigger: 'push',
    brings: OTHER,
    note: 'knot.txt',
    async cure({ tree }) {
      await git(tree, 'update-index', '--no-assume-unchanged', 'knot.txt')
      await git(tree, 'checkout', '--quiet', '--', 'knot.txt')
    },
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_dirty',
    make: ({ tree }) => appendFile(join(tree, 'knot.txt'), 'by hand\n'),
    trigger: 'push',
    brings: { 'knot.txt': 'tied by alice\n' },
    note: 'knot.txt',
    cure: async ({ tree }) => void (await git(tree, 'checkout', '--quiet', '--', 'knot.txt')),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_untracked_collision',
    make: ({ tree }) => writeFiles(tree, { 'new/name.txt': 'mine\n' }),
    trigger: 'push',
    brings: { 'new/name.txt': 'hers\n' },
    note: 'new/name.txt',
    cure: ({ tree }) => rm(join(tree, 'new'), { recursive: true }),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_ignored_collision',
    make: ({ tree }) => writeFiles(tree, { 'cache.ignored': 'mine\n' }),
    trigger: 'push',
    brings: { 'cache.ignored': 'hers\n' },
    note: 'cache.ignored',
    cure: ({ tree }) => rm(join(tree, 'cache.ignored')),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_nested_repo',
    async make({ tree }) {
      const nested = join(tree, 'vendor')
      await mkdir(nested)
      await git(nested, 'init', '--quiet')
      await commit(nested, 'own.txt', 'own\n')
    },
    trigger: 'push',
    brings: { 'vendor/hers.txt': 'hers\n' },
    note: /^vendor/,
    cure: ({ tree }) => rm(join(tree, 'vendor'), { recursive: true }),
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_merges',
    async make({ tree, branch, start }) {
      await git(tree, 'checkout', '--quiet', '-b', 'elsewhere', start)
      await commit(tree, 'side.txt', 'side\n')
      await git(tree, 'checkout', '--quiet', branch)
      await commit(tree, 'front.txt', 'front\n')
      await git(tree, 'merge', '--quiet', '--no-ff', '--message=Join', 'elsewhere')
    },
    trigger: 'push',
    brings: OTHER,
    note: '',
    async cure(place) {
      await backToStart(place)
      await git(place.tree, 'branch', '--quiet', '-D', 'elsewhere')
    },
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_rewritten',
    async make({ bench, branch }) {
      await bench.repo.push({
        by: 'alice',
        branch,
        files: { 'rewritten.txt': 'x\n' },
        amend: true,
        force: true,
      })
    },
    trigger: 'remote',
    note: '',
    cure: pushBack,
    ends: 'already_in_sync',
  },
  {
    case: 'unrelated_histories',
    async make({ bench, branch }) {
      const { git: origin } = bench.repo
      const who = ['-c', 'user.name=alice', '-c', 'user.email=alice@example.com']
      const root = await origin.run([...who, 'commit-tree', '-m', 'Another world', `${branch}^{tree}`])
      await bench.repo.push({ by: 'alice', branch, to: root, force: true })
    },
    trigger: 'remote',
    note: '',
    cure: pushBack,
    ends: 'already_in_sync',
  },
  {
    case: 'fetch_failed',
    make({ bench }) {
      bench.watch.tokens = 'revoked'
      return Promise.resolve()
    },
    trigger: 'push',
    brings: OTHER,
    note: /could not read Username|Authentication failed|401/,
    cure({ bench }) {
      bench.watch.tokens = 'good'
      return Promise.resolve()
    },
    ends: 'fast_forwarded',
  },
  {
    case: 'blocked_worktree_missing',
    make: ({ tree }) => rename(tree, `${tree}-away`),
    trigger: 'push',
    brings: OTHER,
    note: 'missing',
    cure: ({ tree }) => rename(`${tree}-away`, tree),
    ends: 'fast_forwarded',
  },
  {
    case: 'tampered',
    make: ({ tree }) => appendFile(join(tree, '.git'), '/elsewhere'),
    trigger: 'push',
    brings: OTHER,
    note: 'the .git file of the worktree',
    async cure({ tree }) {
      const file = join(tree, '.git')
      await writeFile(file, (await readFile(file, 'utf8')).replace(/\s*\/elsewhere$/, '\n'))
    },
    ends: 'fast_forwarded',
  },
  // The last one: its pull request can not be used again.
  {
    case: 'remote_deleted',
    make: deleteUnseen,
    trigger: 'command',
    note: '',
    async cure({ bench, branch, start }) {
      await bench.repo.push({ by: 'alice', branch, to: start })
      await bench.settle()
    },
    ends: 'already_in_sync',
  },
]
