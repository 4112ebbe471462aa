// How each question of the table of decisions comes to be.

import type { Act } from './act.ts'
import type { Setup } from './setup.ts'
import {
  RUN,
  WELL,
  ENDS_WELL,
  FAILS,
  REFUSES,
  OWN,
  SHARED,
  CONFLICTS,
  DELETES,
  RED,
  A_MINUTE,
  WORK,
  PAUSING,
  REVIEWED,
  PLANNED,
} from './story-acts.ts'

/** How a question comes to be, and how many answers it has. */
export interface Asked {
  readonly name: string
  readonly setup: Setup
  readonly acts: readonly Act[]
  readonly options: number
  /** What makes the world well before the answer, or lets it go on after it. */
  readonly before?: readonly Act[]
}

/** An attempt that failed and was given up leaves its commits in the worktree. */
export const LEFT_BEHIND: readonly Act[] = [
  RUN,
  SHARED,
  FAILS,
  { do: 'answer', which: 'open', option: 1, by: 'alice', via: 'rest', delivery: 'once' },
]
const DONE: readonly Act[] = [RUN, OWN, ENDS_WELL]
const REFUSED_ROUND: readonly Act[] = [OWN, ENDS_WELL, REFUSES, REFUSES]
const PIN_REFUSED: Act = { do: 'fault', set: { pinPush: 'secret_found' } }

/** Every question of the table, asked of a pipeline and, where it can be, of a worktree whose pipeline had ended. */
export const ASKED: readonly Asked[] = [
  { name: 'hard_reset_recovery', setup: WORK, acts: [RUN, SHARED, CONFLICTS, ENDS_WELL], options: 3 },
  { name: 'hard_reset_recovery once ended', setup: WORK, acts: [...LEFT_BEHIND, CONFLICTS], options: 3 },
  {
    name: 'divergence_reconcile_unacked',
    setup: PAUSING,
    acts: [RUN, SHARED, CONFLICTS, ENDS_WELL],
    options: 4,
  },
  {
    name: 'divergence_reconcile_unacked once ended',
    setup: PAUSING,
    acts: [...LEFT_BEHIND, CONFLICTS],
    options: 4,
  },
  {
    name: 'sync_blocked',
    setup: WORK,
    acts: [RUN, OWN, { do: 'fault', set: { push: 'protected' } }, ENDS_WELL],
    options: 3,
    before: [WELL],
  },
  {
    name: 'sync_blocked once ended',
    setup: WORK,
    acts: [...DONE, { do: 'trouble', is: 'detached' }, { do: 'sync' }],
    options: 3,
  },
  { name: 'backup_failed', setup: WORK, acts: [RUN, SHARED, CONFLICTS, PIN_REFUSED, ENDS_WELL], options: 3 },
  {
    name: 'backup_failed once ended',
    setup: WORK,
    acts: [...LEFT_BEHIND, PIN_REFUSED, CONFLICTS],
    options: 2,
  },
  { name: 'branch_gone', setup: WORK, acts: [RUN, OWN, DELETES], options: 2 },
  { name: 'branch_gone once ended', setup: WORK, acts: [...DONE, DELETES], options: 2 },
  { name: 'empty_contract', setup: PLANNED, acts: [RUN, OWN, ENDS_WELL], options: 3 },
  {
    name: 'consensus_stalled',
    setup: REVIEWED,
    acts: [RUN, ...REFUSED_ROUND, ...REFUSED_ROUND, ...REFUSED_ROUND],
    options: 3,
  },
  { name: 'agent_failed', setup: WORK, acts: [RUN, OWN, FAILS], options: 2 },
  {
    name: 'agent_question',
    setup: WORK,
    acts: [RUN, { do: 'ask', choices: 3, at: 0 }, ENDS_WELL],
    options: 4,
  },
  {
    name: 'nudge_budget',
    setup: WORK,
    acts: [...DONE, A_MINUTE, RED, A_MINUTE, A_MINUTE, OWN, ENDS_WELL, A_MINUTE, RED, A_MINUTE, A_MINUTE],
    options: 2,
  },
]
