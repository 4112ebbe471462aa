// What the change log tells of pipelines, phases, questions and alerts.

/** Lifecycle facts for the change log; row changes are written by triggers in the database. */
export type LifecycleType =
  | 'pipeline.started'
  | 'pipeline.completed'
  | 'pipeline.failed'
  | 'pipeline.cancelled'
  | 'phase.started'
  | 'phase.completed'
  | 'phase.failed'
  | 'decision.created'
  | 'decision.resolved'
  | 'decision.cancelled'
  | 'decision.expired'
  | 'consensus.proposed'
  | 'consensus.accepted'
  | 'consensus.refused'
  | 'contract.populated'
  | 'alert.raised'
  | 'sync.completed'
