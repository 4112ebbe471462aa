// Why something that a person wants of a pipeline can not be done now. Asked by every request that needs the worktree.

import type { RequestRefusal } from '../ports/requests.ts'
import type { Reply } from '../domain/text/reply.ts'
import type { Deps } from './deps.ts'
import { isBeingMerged } from './merge-hold.ts'
import { findHoldingDecision, findRunningAttempt, type SessionContext } from './queries.ts'

export interface NotNow {
  readonly said: Exclude<RequestRefusal, { readonly kind: 'pipeline_not_found' | 'queued' }>
  readonly reply: Reply
}

/** Returns the first thing in the way, or null. Nothing goes around an open question. */
export async function whyNotNow(deps: Deps, context: SessionContext, verb: string): Promise<NotNow | null> {
  const { session } = context
  if (session.state !== 'live')
    return { said: { kind: 'session_terminated', session: session.id }, reply: { kind: 'no_session', verb } }
  const open = await findHoldingDecision(deps.store, session.id)
  if (open !== null) {
    const said = { kind: 'decision_pending', decision: open.id, context: open.context } as const
    return { said, reply: { kind: 'question_open', verb, question: open } }
  }
  const attempt = await findRunningAttempt(deps.store, session.id)
  if (attempt !== null) {
    const phase = attempt.phaseRunId.slice(attempt.phaseRunId.lastIndexOf('/') + 1)
    const said = { kind: 'attempt_running', attempt: attempt.id, phase } as const
    return { said, reply: { kind: 'attempt_running', verb, phase } }
  }
  if (await isBeingMerged(deps, context))
    return { said: { kind: 'merging' }, reply: { kind: 'merging', verb } }
  return null
}
