// The row of a new attempt, written before its process exists.

import type { Attempt } from '../domain/records.ts'
import type { Deps } from './deps.ts'

export type AttemptSubject = Pick<
  Attempt,
  'phaseRunId' | 'pipelineId' | 'sessionId' | 'runEpoch' | 'role' | 'agent' | 'proposalId'
>

/** Returns the row of an attempt that is about to start; its anchors of life begin now. */
export function newAttempt(deps: Deps, subject: AttemptSubject): Attempt {
  const now = deps.clock.now()
  return {
    ...subject,
    id: `at_${deps.ids.random(12)}`,
    status: 'starting',
    pid: null,
    exit: null,
    leaseUntil: now + deps.settings.attemptLeaseMs,
    activeAt: now,
    question: null,
    startedAt: now,
    endedAt: null,
  }
}
