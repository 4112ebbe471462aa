// The closed list of questions Belay can ask.

/** A key of the decision table. */
export type DecisionKind = 'hard_reset_recovery' | 'sync_blocked'
