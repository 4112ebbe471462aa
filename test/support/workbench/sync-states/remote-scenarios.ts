// Rows about how both sides stand to each other, without a conflict between them. Stories only.

import { expect } from 'vitest'
import { update } from '../../../../src/domain/changes.ts'
import { git, writeFiles } from '../../temp-repo.ts'
import { playAttempt } from '../scenes.ts'
import { MOVED, PINNED, REPLAYED, TRY, TRY_OR_RESET, type Played, type Row } from './scenario.ts'
import { ownCommit, remoteHead, remotePush, remoteTo, runSync, type Stage } from './stage.ts'
import { headOf, statusOf, textIn } from './state-of.ts'

const OTHER = { 'other.txt': 'other\n' } as const
const MINE = { 'mine.txt': 'mine\n' } as const

async function isAtRemote({ stage }: Played): Promise<void> {
  expect(await headOf(stage)).toBe(await remoteHead(stage))
  expect(await statusOf(stage)).toEqual([])
}

/** Subjects of what the worktree has since the start, newest first. */
async function subjects({ tree, start }: Stage): Promise<readonly string[]> {
  const text = await git(tree, 'log', '--format=%s', `${start}..HEAD`)
  return text === '' ? [] : text.split('\n')
}

/** What both sides agreed on is more than where they started. */
async function agree(stage: Stage): Promise<string> {
  const head = await remotePush(stage, OTHER)
  const { report } = await runSync(stage)
  if (report.case !== 'fast_forwarded') throw new Error(`The stage is not set: ${report.case}`)
  return head
}

async function deleteBranch({ bench, branch }: Pick<Stage, 'bench' | 'branch'>): Promise<void> {
  await bench.repo.push({ by: 'alice', branch, delete: true })
}

const protectedBranch = '#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n'
const PUSHED = [...REPLAYED, 'push_branch'] as const

