// Rows about both sides that can not go together, and about what moves or breaks in the middle. Stories only.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { git, makeTempFolder, removeTempFolder, writeFiles } from '../../temp-repo.ts'
import { pinnedBytes } from './belongings.ts'
import { PINNED, RECOVERED, MOVED, REPLAYED, TRY, TRY_OR_RESET, type Played, type Row } from './scenario.ts'
import { inGitDirectory, ownCommit, remoteHead, remotePush, remoteTo, type Stage } from './stage.ts'
import { headOf, statusOf, textIn } from './state-of.ts'

const OTHER = { 'other.txt': 'other\n' } as const
const OURS = { 'knot.txt': 'tied by the agent\n' } as const
const HERS = { 'knot.txt': 'tied by alice\n' } as const
const AFTER_RESET = ['continue', 'abort', 'rescue'] as const

async function conflict(stage: Stage): Promise<void> {
  await ownCommit(stage, OURS)
  await remotePush(stage, HERS)
}

async function isReset({ stage, before, ending }: Played): Promise<void> {
  expect(await headOf(stage)).toBe(await remoteHead(stage))
  expect(await textIn(stage, 'knot.txt')).toBe('tied by alice\n')
  const backup = ending.rounds.at(-1)?.backups.at(-1)
  expect(backup).toMatchObject({ head: before.head, push: 'pushed' })
  expect(await stage.bench.repo.git.resolve(`${backup?.prefix}/head`)).toBe(before.head)
  expect(ending.question?.details).toMatchObject({ isReset: true, localHead: before.head })
}

/** A lock appears at the moment the worktree would be reset. */
export async function lockBeforeReset(stage: Stage, moment: string, step: string): Promise<void> {
  if (moment === 'before' && step === 'reset_tree')
    await writeFile(await inGitDirectory(stage, 'index.lock'), '')
}

/** The last pin holds what was checked out, and these texts. */
export async function expectPinned(
  { stage, before, ending }: Played,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { head, worktree = '' } = ending.rounds.at(-1)?.backups.at(-1) ?? {}
  expect(head).toBe(before.head)
  for (const [path, text] of Object.entries(files))
    expect((await pinnedBytes(stage, `${worktree}:${path}`)).toString()).toBe(text)
}

