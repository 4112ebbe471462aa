// What a row of the decision table says.

import type { DecisionOption } from './option.ts'

export interface DecisionSpec {
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
