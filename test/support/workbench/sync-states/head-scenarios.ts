// Rows about HEAD: taken off the branch, in the middle of something, under a lock. Stories only.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { git, tryGit, writeFiles } from '../../temp-repo.ts'
import { PINNED, TRY, TRY_OR_RESET, type Played, type Row } from './scenario.ts'
import { inGitDirectory, ownCommit, remotePush, type Stage } from './stage.ts'
import { textIn } from './state-of.ts'

const NOTE = { 'note.txt': 'only here\n', 'README.md': '# Changed\n' } as const

/** Runs git where it must stop in the middle. */
async function stops({ tree }: Stage, args: readonly string[], input?: string): Promise<void> {
  const { exitCode } = await tryGit({ cwd: tree, args, ...(input === undefined ? {} : { input }) })
  if (exitCode === 0) throw new Error(`git ${args.join(' ')} met no conflict`)
}

/** Two commits that can not go together; the worktree is on the first, the second is returned. */
async function knot(stage: Stage): Promise<string> {
  const { tree, branch, start } = stage
  await git(tree, 'checkout', '--quiet', '-b', 'elsewhere', start)
  const other = await ownCommit(stage, { 'knot.txt': 'another way\n' })
  await git(tree, 'checkout', '--quiet', branch)
  await ownCommit(stage, { 'knot.txt': 'one way\n' })
  return other
}

/** The index pin has these commits among its parents, so that they stay as long as the pin does. */
async function expectRemembered({ stage, ending }: Played, commits: readonly string[]): Promise<void> {
  const { index = '' } = ending.rounds.at(-1)?.backups.at(-1) ?? {}
  const kept = (await git(stage.mirror, 'rev-list', index)).split('\n')
  for (const commit of commits) expect(kept).toContain(commit)
}

/** A half-done operation is left exactly as it is, and every commit only it remembers is in the pin. */
function halfDone(begin: (stage: Stage, other: string) => Promise<void>, trace: string): Row {
  let other = ''
  return {
    async arrange(stage) {
      other = await knot(stage)
      await begin(stage, other)
      await writeFiles(stage.tree, { 'note.txt': 'only here\n' })
      await git(stage.tree, 'branch', '--quiet', '-D', 'elsewhere')
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    pinIsSpecial: true,
    async check(played) {
      const { stage, ending } = played
      expect(await readdir(await inGitDirectory(stage, '.'))).toContain(trace)
      const { worktree = '', head } = ending.rounds.at(-1)?.backups.at(-1) ?? {}
      expect(head).toBe(played.before.head)
      expect(await git(stage.mirror, 'show', `${worktree}:note.txt`)).toBe('only here')
      const own = await git(stage.tree, 'rev-parse', `refs/heads/${stage.branch}`)
      await expectRemembered(played, trace === 'BISECT_LOG' ? [own] : [own, other])
    },
  }
}

let living: ChildProcess | null = null
let ticking: NodeJS.Timeout | null = null

/** One story for each row. */
export const HEAD_SCENARIOS = {
  detached: {
    async arrange(stage) {
      await git(stage.tree, 'checkout', '--quiet', '--detach')
      await ownCommit(stage, { 'mine.txt': 'on no branch\n' })
      await writeFiles(stage.tree, NOTE)
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    check: (played) => expectRemembered(played, [played.stage.start]),
  },

  wrong_branch: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'on the branch\n' })
      await git(stage.tree, 'checkout', '--quiet', '-b', 'elsewhere', stage.start)
      await ownCommit(stage, { 'else.txt': 'elsewhere\n' })
      await writeFiles(stage.tree, NOTE)
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    check: async (played) =>
      expectRemembered(played, [
        await git(played.stage.tree, 'rev-parse', `refs/heads/${played.stage.branch}`),
      ]),
  },

  unborn: {
    async arrange(stage) {
      await git(stage.tree, 'checkout', '--quiet', '--orphan', 'nothing')
      await writeFiles(stage.tree, NOTE)
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    async check({ stage, ending }) {
      const { index = '' } = ending.rounds.at(-1)?.backups.at(-1) ?? {}
      const parents = await git(stage.mirror, 'log', '-1', '--format=%P', index)
      expect(parents.split(' ')).toEqual([stage.start])
    },
  },

  merge_in_progress: halfDone((stage) => stops(stage, ['merge', '--quiet', 'elsewhere']), 'MERGE_HEAD'),
  rebase_in_progress: halfDone((stage) => stops(stage, ['rebase', 'elsewhere']), 'rebase-merge'),
  cherry_pick_in_progress: halfDone(
    (stage) => stops(stage, ['cherry-pick', 'elsewhere']),
    'CHERRY_PICK_HEAD',
  ),
  revert_in_progress: halfDone(async (stage, other) => {
    await stops(stage, ['revert', '--no-edit', other])
  }, 'REVERT_HEAD'),
  bisect_in_progress: halfDone(async ({ tree }) => void (await git(tree, 'bisect', 'start')), 'BISECT_LOG'),

  am_in_progress: {
    async arrange(stage) {
      const other = await knot(stage)
      const mail = await git(stage.tree, 'format-patch', '--stdout', '-1', other)
      await stops(stage, ['am', '--quiet', '-'], `${mail}\n`)
      await writeFiles(stage.tree, { 'note.txt': 'only here\n' })
    },
    steps: PINNED,
    asks: TRY_OR_RESET,
    async check({ stage }) {
      expect(await readdir(await inGitDirectory(stage, 'rebase-apply'))).toContain('applying')
    },
  },

  stale_lock: {
    async arrange(stage) {
      await writeFiles(stage.tree, NOTE)
      await writeFile(await inGitDirectory(stage, 'index.lock'), '')
      await remotePush(stage, { 'other.txt': 'other\n' })
    },
    earlier: ['locks_removed'],
    ends: 'fast_forwarded_dirty',
    steps: ['move_tree', 'move_branch'],
    async check({ stage, ending }) {
      expect(ending.rounds[0]?.steps.map(({ kind }) => kind)).toEqual(['remove_stale_locks'])
      expect(await readdir(await inGitDirectory(stage, '.'))).not.toContain('index.lock')
      expect(await textIn(stage, 'note.txt')).toBe('only here\n')
    },
  },

  held_lock: {
    async arrange(stage) {
      await writeFiles(stage.tree, NOTE)
      living = spawn('git', ['cat-file', '--batch'], { cwd: stage.tree, stdio: ['pipe', 'pipe', 'ignore'] })
      living.stdin?.write(`${stage.start}\n`)
      if (living.stdout) await once(living.stdout, 'data')
      await writeFile(await inGitDirectory(stage, 'index.lock'), '')
    },
    // The wait is bounded by the program's clock, which stands still unless it is moved.
    meanwhile: async ({ bench }) => {
      ticking ??= setInterval(() => bench.clock.advance(5_000), 50)
      await Promise.resolve()
    },
    steps: ['remove_stale_locks'],
    isCutShort: true,
    asks: TRY,
    async check({ stage }) {
      expect(await readdir(await inGitDirectory(stage, '.'))).toContain('index.lock')
    },
    clear: async () => {
      if (ticking !== null) clearInterval(ticking)
      if (living === null || living.exitCode !== null) return
      const over = once(living, 'exit')
      living.stdin?.end()
      await over
    },
  },
} as const satisfies Readonly<Record<string, Row>>
