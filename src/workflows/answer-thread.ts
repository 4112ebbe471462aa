// An agent's answer to a review thread, and the end of one: only for threads its pipeline was told of. Returns effects;
// sends nothing.

import type { Change } from '../domain/changes.ts'
import { threadTarget, type Effect } from '../domain/effects.ts'
import type { DoorRequest, DoorText } from '../domain/session/door.ts'
import { renderThreadReply } from '../domain/text/door.ts'
import {
  denied,
  done,
  type AdmittedRequest,
  type DoorDenial,
  type DoorOutcome,
} from './admit-door-request.ts'
import type { Deps } from './deps.ts'

type ThreadRequest = Extract<DoorRequest, { readonly verb: 'reply' | 'resolve' }>

/** Answers a thread, resolves it, or does the one and then the other. */
export async function answerThread(
  deps: Deps,
  admitted: AdmittedRequest,
  request: ThreadRequest,
): Promise<DoorOutcome> {
  const denial = await findDenial(deps, admitted, request.threadId)
  if (denial !== null) return denied(denial)
  return done(toEffects(admitted, request).map((effect): Change => ({ kind: 'put_effect', effect })))
}

async function findDenial(
  { store }: Deps,
  { context: { session }, pipeline }: AdmittedRequest,
  threadId: string,
): Promise<DoorDenial | null> {
  const { id: sessionId, projectId, prNumber } = session
  const thread = await store.find('reviewThreads', { projectId, id: threadId, prNumber })
  if (thread === null) return 'unknown_thread'
  const delivered = await store.list('nudges', { sessionId, pipelineId: pipeline.id })
  return delivered.some(({ threadIds }) => threadIds.includes(thread.id)) ? null : 'not_delivered'
}

function toEffects(
  { context: { session, repository }, attempt }: AdmittedRequest,
  { verb, threadId, text }: ThreadRequest,
): readonly Effect[] {
  const place = { target: threadTarget(threadId), repository, prNumber: session.prNumber, threadId }
  const replyWith = (words: DoorText): Effect => ({
    kind: 'thread_reply',
    ...place,
    replyId: `${attempt.id}:${words.id}`,
    body: renderThreadReply({ agent: session.agent, text: words.body }),
  })
  const replies = text === null ? [] : [replyWith(text)]
  return verb === 'resolve'
    ? [...replies, { kind: 'resolve_thread', ...place, attemptId: attempt.id }]
    : replies
}
