// How an answer that did not come as a comment is handed in, and what can become of it. Knows no HTTP and no table.

/** An answer as somebody sent it; nothing of it is checked yet but who they are. */
export interface SubmittedAnswer {
  readonly pipelineId: string
  readonly decisionId: string
  /** An option id, a label, or the envelope `{action: 'select', selected}`. */
  readonly answer: unknown
  /** The name of the API token. */
  readonly actor: string
  readonly via: 'rest' | 'cli'
}

export type AnswerReply =
  /** The answer counts. `isOpen` is true after an option that leaves the question open, such as a rescue. */
  | { readonly kind: 'accepted'; readonly option: string; readonly isOpen: boolean }
  /** Stored, and judged as soon as the lane is free. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'pipeline_not_found' }
  | { readonly kind: 'decision_not_found' }
  | { readonly kind: 'already_resolved'; readonly answer: string; readonly by: string }
  /** Withdrawn or expired: why, and the question that is open in its place. */
  | { readonly kind: 'superseded'; readonly reason: string; readonly successor: string | null }
  | { readonly kind: 'not_an_option'; readonly options: readonly string[] }

/** Takes an answer in; throws only when the world is broken. */
export type SubmitAnswer = (submitted: SubmittedAnswer) => Promise<AnswerReply>
