// What each answer must lead to, said a second time and apart from the program: one entry for every action there is.

import type { Job } from '../../../src/domain/changes.ts'
import type { AnswerAction } from '../../../src/domain/decision/option.ts'
import type { Decision } from '../../../src/domain/records.ts'

/** What stands in the database and in the lane after an answer took effect. */
export interface ExpectedEffect {
  /** `resumed`: it runs under the next epoch. `kept`: it stays as the question found it. */
  readonly pipeline: 'resumed' | 'cancelled' | 'kept'
  /** The job that needs a worktree; null when there is none. */
  readonly job: { readonly kind: Job['kind']; readonly choice?: string } | null
  readonly staysOpen?: true
  /** What becomes of news that waits. */
  readonly news?: 'pending' | 'acknowledged'
}

type ByConcern = Readonly<Record<Decision['concerns'], ExpectedEffect | 'never asked'>>

const NEVER = 'never asked'
const KEPT = { pipeline: 'kept', job: null } as const
const RESCUE = { pipeline: 'kept', job: { kind: 'rescue_commits' }, staysOpen: true } as const

function again(kind: Job['kind'], choice?: string): ExpectedEffect {
  return { pipeline: 'resumed', job: { kind, ...(choice === undefined ? {} : { choice }) } }
}

function syncAlone(choice?: string): ExpectedEffect {
  return { pipeline: 'kept', job: { kind: 'sync_session', ...(choice === undefined ? {} : { choice }) } }
}

const EFFECTS: Readonly<Record<AnswerAction, ByConcern>> = {
  resume_phase: { pipeline: again('start_phase'), worktree: NEVER },
  reset_worktree: { pipeline: again('start_phase', 'reset'), worktree: syncAlone('reset') },
  accept_local_pin: { pipeline: again('start_phase', 'local_pin'), worktree: syncAlone('local_pin') },
  restore_branch: { pipeline: again('start_phase', 'restore_branch'), worktree: syncAlone('restore_branch') },
  cancel_pipeline: { pipeline: { pipeline: 'cancelled', job: null }, worktree: NEVER },
  sync_worktree: { pipeline: NEVER, worktree: syncAlone() },
  close_question: { pipeline: NEVER, worktree: KEPT },
  rescue_commits: { pipeline: RESCUE, worktree: RESCUE },
  populate_contract: { pipeline: again('conclude_phase'), worktree: NEVER },
  accept_proposal: { pipeline: again('conclude_phase'), worktree: NEVER },
  another_round: { pipeline: again('start_phase'), worktree: NEVER },
  tell_agent: { pipeline: again('start_phase'), worktree: NEVER },
  send_news: { pipeline: NEVER, worktree: { ...KEPT, news: 'pending' } },
  drop_news: { pipeline: NEVER, worktree: { ...KEPT, news: 'acknowledged' } },
}

/** Returns what an action must lead to; throws for one that no question of that concern may offer. */
export function expectedEffect(action: AnswerAction, concerns: Decision['concerns']): ExpectedEffect {
  const expected = EFFECTS[action][concerns]
  if (expected === NEVER) throw new Error(`${action} is offered where a question is about the ${concerns}`)
  return expected
}
