// Tasks as they stand in a plan, before anything compares them. Types, and the one way a text of a plan becomes a value.

import { storableText } from '../mirror/storable-text.ts'
import { oneLine } from '../text/markdown.ts'
import type { PlanFault } from './plan.ts'

/** One text of a plan and where it stands. */
export interface PlanText {
  readonly text: string
  /** Line of the plan, from 1. */
  readonly line: number
}

/** One task as written; nothing says yet that it fits the others. */
export interface DraftTask {
  readonly line: number
  /** Null when it is missing, which is a fault already. */
  readonly id: PlanText | null
  /** Null when it is missing, which is a fault already. */
  readonly title: PlanText | null
  readonly acceptance: readonly PlanText[]
  readonly dependsOn: readonly PlanText[]
}

/** What one way of writing a plan gives. */
export interface DraftPlan {
  readonly tasks: readonly DraftTask[]
  readonly faults: readonly PlanFault[]
  /** False when tasks may be missing here because something could not be read. */
  readonly isWhole: boolean
}

/** Returns a text of a plan on one line, fit to be stored; not escaped for Markdown. */
export function plainLine(text: string): string {
  return oneLine(storableText(text))
}