/** One story for each row. */
export const CONFLICT_SCENARIOS = {
  local_merge: {
    async arrange(stage) {
      const { tree, branch, start } = stage
      await git(tree, 'checkout', '--quiet', '-b', 'side', start)
      await ownCommit(stage, { 'side.txt': 'side\n' })
      await git(tree, 'checkout', '--quiet', branch)
      await ownCommit(stage, { 'front.txt': 'front\n' })
      await git(tree, 'merge', '--quiet', '--no-ff', '--no-commit', 'side')
      await ownCommit(stage, { 'only-in-merge.txt': 'kept\n' }, 'Join')
      await git(tree, 'branch', '--quiet', '-D', 'side')
      await remotePush(stage, HERS)
    },
    wish: { push: true },
    steps: RECOVERED,
    asks: AFTER_RESET,
    async check(played) {
      await isReset(played)
      expect(played.ending.question?.details.obstacle).toBe('merge')
      expect(await git(played.stage.mirror, 'show', `${played.before.head}:only-in-merge.txt`)).toBe('kept')
    },
  },

  conflict: {
    arrange: conflict,
    wish: { push: true },
    steps: RECOVERED,
    asks: AFTER_RESET,
    async check(played) {
      await isReset(played)
      expect(await statusOf(played.stage)).toEqual([])
      expect(played.ending.question?.details).toMatchObject({
        obstacle: 'conflict',
        conflictingPaths: ['knot.txt'],
      })
    },
  },

  conflict_dirty: {
    async arrange(stage) {
      await ownCommit(stage, OURS)
      await writeFiles(stage.tree, {
        'README.md': '# Staged\n',
        'new.txt': 'mine\n',
        'cache.ignored': 'mine\n',
      })
      await git(stage.tree, 'add', 'README.md')
      await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
      await remotePush(stage, { ...HERS, 'new.txt': 'hers\n', 'cache.ignored': 'hers\n' })
    },
    wish: { push: true },
    steps: RECOVERED,
    asks: AFTER_RESET,
    pinsIgnored: ['cache.ignored'],
    async check(played) {
      await isReset(played)
      expect(await statusOf(played.stage)).toEqual(['?? note.txt'])
      expect(await textIn(played.stage, 'note.txt')).toBe('only here\n')
      expect(await textIn(played.stage, 'new.txt')).toBe('hers\n')
    },
  },

  conflict_paused: {
    async arrange(stage) {
      await conflict(stage)
      await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
    },
    wish: { push: true, onConflict: 'pause' },
    steps: PINNED,
    asks: ['continue', 'reset', 'abort', 'rescue'],
  },

  conflict_pin_refused: {
    async arrange(stage) {
      await conflict(stage)
      const words =
        'error: GH013: Repository rule violations found\n- GITHUB PUSH PROTECTION\n- Push cannot contain secrets'
      await stage.bench.repo.git.preReceive(`#!/bin/sh\ncat >&2 <<'END'\n${words}\nEND\nexit 1\n`)
    },
    wish: { push: true },
    steps: [...PINNED, 'push_pin'],
    isCutShort: true,
    asks: TRY,
    async check({ ending }) {
      expect(ending.rounds.at(-1)?.backups).toMatchObject([{ push: 'refused', pushRefusal: 'secret_found' }])
    },
    clear: ({ bench }) => bench.repo.git.preReceive('#!/bin/sh\nexit 0\n'),
  },

  unrelated: {
    async arrange(stage) {
      const { bench, branch } = stage
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      const who = ['-c', 'user.name=alice', '-c', 'user.email=alice@example.com']
      const root = await bench.repo.git.run([
        ...who,
        'commit-tree',
        '-m',
        'Another world',
        `${branch}^{tree}`,
      ])
      await remoteTo(stage, root)
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
  },

  shallow: {
    async arrange(stage) {
      const { tree, bench, branch } = stage
      const folder = await makeTempFolder()
      await git(folder, 'clone', '--quiet', '--branch', branch, bench.repo.git.path, 'fork')
      const fork = join(folder, 'fork')
      await ownCommit({ tree: fork }, { 'one.txt': 'one\n' })
      await ownCommit({ tree: fork }, { 'two.txt': 'two\n' })
      await git(tree, 'fetch', '--quiet', '--depth=1', `file://${fork}`, branch)
      await git(tree, 'reset', '--quiet', '--hard', 'FETCH_HEAD')
      await removeTempFolder(folder)
      await writeFiles(tree, { 'README.md': '# Changed\n' })
      await remotePush(stage, OTHER)
    },
    steps: ['pin'],
    isCutShort: true,
    asks: TRY,
  },

  moves_once: {
    async arrange(stage) {
      await remotePush(stage, OTHER)
      await remotePush(stage, { 'more.txt': 'more\n' })
    },
    async meanwhile({ bench, tree, branch, start }, moment, step) {
      if (moment !== 'before' || step !== 'move_tree' || (await git(tree, 'rev-parse', 'HEAD')) !== start)
        return
      const between = await bench.repo.git.resolve(`refs/heads/${branch}~1`)
      await git(tree, 'merge', '--quiet', '--ff-only', between ?? '')
    },
    earlier: ['raced'],
    steps: MOVED,
    async check({ stage, ending }) {
      expect(await headOf(stage)).toBe(await remoteHead(stage))
      expect(ending.report.operation).toMatchObject({ remoteAhead: 1 })
    },
  },

  keeps_moving: {
    arrange: async (stage) => void (await ownCommit(stage, { 'mine.txt': 'mine\n' })),
    wish: { push: true },
    async meanwhile(stage, moment, step) {
      if (moment !== 'before' || step !== 'push_branch') return
      const { length } = stage.bench.watch.ordersOf(stage.session.id)
      await remotePush(stage, { [`fast-${length}.txt`]: 'fast\n' })
    },
    earlier: ['raced', 'raced'],
    steps: [...REPLAYED, 'push_branch'],
    isCutShort: true,
    asks: TRY_OR_RESET,
    async check({ stage }) {
      // Both replays stand in the worktree, on top of what alice had pushed by then; her last commit stands alone.
      expect(await git(stage.tree, 'log', '-1', '--format=%s')).toBe('Change mine.txt')
      expect(await headOf(stage, 'HEAD~1')).toBe(
        await stage.bench.repo.git.resolve(`refs/heads/${stage.branch}~1`),
      )
    },
  },

  recovery_fails: {
    async arrange(stage) {
      await conflict(stage)
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
    },
    wish: { push: true },
    meanwhile: lockBeforeReset,
    steps: [...PINNED, 'push_pin', 'reset_tree'],
    isCutShort: true,
    asks: ['abort'],
    async check(played) {
      expect(await headOf(played.stage)).toBe(played.before.head)
      await expectPinned(played, { 'README.md': '# Changed\n', ...OURS })
    },
  },

  rewritten_under_agent: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      await remotePush(stage, OTHER, { amend: true, force: true })
    },
    wish: { push: true, askOnRewrite: true },
    steps: PINNED,
    asks: TRY_OR_RESET,
  },
} as const satisfies Readonly<Record<string, Row>>