/** One story for each row. */
export const REMOTE_SCENARIOS = {
  fetch_fails: {
    async arrange(stage) {
      await ownCommit(stage, MINE)
      await writeFiles(stage.tree, { 'README.md': '# Changed\n' })
      await remotePush(stage, OTHER)
      stage.bench.watch.tokens = 'revoked'
    },
    steps: [],
    asks: TRY,
    clear: async ({ bench }) => void (await Promise.resolve((bench.watch.tokens = 'good'))),
  },

  branch_deleted: {
    async arrange(stage) {
      await ownCommit(stage, MINE)
      await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
      await deleteBranch(stage)
    },
    steps: PINNED,
    asks: TRY,
    check: async ({ stage }) => expect(await remoteHead(stage)).toBeUndefined(),
  },

  branch_never_there: {
    async arrange(stage) {
      await ownCommit(stage, MINE)
      await deleteBranch(stage)
      const forget = update('sessions', { where: { id: stage.session.id }, set: { lastSyncedSha: null } })
      await stage.bench.store.commit([forget], null)
    },
    steps: [],
  },

  name_clash: {
    async arrange({ bench, branch, start }) {
      // The mirror learns of `x/y` from another session; then `x/y` goes and `x`, this session's, comes back.
      await deleteBranch({ bench, branch })
      bench.github.faults.clear()
      await playAttempt(bench, `${branch}/deeper`)
      await deleteBranch({ bench, branch: `${branch}/deeper` })
      await bench.repo.push({ by: 'alice', branch, to: start })
    },
    steps: [],
    check: isAtRemote,
  },

  base_missing: {
    async arrange({ bench, session, start }) {
      await bench.repo.push({ by: 'alice', branch: 'old-base', to: start })
      const set = { baseRef: 'old-base' }
      await bench.store.commit([update('sessions', { where: { id: session.id }, set })], null)
      await deleteBranch({ bench, branch: 'old-base' })
    },
    steps: [],
    check: isAtRemote,
  },

  equal: { arrange: () => Promise.resolve(), steps: [], check: isAtRemote },

  behind: {
    async arrange(stage) {
      await remotePush(stage, OTHER)
      await remotePush(stage, { 'knot.txt': 'tied by alice\n' })
    },
    steps: MOVED,
    async check(played) {
      await isAtRemote(played)
      expect(await textIn(played.stage, 'knot.txt')).toBe('tied by alice\n')
      const { localAhead, remoteAhead } = played.ending.report.operation
      expect({ localAhead, remoteAhead }).toEqual({ localAhead: 0, remoteAhead: 2 })
    },
  },

  ahead: {
    arrange: async (stage) => void (await ownCommit(stage, MINE)),
    wish: { push: true },
    steps: ['push_branch'],
    check: isAtRemote,
  },

  ahead_after_failure: {
    arrange: async (stage) => void (await ownCommit(stage, MINE)),
    wish: { push: false },
    steps: [],
    check: async ({ stage }) => expect(await remoteHead(stage)).toBe(stage.start),
  },

  ahead_push_refused: {
    async arrange(stage) {
      await ownCommit(stage, MINE)
      await stage.bench.repo.git.preReceive(protectedBranch)
    },
    wish: { push: true },
    steps: ['push_branch'],
    isCutShort: true,
    asks: TRY_OR_RESET,
    async check({ stage, ending }) {
      expect(await remoteHead(stage)).toBe(stage.start)
      expect(ending.question?.details.pushRefusal).toBe('protected')
    },
    clear: ({ bench }) => bench.repo.git.preReceive('#!/bin/sh\nexit 0\n'),
  },

  rewound_without_own: {
    async arrange(stage) {
      await agree(stage)
      await remoteTo(stage, stage.start)
    },
    steps: REPLAYED,
    async check(played) {
      await isAtRemote(played)
      expect(await headOf(played.stage)).toBe(played.stage.start)
      expect(await textIn(played.stage, 'other.txt')).toBeNull()
    },
  },

  rewound_with_own: {
    async arrange(stage) {
      await agree(stage)
      await ownCommit(stage, MINE)
      await remoteTo(stage, stage.start)
    },
    wish: { push: true },
    steps: PUSHED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['Change mine.txt'])
      expect(await textIn(played.stage, 'other.txt')).toBeNull()
    },
  },

  rewritten_all_upstream: {
    async arrange(stage) {
      await agree(stage)
      await ownCommit(stage, MINE)
      await remotePush(stage, MINE, { onto: stage.start, force: true, message: 'Take what the agent made' })
    },
    wish: { push: true },
    steps: REPLAYED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['Take what the agent made'])
    },
  },

  diverged: {
    async arrange(stage) {
      await ownCommit(stage, MINE, 'First of ours')
      await ownCommit(stage, { 'more.txt': 'more\n' }, 'Second of ours')
      await remotePush(stage, OTHER)
    },
    wish: { push: true },
    steps: PUSHED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['Second of ours', 'First of ours', 'Change other.txt'])
      expect(await git(played.stage.tree, 'log', '-1', '--format=%an')).toBe('Petra')
    },
  },

  diverged_all_upstream: {
    async arrange(stage) {
      await ownCommit(stage, MINE)
      await remotePush(stage, MINE, { message: 'The same by alice' })
    },
    wish: { push: true },
    steps: REPLAYED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['The same by alice'])
    },
  },

  becomes_empty: {
    async arrange(stage) {
      await ownCommit(stage, MINE, 'Taken over')
      await ownCommit(stage, { 'more.txt': 'more\n' }, 'Still ours')
      await remotePush(stage, { ...MINE, ...OTHER }, { message: 'Mine and more' })
    },
    wish: { push: true },
    steps: PUSHED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['Still ours', 'Mine and more'])
      expect(played.ending.report.facts).toMatchObject({
        relation: { rebase: { kind: 'clean', dropped: [{ subject: 'Taken over' }] } },
      })
    },
  },

  empty_commit: {
    async arrange(stage) {
      await ownCommit(stage, {}, 'Nothing but words')
      await remotePush(stage, OTHER)
    },
    wish: { push: true },
    steps: PUSHED,
    async check(played) {
      await isAtRemote(played)
      expect(await subjects(played.stage)).toEqual(['Nothing but words', 'Change other.txt'])
    },
  },
} as const satisfies Readonly<Record<string, Row>>
