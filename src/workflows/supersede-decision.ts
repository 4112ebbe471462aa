// The branch moved under an open question, or its base or repository did: it is withdrawn and, because the set-aside
// work still needs an answer, asked anew in the same comment. One transaction, so that there is never a moment without a
// question.

import { insert, update, type Change } from '../domain/changes.ts'
import { isAboutBudget } from '../domain/decision/subject.ts'
import type { Sha } from '../domain/ids.ts'
import { prLane } from '../domain/ids.ts'
import type { Decision } from '../domain/records.ts'
import { replyComment } from './command-life.ts'
import type { Deps } from './deps.ts'
import { refreshStatus, type StatusOf } from './present-session.ts'
import type { SessionContext } from './queries.ts'
import { respondAfter } from './respond-soon.ts'

export interface Supersession {
  readonly context: SessionContext
  readonly decision: Decision
  readonly headSha: Sha
}

/** At most one reply that mentions the person in this time. */
const REPLY_PAUSE_MS = 10 * 60 * 1000

/**
 * Returns the successor and the changes that put it in the place of the withdrawn question.
 *
 * A question about news has none: whether it is still to be asked is seen when the news are to be told again.
 */
export async function supersedeDecision(
  deps: Deps,
  { context, decision, headSha }: Supersession,
): Promise<{ readonly successor: Decision | null; readonly changes: readonly Change[] }> {
  if (isAboutBudget(decision)) {
    const changes = [
      ...withdrawQuestion(deps, { context, decision, reason: 'superseded' }),
      respondAfter(deps, context),
    ]
    return { successor: null, changes }
  }
  const now = deps.clock.now()
  const { projectId, id } = decision
  const successor: Decision = {
    ...decision,
    id: deps.ids.decision(),
    headSha,
    createdAt: Math.max(now, decision.createdAt + 1),
  }
  const cancelled = { status: 'cancelled', cancelReason: 'superseded', successorId: successor.id } as const
  const changes: readonly Change[] = [
    update('decisions', { where: { projectId, id }, set: cancelled, expect: { status: 'pending' } }),
    insert('decisions', successor),
    decisionLog(decision, {
      type: 'decision.cancelled',
      details: { reason: 'superseded', successor_id: successor.id },
    }),
    {
      kind: 'enqueue',
      lane: prLane(context.project.repositoryId, context.session.prNumber),
      idem: `announce:${projectId}:${successor.id}`,
      job: { kind: 'announce_failure', projectId, decisionId: successor.id },
      runAt: now,
    },
    ...(await notice(deps, { context, decision, successor })),
    refreshStatus(deps, context),
  ]
  return { successor, changes }
}

export interface Withdrawal {
  readonly context: StatusOf
  readonly decision: Decision
  /** `news_over`: nothing waits that it could be answered for. `wrong_phase`: its pipeline stands elsewhere by now. */
  readonly reason: 'superseded' | 'news_over' | 'wrong_phase'
}

/** Returns the changes that end an open question without an answer and without a successor. */
export function withdrawQuestion(deps: Deps, { context, decision, reason }: Withdrawal): readonly Change[] {
  const { projectId, id } = decision
  const set = { status: 'cancelled', cancelReason: reason } as const
  return [
    update('decisions', { where: { projectId, id }, set, expect: { status: 'pending' } }),
    decisionLog(decision, { type: 'decision.cancelled', details: { reason } }),
    refreshStatus(deps, context),
  ]
}

interface Succession {
  readonly context: SessionContext
  readonly decision: Decision
  readonly successor: Decision
}

/** The reply that mentions the person, unless one did a moment ago. */
async function notice(deps: Deps, { context, decision, successor }: Succession): Promise<readonly Change[]> {
  const { projectId, rootId, id: oldId } = decision
  const last = lastNoticeAt(await deps.store.list('decisions', { projectId, rootId }))
  if (last !== null && successor.createdAt - last < REPLY_PAUSE_MS) return []
  const place = { repository: context.repository, number: context.session.prNumber }
  const asks = context.session.startedBy
  const reply = { kind: 'question_replaced', asks, oldId, newId: successor.id, url: null } as const
  return [replyComment(place, `moved:${projectId}:${successor.id}`, reply)]
}

/** Every successor in a chain came with a notice, except within the pause after one. */
function lastNoticeAt(chain: readonly Decision[]): number | null {
  let last: number | null = null
  for (const { id, rootId, createdAt } of chain) {
    if (id !== rootId && (last === null || createdAt - last >= REPLY_PAUSE_MS)) last = createdAt
  }
  return last
}

/** Returns the lifecycle row of a withdrawn question. */
export function decisionLog(
  decision: Decision,
  event: { readonly type: 'decision.cancelled'; readonly details: Readonly<Record<string, unknown>> },
): Change {
  const { projectId, id, prNumber, sessionId, pipelineId } = decision
  return {
    kind: 'log',
    type: event.type,
    projectId,
    prNumber,
    sessionId,
    payload: { v: 1, decision_id: id, pipeline_id: pipelineId, ...event.details },
    once: `${event.type}:${projectId}:${id}`,
  }
}
