// What a transaction can demand before anything of it is written.

/** A condition that must hold inside the transaction, or nothing of it is written. */
export type Guard =
  /** The one predicate behind "nothing goes around an open question". */
  | { readonly kind: 'no_open_decision'; readonly sessionId: string }
  | { readonly kind: 'no_running_attempt'; readonly sessionId: string }
  | { readonly kind: 'no_live_session'; readonly projectId: string; readonly prNumber: number }
