// Rows about uncommitted work and what the remote brings where it lies. Stories only.

import { mkdir, symlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { git, tryGit, writeFiles } from '../../temp-repo.ts'
import { pinnedBytes } from './belongings.ts'
import { MOVED, PINNED, REPLAYED, TRY, TRY_OR_RESET, type Played, type Row } from './scenario.ts'
import { ownCommit, remoteHead, remotePush, type Stage } from './stage.ts'
import { headOf, statusOf, textIn } from './state-of.ts'

const OTHER = { 'other.txt': 'other\n' } as const

async function isAtRemote({ stage, ending }: Played): Promise<void> {
  expect(await headOf(stage)).toBe(await remoteHead(stage))
  expect(ending.report.operation).toMatchObject({ before: stage.start, localAhead: 0, remoteAhead: 1 })
  expect(await textIn(stage, 'other.txt')).toBe('other\n')
}

/** Staged, unstaged, and both in one file. */
async function changeAll(stage: Stage): Promise<void> {
  const both = `${stage.branch}.txt`
  await writeFiles(stage.tree, { [both]: 'staged\n', 'README.md': '# Staged\n' })
  await git(stage.tree, 'add', both, 'README.md')
  await writeFiles(stage.tree, { [both]: 'staged and changed\n', 'knot.txt': 'unstaged\n' })
}

/** A repository of its own, with a commit, in the folder `vendor`. */
async function nest({ tree }: Stage): Promise<void> {
  const nested = join(tree, 'vendor')
  await mkdir(nested)
  await git(nested, 'init', '--quiet')
  await ownCommit({ tree: nested }, { 'own.txt': 'own\n' })
}

/** One story for each row. */
export const DIRTY_SCENARIOS = {
  clean: { arrange: () => Promise.resolve(), steps: [] },

  dirty_in_step: { arrange: changeAll, steps: [] },

  dirty_disjoint: {
    async arrange(stage) {
      await changeAll(stage)
      await remotePush(stage, OTHER)
    },
    steps: MOVED,
    async check(played) {
      const { stage } = played
      await isAtRemote(played)
      const both = `${stage.branch}.txt`
      expect(await statusOf(stage)).toEqual([' M knot.txt', `MM ${both}`, 'M  README.md'].toSorted())
      expect(await git(stage.tree, 'show', `:${both}`)).toBe('staged')
      expect(await textIn(stage, both)).toBe('staged and changed\n')
      expect(await textIn(stage, 'knot.txt')).toBe('unstaged\n')
    },
  },

  dirty_overlapping: {
    async arrange(stage) {
      await changeAll(stage)
      await remotePush(stage, { 'knot.txt': 'tied by alice\n' })
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
  },

  dirty_diverged_disjoint: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await changeAll(stage)
      await remotePush(stage, OTHER)
    },
    wish: { push: true },
    steps: [...REPLAYED, 'push_branch'],
    async check({ stage }) {
      expect(await headOf(stage)).toBe(await remoteHead(stage))
      expect(await git(stage.tree, 'log', '--format=%s', `${stage.start}..HEAD`)).toBe(
        'Change mine.txt\nChange other.txt',
      )
      const both = `${stage.branch}.txt`
      expect(await statusOf(stage)).toEqual([' M knot.txt', `MM ${both}`, 'M  README.md'].toSorted())
      expect(await textIn(stage, both)).toBe('staged and changed\n')
    },
  },

  dirty_diverged_overlapping: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await changeAll(stage)
      await remotePush(stage, { 'knot.txt': 'tied by alice\n' })
    },
    wish: { push: true },
    steps: PINNED,
    asks: TRY_OR_RESET,
  },

  untracked_elsewhere: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'note.txt': 'only here\n', 'notes/more.txt': 'more\n' })
      await remotePush(stage, OTHER)
    },
    steps: MOVED,
    async check(played) {
      await isAtRemote(played)
      expect(await statusOf(played.stage)).toEqual(['?? note.txt', '?? notes/more.txt'])
      expect(await textIn(played.stage, 'note.txt')).toBe('only here\n')
    },
  },

  untracked_collision: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'new/name.txt': 'mine\n', 'note.txt': 'only here\n' })
      await remotePush(stage, { 'new/name.txt': 'hers\n' })
    },
    earlier: ['move_refused'],
    steps: PINNED,
    asks: TRY_OR_RESET,
  },

  untracked_folder_collision: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'thing/a.txt': 'a\n', 'thing/deep/b.txt': 'b\n' })
      await remotePush(stage, { thing: 'a file\n' })
    },
    earlier: ['move_refused'],
    steps: PINNED,
    asks: TRY_OR_RESET,
  },

  ignored_collision: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'cache.ignored': 'mine\n', 'build/out.bin': 'built\n' })
      await remotePush(stage, { 'cache.ignored': 'hers\n' })
    },
    earlier: ['move_refused'],
    steps: PINNED,
    asks: TRY_OR_RESET,
    pinsIgnored: ['cache.ignored'],
  },

  intent_to_add: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'fresh.txt': 'announced\n' })
      await git(stage.tree, 'add', '--intent-to-add', 'fresh.txt')
      await remotePush(stage, OTHER)
    },
    steps: MOVED,
    async check(played) {
      await isAtRemote(played)
      expect(await statusOf(played.stage)).toEqual([' A fresh.txt'])
      expect(await textIn(played.stage, 'fresh.txt')).toBe('announced\n')
    },
  },

  nested_repository_elsewhere: {
    async arrange(stage) {
      await nest(stage)
      await remotePush(stage, OTHER)
    },
    steps: MOVED,
    async check(played) {
      await isAtRemote(played)
      const nested = join(played.stage.tree, 'vendor')
      expect(await git(nested, 'log', '--format=%s')).toBe('Change own.txt')
      expect(await git(nested, 'status', '--porcelain')).toBe('')
    },
  },

  nested_repository_collision: {
    async arrange(stage) {
      await nest(stage)
      await remotePush(stage, { 'vendor/own.txt': 'hers\n' })
    },
    steps: PINNED,
    asks: TRY,
    pinIsSpecial: true,
    async check({ stage }) {
      const nested = join(stage.tree, 'vendor')
      expect(await git(nested, 'log', '--format=%s')).toBe('Change own.txt')
      expect(await textIn(stage, 'vendor/own.txt')).toBe('own\n')
    },
  },

  link_for_folder: {
    async arrange(stage) {
      const { tree } = stage
      await ownCommit(stage, { 'docs/a.txt': 'a\n' })
      await git(tree, 'push', '--quiet', stage.bench.repo.git.path, `HEAD:${stage.branch}`)
      const outside = join(tree, '..', 'outside')
      await writeFiles(outside, { 'a.txt': 'outside\n' })
      await rm(join(tree, 'docs'), { recursive: true })
      await symlink('../outside', join(tree, 'docs'))
      await remotePush(stage, { 'docs/a.txt': 'hers\n' })
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    async check({ stage, ending }) {
      const { worktree = '' } = ending.rounds.at(-1)?.backups.at(-1) ?? {}
      expect((await pinnedBytes(stage, `${worktree}:docs`)).toString()).toBe('../outside')
      const { exitCode } = await tryGit({
        cwd: stage.tree,
        args: ['cat-file', '-e', `${worktree}:docs/a.txt`],
      })
      expect(exitCode).not.toBe(0)
      expect(await textIn(stage, '../outside/a.txt')).toBe('outside\n')
    },
  },
} as const satisfies Readonly<Record<string, Row>>
