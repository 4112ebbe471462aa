// The states of a worktree that no sync may touch, made with real git as an agent or a person would make them, and how a
// person cures each. Asserts nothing.

import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import type { BlockedState, Place } from './blocked-state.ts'

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

/** Every state a worktree can be put into. */
export const BLOCKED_WORKTREES: readonly BlockedState[] = [
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
    case: 'detached_head',
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
    brings: { 'knot.txt': 'tied with care\n' },
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
]
