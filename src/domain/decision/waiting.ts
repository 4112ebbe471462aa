// What is due about a question that nobody answers: a reminder, or its end. Pure.

import type { RepositoryConfig } from '../config/repository-config.ts'
import type { Decision } from '../records.ts'

/** A question as far as waiting for its answer goes. */
export interface WaitingQuestion extends Pick<Decision, 'status' | 'reminders'> {
  /** When the first question of its chain was asked: asking anew after a push starts no new wait. */
  readonly askedAt: number
}

/** The limits of a repository, in milliseconds; null is never. */
export type WaitLimits = RepositoryConfig['decisions']

export type Duty = 'remind' | 'expire'

/** So often a person is reminded; the last time is 32 times the first interval after the question. */
const MOST_REMINDERS = 6

/** Returns what is to be done about a question now; null when it was closed, or still has time. */
export function dutyOf(question: WaitingQuestion, limits: WaitLimits, now: number): Duty | null {
  if (question.status !== 'pending') return null
  if (limits.expireMs !== null && now - question.askedAt >= limits.expireMs) return 'expire'
  return remindersDue(question, limits, now) > question.reminders ? 'remind' : null
}

/**
 * Returns how many reminders are due since the question was asked: after one interval, two, four, and so on.
 *
 * Those whose time passed while nobody looked are due together, as one.
 */
export function remindersDue(
  { askedAt }: Pick<WaitingQuestion, 'askedAt'>,
  { remindMs }: Pick<WaitLimits, 'remindMs'>,
  now: number,
): number {
  if (remindMs === null) return 0
  let due = 0
  while (due < MOST_REMINDERS && now - askedAt >= remindMs * 2 ** due) due += 1
  return due
}
