// A plan as it was read: its tasks, or what is wrong with it. Types only.

/** One thing that is wrong with a plan. Its text quotes the plan, so it is no safe Markdown. */
export interface PlanFault {
  /** Line of the plan, from 1. */
  readonly line: number
  /** A full sentence. */
  readonly message: string
}

/** One task of a plan. */
export interface PlanTask {
  /** Unique in the plan; `[a-z0-9][a-z0-9._-]*`, at most 60 characters. */
  readonly id: string
  readonly title: string
  readonly acceptance: readonly string[]
  /** The one task that must be done before it, or null. */
  readonly dependsOn: string | null
  /** Line of the plan, from 1. */
  readonly line: number
}

/** What reading a plan gives. */
export type ParsedPlan =
  /** At least one task; the dependencies form a forest. */
  | { readonly kind: 'plan'; readonly tasks: readonly PlanTask[] }
  /** It reads well and holds no task. */
  | { readonly kind: 'empty' }
  /** At least one fault, by line. */
  | { readonly kind: 'faulty'; readonly faults: readonly PlanFault[] }
