// The scenes whose sync is killed at every durable step: each a worktree and a remote right before it. Asserts nothing.

import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job } from '../../../src/domain/changes.ts'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import type { Ground, KillScene } from './kill-scene.ts'

const OTHER_LINES = { 'hers.txt': 'hers\n' }
const SAME_LINE = { 'knot.txt': 'tied by alice\n' }

async function own(tree: string, files: Readonly<Record<string, string>>): Promise<void> {
  await writeFiles(tree, files)
  await git(tree, 'add', '--force', '--', ...Object.keys(files))
  await git(tree, 'commit', '--quiet', `--message=Change ${Object.keys(files).join(', ')}`)
}

/** Untold: the program must not sync while other scenes are put up. */
async function untold({ bench }: Ground, push: () => Promise<unknown>): Promise<void> {
  bench.github.faults.drop({ times: 1000 })
  await push()
  bench.github.faults.clear()
}

async function hers(ground: Ground, files: Readonly<Record<string, string>>): Promise<void> {
  await untold(ground, () => ground.bench.repo.push({ by: 'alice', branch: ground.branch, files }))
}

async function conflict(ground: Ground): Promise<void> {
  await own(ground.tree, { 'knot.txt': 'tied by the agent\n' })
  await hers(ground, { ...SAME_LINE, 'new.txt': 'hers\n', 'cache.ignored': 'hers\n' })
}

/** Something of every kind, two of them where the remote brings a file. */
async function makeDirty({ tree }: Ground): Promise<void> {
  await writeFiles(tree, { 'staged.txt': 'staged\n' })
  await git(tree, 'add', 'staged.txt')
  await writeFiles(tree, {
    'README.md': 'unstaged\n',
    'new.txt': 'untracked, mine\n',
    'cache.ignored': 'ignored, mine\n',
    'elsewhere.txt': 'untracked\n',
  })
}

/** The question's own answer, as a person gives it. */
async function answer({ bench, pr, session }: Ground, option: string): Promise<Job> {
  await bench.enqueue(pr, { kind: 'sync_session', sessionId: session.id, trigger: 'command', source: null })
  await bench.settle()
  const { projectId, id: decisionId } = await bench.question(pr)
  const [actor, via] = ['alice', 'rest'] as const
  return { kind: 'answer_decision', projectId, decisionId, answer: option, actor, via, source: null }
}

/** Files that were moved already and a branch that was not: to the next start they may be changes that fit. */
const MOVED_ALREADY = ['fast_forwarded_dirty'] as const

/** Every scene, in the order of harm. */
export const KILL_SCENES: readonly KillScene[] = [
  {
    name: 'fast-forward',
    ends: 'fast_forwarded',
    mayEnd: MOVED_ALREADY,
    asks: false,
    thinnedTo: null,
    make: (ground) => hers(ground, OTHER_LINES),
  },
  {
    name: 'fast-forward over uncommitted work',
    ends: 'fast_forwarded_dirty',
    asks: false,
    thinnedTo: 14,
    async make(ground) {
      await appendFile(join(ground.tree, 'README.md'), 'mine\n')
      await hers(ground, OTHER_LINES)
    },
  },
  {
    name: 'rebase',
    ends: 'divergence_rebased',
    // The branch had moved: what is left are commits of ours on top of the remote.
    mayEnd: ['local_ahead_kept'],
    asks: false,
    thinnedTo: null,
    async make(ground) {
      await own(ground.tree, { 'mine.txt': 'mine\n' })
      await hers(ground, OTHER_LINES)
    },
  },
  {
    name: 'rebase that drops what the remote has',
    ends: 'divergence_rebased',
    // The branch had moved: what is left are commits of ours on top of the remote.
    mayEnd: ['local_ahead_kept'],
    asks: false,
    thinnedTo: null,
    async make(ground) {
      await own(ground.tree, { 'same.txt': 'same\n' })
      await own(ground.tree, { 'mine.txt': 'mine\n' })
      await hers(ground, { 'same.txt': 'same\n' })
      await hers(ground, OTHER_LINES)
    },
  },
  {
    name: 'adopted rewind',
    ends: 'adopted_rewind',
    asks: false,
    thinnedTo: null,
    async make(ground) {
      const { bench, branch, start } = ground
      await untold(ground, () => bench.repo.push({ by: 'alice', branch, to: `${start}~1`, force: true }))
    },
  },
  {
    name: 'own commits already upstream',
    ends: 'already_upstream',
    asks: false,
    thinnedTo: null,
    async make(ground) {
      await own(ground.tree, { 'same.txt': 'same\n' })
      await hers(ground, { 'same.txt': 'same\n' })
      await hers(ground, OTHER_LINES)
    },
  },
  {
    name: 'recovery of a clean worktree',
    ends: 'divergence_recovered_via_reset',
    asks: true,
    thinnedTo: null,
    make: conflict,
  },
  {
    name: 'recovery over staged, unstaged, untracked and ignored work in the way',
    ends: 'divergence_recovered_via_reset',
    asks: true,
    thinnedTo: 42,
    async make(ground) {
      await conflict(ground)
      await makeDirty(ground)
    },
  },
  {
    name: 'reset of an index in conflict, chosen by a person',
    ends: 'local_ahead_discarded',
    asks: false,
    thinnedTo: null,
    async make(ground) {
      const { tree } = ground
      await git(tree, 'checkout', '--quiet', '-b', 'side')
      await own(tree, { 'knot.txt': 'one way\n' })
      await git(tree, 'checkout', '--quiet', ground.branch)
      await own(tree, { 'knot.txt': 'another way\n' })
      await tryGit({ cwd: tree, args: ['merge', 'side'] })
      await hers(ground, OTHER_LINES)
    },
    job: (ground) => answer(ground, 'reset'),
  },
  {
    name: 'pause',
    ends: 'divergence_unreconciled',
    asks: true,
    isPausing: true,
    thinnedTo: null,
    make: conflict,
  },
  {
    name: 'push of own commits',
    ends: 'local_ahead_pushed',
    asks: false,
    agentEnds: 0,
    thinnedTo: null,
    make: ({ tree }) => own(tree, { 'mine.txt': 'mine\n' }),
  },
  {
    name: 'commit of leftovers',
    ends: 'local_ahead_pushed',
    asks: false,
    agentEnds: 0,
    thinnedTo: 20,
    make: (ground) => makeDirty(ground),
  },
  {
    name: 'pin after a failed attempt',
    ends: null,
    asks: true,
    agentEnds: 1,
    thinnedTo: null,
    make: (ground) => makeDirty(ground),
  },
  {
    name: 'rescue',
    ends: 'divergence_recovered_via_reset',
    asks: true,
    thinnedTo: 16,
    make: conflict,
    job: (ground) => answer(ground, 'rescue'),
  },
  {
    name: 'worktree made again',
    ends: 'fast_forwarded',
    mayEnd: MOVED_ALREADY,
    asks: false,
    thinnedTo: 20,
    async make(ground) {
      await hers(ground, OTHER_LINES)
      await rm(ground.tree, { recursive: true })
    },
  },
  {
    name: 'reset chosen by a person',
    ends: 'reset_succeeded',
    asks: false,
    thinnedTo: null,
    async make(ground) {
      await hers(ground, SAME_LINE)
      await appendFile(join(ground.tree, 'knot.txt'), 'mine\n')
    },
    job: (ground) => answer(ground, 'reset'),
  },
]
