// The states a sync is in because a person chose what becomes of both sides. Data only.

import type { SyncState } from './sync-state.ts'

/** What a person's answer can ask of a sync. */
export const CHOSEN_STATES = {
  reset_chosen: {
    state: 'a person chose the remote branch for a blocked worktree',
    seen: 'the answer',
    does: 'pins, ends what is half done, resets',
    keeps: 'everything',
    case: 'reset_succeeded',
  },
  reset_chosen_with_own: {
    state: 'as above, with commits of ours',
    seen: 'the answer',
    does: 'as above',
    keeps: 'everything',
    case: 'local_ahead_discarded',
  },
  reset_chosen_fails: {
    state: 'a person chose the remote branch and the reset fails',
    seen: "git's words",
    does: 'stops, asks again',
    keeps: 'the pin, made before',
    case: 'reset_failed',
  },
  restore_chosen: {
    state: 'a person wants a deleted branch back',
    seen: 'the answer',
    does: 'pushes it anew as it was, create-only; what may not be pushed yet stays on top here',
    keeps: null,
    case: 'local_ahead_pushed',
  },
} as const satisfies Record<string, SyncState>
