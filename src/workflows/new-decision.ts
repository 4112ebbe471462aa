// The row of a new question, the job that makes it known, and what it stops. Why it is asked is not known here.

import type { Change } from '../domain/changes.ts'
import { decisionContext, DECISIONS } from '../domain/decision/decision.ts'
import type { DecisionOption } from '../domain/decision/option.ts'
import type { QuestionOf } from '../domain/decision/subject.ts'
import type { DecisionKind } from '../domain/decision/kind.ts'
import { prLane, type Sha } from '../domain/ids.ts'
import type { Decision, Failure, PhaseRun, Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { movePhase, movePipeline } from './move.ts'
import type { SessionContext } from './queries.ts'

export interface NewDecision<K extends DecisionKind> {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly kind: K
  readonly concerns: Decision['concerns']
  readonly options: readonly DecisionOption[]
  readonly details: QuestionOf<K>['details']
  /** The remote head that the person judges. */
  readonly headSha: Sha
  /** The withdrawn question in whose comment it is asked. */
  readonly before?: Decision | null
}

/** Returns the row of a question that is open from now on. */
export function newDecision<K extends DecisionKind>(deps: Deps, facts: NewDecision<K>): Decision {
  const { context, pipeline, kind, concerns, options, details, headSha, before = null } = facts
  const { project, session } = context
  const id = deps.ids.decision()
  return {
    id,
    rootId: before?.rootId ?? id,
    projectId: project.id,
    sessionId: session.id,
    pipelineId: pipeline.id,
    prNumber: session.prNumber,
    phase: pipeline.currentPhase,
    kind,
    context: decisionContext(kind, { phase: pipeline.currentPhase, prNumber: session.prNumber }),
    concerns,
    options,
    details,
    headSha,
    runEpoch: pipeline.runEpoch,
    status: 'pending',
    answer: null,
    answeredBy: null,
    answeredVia: null,
    answeredAt: null,
    actedAt: null,
    cancelReason: null,
    successorId: null,
    reminders: 0,
    createdAt: Math.max(deps.clock.now(), (before?.createdAt ?? 0) + 1),
  }
}

/** Returns the change that has a question announced after the commit that stores it. */
export function announceSoon(deps: Deps, { project, session }: SessionContext, decision: Decision): Change {
  const { projectId, id: decisionId } = decision
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, session.prNumber),
    idem: `announce:${projectId}:${decisionId}`,
    job: { kind: 'announce_failure', projectId, decisionId },
    runAt: deps.clock.now(),
  }
}

export interface Stop {
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly failure: Failure & { readonly code: DecisionKind }
}

/** Returns the changes that stop pipeline and phase for a question, as its row in the table of decisions says. */
export function stopForQuestion(deps: Deps, { pipeline, phase, failure }: Stop): readonly Change[] {
  const status = DECISIONS[failure.code].statusWhileOpen
  if (status === null) return []
  const event = status === 'failed' ? 'asked_failed' : 'asked_paused'
  const endedAt = status === 'failed' ? deps.clock.now() : null
  return [...movePipeline(pipeline, event, { failure }), ...movePhase(phase, event, { failure, endedAt })]
}
