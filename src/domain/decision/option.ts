// The answers a question can offer, as far as several questions share them.

/** What an answer makes Belay do. */
export type AnswerAction =
  /** Opens a new run epoch and runs the phase again from its producer, or from where it stopped. */
  | 'resume_phase'
  /** The same, after a sync that pins everything and resets the worktree to the remote branch. */
  | 'reset_worktree'
  /** The same, after a sync that resets although the pin is on this machine only. */
  | 'accept_local_pin'
  /** The same, after a sync that pushes the branch anew. */
  | 'restore_branch'
  /** Cancels the pipeline; worktree and pins stay. */
  | 'cancel_pipeline'
  /** Syncs the worktree of a pipeline that had ended before. */
  | 'sync_worktree'
  /** Ends the question and nothing else. */
  | 'close_question'
  /** Puts the pinned commits on a branch of their own; the question stays open. */
  | 'rescue_commits'
  /** Reads the plan again, after a sync, and goes on when it holds tasks. */
  | 'populate_contract'
  /** Takes the proposal as accepted although a reviewer refused it. */
  | 'accept_proposal'
  /** A new attempt of the producer, which is told the refusals, and reviewers as often as at first. */
  | 'another_round'
  /** A new attempt of the agent, which is told what was chosen. */
  | 'tell_agent'
  /** Lets the agent answer the news that wait, with all its rounds again. */
  | 'send_news'
  /** Takes the news that wait as dealt with by people; the agent is not told. */
  | 'drop_news'

export interface DecisionOption {
  readonly id: string
  readonly label: string
  /** The text of the check-run button, at most 20 characters. */
  readonly button: string
  /** One sentence: what happens when this is chosen. */
  readonly effect: string
  readonly action: AnswerAction
}

export const ABORT = {
  id: 'abort',
  label: 'Abort pipeline',
  button: 'Abort pipeline',
  effect: 'The pipeline is cancelled. The worktree and every pin stay as they are.',
  action: 'cancel_pipeline',
} as const satisfies DecisionOption

export const CLOSE = {
  id: 'abort',
  label: 'Close the question',
  button: 'Close the question',
  effect: 'The question is closed. The worktree and every pin stay as they are.',
  action: 'close_question',
} as const satisfies DecisionOption

export const RESCUE = {
  id: 'rescue',
  label: 'Rescue my commits',
  button: 'Rescue my commits',
  effect: 'The pinned commits are put on a new branch and linked here. The question stays open.',
  action: 'rescue_commits',
} as const satisfies DecisionOption

export const CONTINUE_AFTER_RESET = {
  id: 'continue',
  label: 'Continue with post-reset state',
  button: 'Continue',
} as const

export const TRY_AGAIN = { id: 'continue', label: 'Try the sync again', button: 'Try again' } as const

export const TRY_AGAIN_ALONE = 'The sync is tried again from the start. No phase runs.'

export const RESET = {
  id: 'reset',
  label: 'Reset to the remote branch',
  button: 'Reset to the remote',
  effect:
    'Everything in the worktree is pinned again, then it is reset to the branch on GitHub, and the phase runs again from there. The agent is told what was set aside and where.',
  action: 'reset_worktree',
} as const satisfies DecisionOption

export const RESET_ALONE = {
  ...RESET,
  effect:
    'Everything in the worktree is pinned again, then it is reset to the branch on GitHub. No phase runs.',
} as const satisfies DecisionOption

export const NEWS_OPTIONS = [
  {
    id: 'continue',
    label: 'Let the agent answer again',
    button: 'Answer again',
    effect: 'The agent is told everything that waits, and the rounds count anew.',
    action: 'send_news',
  },
  {
    id: 'abort',
    label: 'Leave it to people',
    button: 'Leave it to people',
    effect: 'The agent is not told what waits. The session stays, and the agent hears of what comes later.',
    action: 'drop_news',
  },
] as const satisfies readonly DecisionOption[]

export const TRY_PHASE_AGAIN = {
  id: 'retry',
  label: 'Try the phase again',
  button: 'Try again',
  effect:
    'A new attempt starts from the worktree as it lies, after a sync; it is told how the last one ended and what is pinned.',
  action: 'resume_phase',
} as const satisfies DecisionOption

/** What an agent can offer to choose from; a stored question carries the agent's own words as labels. */
export const CHOICES = (['a', 'b', 'c'] as const).map(
  (id) =>
    ({
      id,
      label: `Choice ${id}`,
      button: `Choose ${id}`,
      effect: 'A new attempt of the agent is told this choice.',
      action: 'tell_agent',
    }) as const satisfies DecisionOption,
)
