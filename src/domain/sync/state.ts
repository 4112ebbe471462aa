// Every state of a worktree, its registration and its remote that Belay knows, with what is done about it. The table is
// what docs/sync-cases.md shows and what the scenario tests walk through: a row nobody reaches fails the suite.

import { CHOSEN_STATES } from './chosen-states.ts'
import { HEAD_STATES } from './head-states.ts'
import { REGISTRATION_STATES } from './registration-states.ts'
import { REMOTE_STATES } from './remote-states.ts'
import type { SyncState } from './sync-state.ts'
import { WORKTREE_STATES } from './worktree-states.ts'

/** The tables people read, in their order. */
export const SYNC_STATE_TABLES = [
  {
    title: 'Files, index and HEAD',
    says: 'What can be the matter in the worktree.',
    states: { ...WORKTREE_STATES, ...HEAD_STATES },
  },
  {
    title: 'Folder and git files',
    says: 'What can be the matter with the folder and with what Belay made to find it.',
    states: REGISTRATION_STATES,
  },
  {
    title: 'The remote branch',
    says: 'How both sides can stand to each other.',
    states: REMOTE_STATES,
  },
  {
    title: "A person's answer",
    says: 'What a question that was answered asks of the next sync.',
    states: CHOSEN_STATES,
  },
] as const

/** Every row by its name. */
export const SYNC_STATES = {
  ...WORKTREE_STATES,
  ...HEAD_STATES,
  ...REGISTRATION_STATES,
  ...REMOTE_STATES,
  ...CHOSEN_STATES,
} as const satisfies Record<string, SyncState>

/** The name of a row. */
export type SyncStateId = keyof typeof SYNC_STATES
