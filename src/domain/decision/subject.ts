// What a stored question is about. The kind says it, so that a question of any age can be read.

import type { Decision } from '../records.ts'
import type { PinNote } from '../sync/pin.ts'
import type { BudgetDetails, SyncDetails } from './details.ts'
import type { SyncDecisionKind } from './kind.ts'

/** A question about a sync that could not go on. */
export interface SyncQuestion extends Decision {
  readonly kind: SyncDecisionKind
  readonly details: SyncDetails
}

/** A question about news that the agent is not told any more. */
export interface BudgetQuestion extends Decision {
  readonly kind: 'nudge_budget'
  readonly details: BudgetDetails
}

/** Tells whether a sync asked. */
export function isAboutSync(decision: Decision): decision is SyncQuestion {
  return decision.kind !== 'nudge_budget'
}

/** Tells whether the budget of news asked. */
export function isAboutBudget(decision: Decision): decision is BudgetQuestion {
  return decision.kind === 'nudge_budget'
}

/** Returns the pins that a question names; one about news names none. */
export function pinsOf(decision: Decision): readonly PinNote[] {
  return isAboutSync(decision) ? decision.details.pins : []
}
