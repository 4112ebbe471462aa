// The rows of the decision table that a sync opens.

import type { DecisionSpec } from './decision-spec.ts'
import type { SyncDecisionKind } from './kind.ts'
import {
  ABORT,
  CLOSE,
  CONTINUE_AFTER_RESET,
  RESCUE,
  RESET,
  RESET_ALONE,
  TRY_AGAIN,
  TRY_AGAIN_ALONE,
} from './option.ts'

const ASKED_ANEW = 'The question is withdrawn and asked anew for the new commit.'

/** Every question about a sync that could not go on. */
export const SYNC_QUESTIONS = {
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
      'Reset at phase start: the phase from its producer. Reset at phase end: a new producer attempt that is told the pin and the discarded commits. Asked for by populate: the plan is read after another sync, then the phase runs.',
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
          'The branch is pushed anew as it was last, unless it exists again by then; then the phase goes on, and what the agent made on top of it follows at its end.',
        action: 'restore_branch',
      },
      ABORT,
    ],
    optionsOnceEnded: [
      {
        id: 'continue',
        label: 'Push the branch again',
        button: 'Push it again',
        effect: 'The branch is pushed anew as it was last, unless it exists again by then. No phase runs.',
        action: 'restore_branch',
      },
      CLOSE,
    ],
    resumes: 'A sync that pushes the branch, then the interrupted step.',
    onPush: ASKED_ANEW,
  },
} as const satisfies Record<SyncDecisionKind, DecisionSpec>
