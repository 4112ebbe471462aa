// The contract of every question: kind, options, what each answer does, what a push does to it. No code opens a
// decision that is not in this table; docs/decisions.md is generated from it.

import type { BranchName, Sha } from '../ids.ts'
import type { CommitSummary } from '../sync/facts.ts'
import type { SyncCase } from '../sync/case.ts'
import type { PinNote } from '../sync/pin.ts'
import type { PushResult } from '../sync/step.ts'
import type { DecisionKind } from './kind.ts'

/** What an answer makes Belay do. */
export type AnswerAction =
  /** Opens a new run epoch and runs the phase again from its producer. */
  | 'resume_phase'
  /** Cancels the pipeline; worktree and pins stay. */
  | 'cancel_pipeline'
  /** Syncs the worktree of a pipeline that had ended before. */
  | 'sync_worktree'
  /** Ends the question and nothing else. */
  | 'close_question'
  /** Puts the pinned commits on a branch of their own; the question stays open. */
  | 'rescue_commits'

export interface DecisionOption {
  readonly id: string
  readonly label: string
  /** The text of the check-run button, at most 20 characters. */
  readonly button: string
  /** One sentence: what happens when this is chosen. */
  readonly effect: string
  readonly action: AnswerAction
}

interface DecisionSpec {
  readonly title: string
  /** Status of pipeline and phase while it is open. */
  readonly statusWhileOpen: 'failed' | 'awaiting_human'
  readonly options: readonly DecisionOption[]
  /** The options when the pipeline had ended before: an answer moves the worktree only. */
  readonly optionsOnceEnded: readonly DecisionOption[]
  /** What continue takes up again, in words. */
  readonly resumes: string
  /** What happens when the branch moves while it is open. */
  readonly onPush: string
}

const ABORT = {
  id: 'abort',
  label: 'Abort pipeline',
  button: 'Abort pipeline',
  effect: 'The pipeline is cancelled. The worktree and every pin stay as they are.',
  action: 'cancel_pipeline',
} as const satisfies DecisionOption

const CLOSE = {
  id: 'abort',
  label: 'Close the question',
  button: 'Close the question',
  effect: 'The question is closed. The worktree and every pin stay as they are.',
  action: 'close_question',
} as const satisfies DecisionOption

const RESCUE = {
  id: 'rescue',
  label: 'Rescue my commits',
  button: 'Rescue my commits',
  effect: 'The discarded commits are put on a new branch and linked here. The question stays open.',
  action: 'rescue_commits',
} as const satisfies DecisionOption

/** Every kind of question Belay can ask. */
export const DECISIONS = {
  hard_reset_recovery: {
    title: 'The branch diverged and was reset',
    statusWhileOpen: 'failed',
    options: [
      {
        id: 'continue',
        label: 'Continue with post-reset state',
        button: 'Continue',
        effect:
          'The phase runs again from the branch as it is now. The agent is told what was set aside and where.',
        action: 'resume_phase',
      },
      ABORT,
      RESCUE,
    ],
    optionsOnceEnded: [
      {
        id: 'continue',
        label: 'Continue with post-reset state',
        button: 'Continue',
        effect: 'The sync is tried again, from the worktree as it is now.',
        action: 'sync_worktree',
      },
      CLOSE,
      RESCUE,
    ],
    resumes:
      'Reset at phase start: the phase from its producer. Reset at phase end: a new producer attempt that is told the pin and the discarded commits.',
    onPush: 'The question is withdrawn and asked anew for the new commit.',
  },
  sync_blocked: {
    title: 'The worktree could not be synced',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        id: 'continue',
        label: 'Try the sync again',
        button: 'Try again',
        effect: 'The sync is tried again from the start; when it succeeds the phase goes on.',
        action: 'resume_phase',
      },
      ABORT,
    ],
    optionsOnceEnded: [
      {
        id: 'continue',
        label: 'Try the sync again',
        button: 'Try again',
        effect: 'The sync is tried again from the start. No phase runs.',
        action: 'sync_worktree',
      },
      CLOSE,
    ],
    resumes: 'A fresh sync, then the phase from its producer.',
    onPush: 'The question is withdrawn and asked anew for the new commit.',
  },
} as const satisfies Record<DecisionKind, DecisionSpec>

/** The facts a question is rendered from; stored, so that it can be rendered again years later. */
export interface DecisionDetails {
  readonly case: SyncCase
  readonly moment: 'phase_start' | 'phase_end' | 'recovery'
  readonly branch: BranchName
  /** HEAD of the worktree before anything was done; null when it was not known. */
  readonly localHead: Sha | null
  readonly remoteHead: Sha | null
  readonly mergeBase: Sha | null
  readonly discarded: readonly CommitSummary[]
  readonly remoteCommits: readonly CommitSummary[]
  readonly conflictingPaths: readonly string[]
  readonly pins: readonly PinNote[]
  /** Whether the worktree is clean at the remote head now. */
  readonly isReset: boolean
  /** The refusal when the branch could not be pushed; null for every other case. */
  readonly pushRefusal: Exclude<PushResult, 'pushed'> | null
  /** Git's own word or the blocking paths, for the person who has to look. */
  readonly note: string
}

/** Returns the context string of a question: `<kind>:<phase>`. */
export function decisionContext(kind: DecisionKind, phase: string): string {
  return `${kind}:${phase}`
}

/**
 * Returns the options a question is asked with.
 *
 * When the reset failed as well there is nothing to continue from: abort is all that is offered.
 */
export function optionsFor(
  kind: DecisionKind,
  facts: { readonly isReset: boolean; readonly concerns: 'pipeline' | 'worktree' },
): readonly DecisionOption[] {
  const isEnded = facts.concerns === 'worktree'
  if (kind === 'hard_reset_recovery' && !facts.isReset) return [isEnded ? CLOSE : ABORT]
  return isEnded ? DECISIONS[kind].optionsOnceEnded : DECISIONS[kind].options
}
