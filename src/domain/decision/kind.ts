// The closed list of questions Belay can ask.

/** A question that a sync opens when it could not go on. */
export type SyncDecisionKind =
  'hard_reset_recovery' | 'divergence_reconcile_unacked' | 'sync_blocked' | 'backup_failed' | 'branch_gone'

/** A question about the work of a phase: the worktree is in step, and a person has to decide what follows. */
export type WorkDecisionKind = 'empty_contract' | 'consensus_stalled' | 'agent_failed' | 'agent_question'

/** A key of the decision table. */
export type DecisionKind = SyncDecisionKind | WorkDecisionKind | 'nudge_budget'
