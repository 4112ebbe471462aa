// Rows about what a person chose in answer to a question. Stories only.

import { expect } from 'vitest'
import { git, writeFiles } from '../../temp-repo.ts'
import { expectPinned, lockBeforeReset } from './conflict-scenarios.ts'
import { PINNED, RECOVERED, type Row } from './scenario.ts'
import { ownCommit, remoteHead, remotePush } from './stage.ts'
import { headOf, statusOf } from './state-of.ts'

const HERS = { 'knot.txt': 'tied by alice\n' } as const

/** One story for each row. */
export const CHOSEN_SCENARIOS = {
  reset_chosen: {
    async arrange(stage) {
      await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
      await git(stage.tree, 'checkout', '--quiet', '--detach')
      await git(stage.tree, 'bisect', 'start')
    },
    wish: { choice: 'reset' },
    steps: [
      ...([...PINNED, 'push_pin', 'end_operation'] as const),
      ...(['reset_tree', 'attach_head', 'verify_worktree'] as const),
    ],
    async check(played) {
      expect(await statusOf(played.stage)).toEqual(['?? note.txt'])
      await expectPinned(played, { 'README.md': '# Changed\n', 'note.txt': 'only here\n' })
    },
  },

  reset_chosen_with_own: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'knot.txt': 'changed\n' })
      await remotePush(stage, HERS)
    },
    wish: { choice: 'reset' },
    steps: RECOVERED,
    async check(played) {
      expect(await headOf(played.stage)).toBe(await remoteHead(played.stage))
      expect(await statusOf(played.stage)).toEqual([])
      await expectPinned(played, { 'knot.txt': 'changed\n', 'mine.txt': 'mine\n' })
    },
  },

  reset_chosen_fails: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await writeFiles(stage.tree, { 'knot.txt': 'changed\n' })
      await remotePush(stage, HERS)
    },
    wish: { choice: 'reset' },
    meanwhile: lockBeforeReset,
    steps: [...PINNED, 'push_pin', 'reset_tree'],
    isCutShort: true,
    // Going on would take a half-done reset for the agent's work.
    asks: ['reset', 'abort'],
    async check(played) {
      expect(await headOf(played.stage)).toBe(played.before.head)
      await expectPinned(played, { 'knot.txt': 'changed\n', 'mine.txt': 'mine\n' })
    },
  },

  restore_chosen: {
    async arrange(stage) {
      await ownCommit(stage, { 'mine.txt': 'mine\n' })
      await stage.bench.repo.push({ by: 'alice', branch: stage.branch, delete: true })
    },
    wish: { choice: 'restore_branch' },
    steps: ['push_branch'],
    async check({ stage }) {
      expect(await remoteHead(stage)).toBe(stage.start)
      expect(await headOf(stage)).not.toBe(stage.start)
    },
  },
} as const satisfies Readonly<Record<string, Row>>
