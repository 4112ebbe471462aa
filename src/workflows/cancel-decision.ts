// Withdraws a question because the operator wants it, together with what it held up: a pipeline that waited for an answer
// would wait for ever.

import { insert, update, type Change, type Job } from '../domain/changes.ts'
import type { Decision } from '../domain/records.ts'
import type { CancelReply } from '../ports/requests.ts'
import { cancelPipeline } from './cancel-pipeline.ts'
import type { Deps, JobHandler } from './deps.ts'
import { refreshStatus } from './present-session.ts'
import { loadSession } from './queries.ts'
import { superseded } from './submit-answer.ts'
import { decisionLog } from './supersede-decision.ts'
import { leaveNewsToPeople } from './told-news.ts'

type CancelJob = Extract<Job, { readonly kind: 'cancel_decision' }>

/** Cancels the question, or says how it ended before. */
export const cancelDecision: JobHandler<'cancel_decision'> = async (deps, job) => {
  const { projectId, decisionId: id } = job
  const decision = await deps.store.find('decisions', { projectId, id })
  if (decision === null) return [said(deps, job, { kind: 'decision_not_found' })]
  if (decision.status === 'resolved') {
    const { answer, answeredBy } = decision
    return [
      said(deps, job, {
        kind: 'already_resolved',
        answer: answer ?? '',
        by: answeredBy ?? 'somebody',
      }),
    ]
  }
  if (decision.status !== 'pending') return [said(deps, job, await superseded(deps, decision))]
  return [
    ...(await withdrawn(deps, decision, job.actor)),
    said(deps, job, { kind: 'cancelled', decision: id }),
  ]
}

async function withdrawn(deps: Deps, decision: Decision, by: string): Promise<readonly Change[]> {
  const { projectId, id } = decision
  const context = await loadSession(deps.store, decision.sessionId)
  const cancelReason = 'cancelled_by_operator'
  const set = { status: 'cancelled', cancelReason, answeredBy: by, answeredAt: deps.clock.now() } as const
  return [
    update('decisions', { where: { projectId, id }, set, expect: { status: 'pending' } }),
    decisionLog(decision, { type: 'decision.cancelled', details: { reason: cancelReason, by } }),
    ...(await cancelPipeline(deps, {
      context,
      decision,
      failure: { code: 'cancelled_by_person', detail: `Question ${id}, withdrawn by ${by}.` },
    })),
    ...(decision.kind === 'nudge_budget' ? await leaveNewsToPeople(deps, decision.sessionId) : []),
    refreshStatus(deps, context),
  ]
}

function said(deps: Deps, job: CancelJob, reply: CancelReply): Change {
  const { auditId, actor, via, projectId, decisionId } = job
  return insert('auditLog', {
    id: auditId,
    at: deps.clock.now(),
    actor,
    via,
    action: 'cancel_decision',
    target: `${projectId}/${decisionId}`,
    details: { outcome: reply.kind, said: JSON.stringify(reply) },
  })
}
