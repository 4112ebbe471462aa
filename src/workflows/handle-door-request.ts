// What an agent asked for through its door, checked once more by what is stored here: a runner knows nothing of pull
// requests. Returns effects; sends nothing.

import type { Change } from '../domain/changes.ts'
import { threadTarget, type Effect } from '../domain/effects.ts'
import type { DoorRequestReport } from '../domain/session/attempt.ts'
import { renderThreadReply } from '../domain/text/door.ts'
import type { Deps, JobHandler } from './deps.ts'
import { loadPipeline, loadSession, type SessionContext } from './queries.ts'

type Refusal = 'unknown_attempt' | 'older_run_epoch' | 'cancelled' | 'unknown_thread' | 'not_delivered'

/** Does what was asked for. A request that may not be done, or not any more, is logged: the agent may be gone by now. */
export const handleDoorRequest: JobHandler<'door_request'> = async (deps, { report }) => {
  const context = await loadSession(deps.store, report.sessionId)
  const refusal = await findRefusal(deps, context, report)
  if (refusal !== null) {
    const { sessionId, attemptId, requestId } = report
    deps.log.warn({ sessionId, attemptId, requestId, refusal }, 'door_request_refused')
    return []
  }
  return toEffects(context, report).map((effect): Change => ({ kind: 'put_effect', effect }))
}

async function findRefusal(
  { store }: Deps,
  { session }: SessionContext,
  { sessionId, attemptId, runEpoch, request }: DoorRequestReport,
): Promise<Refusal | null> {
  const attempt = await store.find('attempts', { id: attemptId })
  if (attempt === null || attempt.sessionId !== sessionId) return 'unknown_attempt'
  const pipeline = await loadPipeline(store, attempt.pipelineId)
  if (attempt.runEpoch !== runEpoch || pipeline.runEpoch !== runEpoch) return 'older_run_epoch'
  if (pipeline.status === 'cancelled') return 'cancelled'
  const { projectId, prNumber } = session
  const thread = await store.find('reviewThreads', { projectId, id: request.threadId, prNumber })
  if (thread === null) return 'unknown_thread'
  const delivered = await store.list('nudges', { sessionId, pipelineId: pipeline.id })
  return delivered.some(({ threadIds }) => threadIds.includes(thread.id)) ? null : 'not_delivered'
}

function toEffects(
  { session, repository }: SessionContext,
  { attemptId, request }: DoorRequestReport,
): readonly Effect[] {
  const { threadId, text } = request
  const place = { target: threadTarget(threadId), repository, prNumber: session.prNumber, threadId }
  const reply: readonly Effect[] =
    text === null
      ? []
      : [
          {
            kind: 'thread_reply',
            ...place,
            replyId: `${attemptId}:${text.id}`,
            body: renderThreadReply({ agent: session.agent, text: text.body }),
          },
        ]
  return request.verb === 'resolve' ? [...reply, { kind: 'resolve_thread', ...place, attemptId }] : reply
}
