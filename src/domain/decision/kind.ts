// The closed list of questions Belay can ask.

/** A key of the decision table. */
export type DecisionKind =
  'hard_reset_recovery' | 'divergence_reconcile_unacked' | 'sync_blocked' | 'backup_failed' | 'branch_gone'
