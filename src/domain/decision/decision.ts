// The contract of every question: kind, options, what each answer does, what a push does to it. No code opens a
// decision that is not in this table; docs/decisions.md is generated from it.

import { caseSpec, type SyncCase } from '../sync/case.ts'
import type { DecisionKind, SyncDecisionKind } from './kind.ts'
import {
  ABORT,
  CLOSE,
  CONTINUE_AFTER_RESET,
  NEWS_OPTIONS,
  RESCUE,
  RESET,
  RESET_ALONE,
  TRY_AGAIN,
  TRY_AGAIN_ALONE,
  type DecisionOption,
} from './option.ts'

interface DecisionSpec {
  readonly title: string
  /** Status of pipeline and phase while it is open; null when it is asked between two pipelines and stops none. */
  readonly statusWhileOpen: 'failed' | 'awaiting_human' | null
  readonly options: readonly DecisionOption[]
  /** The options when the pipeline had ended before: an answer moves the worktree only. */
  readonly optionsOnceEnded: readonly DecisionOption[]
  /** What continue takes up again, in words. */
  readonly resumes: string
  /** What happens when the branch moves while it is open. */
  readonly onPush: string
}

const ASKED_ANEW = 'The question is withdrawn and asked anew for the new commit.'

/** Every kind of question Belay can ask. */
export const DECISIONS = {
  hard_reset_recovery: {
    title: 'The branch diverged and was reset',
    statusWhileOpen: 'failed',
    options: [
      {
        ...CONTINUE_AFTER_RESET,
        effect:
          'The phase runs again from the branch as it is now. The agent is told what was set aside and where.',
        action: 'resume_phase',
      },
      ABORT,
      RESCUE,
    ],
    optionsOnceEnded: [
      {
        ...CONTINUE_AFTER_RESET,
        effect: 'The sync is tried again, from the worktree as it is now.',
        action: 'sync_worktree',
      },
      CLOSE,
      RESCUE,
    ],
    resumes:
      'Reset at phase start: the phase from its producer. Reset at phase end: a new producer attempt that is told the pin and the discarded commits.',
    onPush: ASKED_ANEW,
  },
  divergence_reconcile_unacked: {
    title: 'The branch diverged and the worktree was left as it is',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        ...TRY_AGAIN,
        effect: 'The sync is tried again in place; when it succeeds the phase goes on where it stopped.',
        action: 'resume_phase',
      },
      RESET,
      ABORT,
      RESCUE,
    ],
    optionsOnceEnded: [
      { ...TRY_AGAIN, effect: TRY_AGAIN_ALONE, action: 'sync_worktree' },
      RESET_ALONE,
      CLOSE,
      RESCUE,
    ],
    resumes:
      'A sync in place, then the interrupted step. After three such pauses of a phase one last question names them all, without `continue`.',
    onPush: ASKED_ANEW,
  },
  sync_blocked: {
    title: 'The worktree could not be synced',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        ...TRY_AGAIN,
        effect: 'The sync is tried again from the start; when it succeeds the phase goes on.',
        action: 'resume_phase',
      },
      RESET,
      ABORT,
    ],
    optionsOnceEnded: [
      { ...TRY_AGAIN, effect: TRY_AGAIN_ALONE, action: 'sync_worktree' },
      RESET_ALONE,
      CLOSE,
    ],
    resumes:
      'A fresh sync, then the phase from its producer. `reset` is offered where a reset can be made safe.',
    onPush: ASKED_ANEW,
  },
  backup_failed: {
    title: 'The pin could not be put on the remote',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        id: 'continue',
        label: 'Continue with the pin on the runner',
        button: 'Continue without',
        effect:
          'The sync runs again and resets the worktree; the verified pin stays on the machine that runs Belay only.',
        action: 'accept_local_pin',
      },
      {
        id: 'retry',
        label: 'Try to push the pin again',
        button: 'Try again',
        effect: 'The sync runs again from the start and tries to push the pin before it resets anything.',
        action: 'resume_phase',
      },
      ABORT,
    ],
    optionsOnceEnded: [
      {
        id: 'continue',
        label: 'Continue with the pin on the runner',
        button: 'Continue without',
        effect:
          'The worktree is reset; the verified pin stays on the machine that runs Belay only. No phase runs.',
        action: 'accept_local_pin',
      },
      CLOSE,
    ],
    resumes: 'A fresh sync, which ends with the recovery and its own question.',
    onPush: ASKED_ANEW,
  },
  branch_gone: {
    title: 'The branch is gone from the remote',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        id: 'continue',
        label: 'Push the branch again',
        button: 'Push it again',
        effect:
          'The branch is pushed anew from the worktree, unless it exists again by then; then the phase goes on.',
        action: 'restore_branch',
      },
      ABORT,
    ],
    optionsOnceEnded: [
      {
        id: 'continue',
        label: 'Push the branch again',
        button: 'Push it again',
        effect: 'The branch is pushed anew from the worktree, unless it exists again by then. No phase runs.',
        action: 'restore_branch',
      },
      CLOSE,
    ],
    resumes: 'A sync that pushes the branch, then the interrupted step.',
    onPush: ASKED_ANEW,
  },
  nudge_budget: {
    title: 'The agent answered news as often as it may',
    statusWhileOpen: null,
    options: NEWS_OPTIONS,
    optionsOnceEnded: NEWS_OPTIONS,
    resumes: 'A `respond` pipeline with everything that waits; the rounds count from the answer on.',
    onPush:
      'The question is withdrawn. After the push of a person the agent may answer news again; after any other it is asked anew, in the same comment, if news still wait.',
  },
} as const satisfies Record<DecisionKind, DecisionSpec>

/** Returns the context string of a question: what it is about stands after the colon. */
export function decisionContext(
  kind: DecisionKind,
  subject: { readonly phase: string; readonly prNumber: number },
): string {
  const isOfPullRequest = kind === 'branch_gone' || kind === 'nudge_budget'
  return `${kind}:${isOfPullRequest ? subject.prNumber : subject.phase}`
}

export interface OptionFacts {
  readonly case: SyncCase
  readonly isReset: boolean
  readonly concerns: 'pipeline' | 'worktree'
  /** Questions of this kind that were answered with continue before, for the same phase. */
  readonly earlierPauses: number
}

/** So often a person may ask for another sync of the same divergence before the choice is between its two sides. */
const MOST_PAUSES = 3

/**
 * Returns the options a question about a sync is asked with; every other kind is asked with all of its options.
 *
 * When a reset failed there is nothing to continue from: going on would take the half of it that was done for the agent's
 * work. A reset is offered only where everything can be saved first.
 */
export function optionsFor(kind: SyncDecisionKind, facts: OptionFacts): readonly DecisionOption[] {
  const isEnded = facts.concerns === 'worktree'
  if (kind === 'hard_reset_recovery' && !facts.isReset) return [isEnded ? CLOSE : ABORT]
  const all: readonly DecisionOption[] = isEnded ? DECISIONS[kind].optionsOnceEnded : DECISIONS[kind].options
  return all.filter(({ id }) => {
    if (id === 'reset') return caseSpec(facts.case).canReset === true
    return id !== 'continue' || (!isLastPause(kind, facts) && facts.case !== 'reset_failed')
  })
}

function isLastPause(kind: SyncDecisionKind, { earlierPauses }: OptionFacts): boolean {
  return kind === 'divergence_reconcile_unacked' && earlierPauses >= MOST_PAUSES
}
