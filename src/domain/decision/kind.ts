// The closed list of questions Belay can ask.

/** A question that a sync opens when it could not go on. */
export type SyncDecisionKind =
  'hard_reset_recovery' | 'divergence_reconcile_unacked' | 'sync_blocked' | 'backup_failed' | 'branch_gone'

/** A key of the decision table. */
export type DecisionKind = SyncDecisionKind | 'nudge_budget'
