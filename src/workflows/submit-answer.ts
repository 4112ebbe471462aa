// An answer from outside GitHub (REST, CLI): checked at once so that the caller gets an exact reply, then handed to the
// lane's one answer handler and waited for.

import { resolveAnswer, type AnswerVerdict } from '../domain/decision/answer.ts'
import { normaliseAnswer } from '../domain/decision/normalise-answer.ts'
import { prLane } from '../domain/ids.ts'
import type { Decision } from '../domain/records.ts'
import type { AnswerReply, SubmittedAnswer } from '../ports/answers.ts'
import type { Deps } from './deps.ts'
import { raiseUnknownAnswer } from './raise-alert.ts'
import { findNewestOfChain, loadSession } from './queries.ts'

/** Resolves when the condition holds, or to false when waiting took too long. */
export type WaitUntil = (condition: () => Promise<boolean>) => Promise<boolean>

/** Takes an answer in and says what became of it. */
export async function submitAnswer(
  deps: Deps,
  submitted: SubmittedAnswer,
  waitUntil: WaitUntil,
): Promise<AnswerReply> {
  const pipeline = await deps.store.find('pipelines', { id: submitted.pipelineId })
  if (pipeline === null) return { kind: 'pipeline_not_found' }
  const decision = await findDecision(deps, submitted)
  if (decision === null) return { kind: 'decision_not_found' }
  const verdict = resolveAnswer(decision, submitted.answer)
  if (verdict.kind !== 'valid') return refuse(deps, { decision, submitted, verdict })
  await enqueueAnswer(deps, decision, submitted)
  const option = verdict.option.id
  if (verdict.option.action === 'rescue_commits') return { kind: 'accepted', option, isOpen: true }
  const isSettled = await waitUntil(async () => (await findDecision(deps, submitted))?.status !== 'pending')
  const after = isSettled ? await findDecision(deps, submitted) : null
  return after === null ? { kind: 'queued' } : outcomeOf(deps, after, submitted)
}

async function findDecision(
  deps: Deps,
  { pipelineId, decisionId: id }: SubmittedAnswer,
): Promise<Decision | null> {
  return deps.store.find('decisions', { pipelineId, id })
}

async function enqueueAnswer(deps: Deps, decision: Decision, submitted: SubmittedAnswer): Promise<void> {
  const { projectId, sessionId, id: decisionId } = decision
  const { project, session } = await loadSession(deps.store, sessionId)
  const { answer, actor, via } = submitted
  const lane = prLane(project.repositoryId, session.prNumber)
  const idem = `${via}:${projectId}:${decisionId}:${deps.ids.random(8)}`
  const job = { kind: 'answer_decision', projectId, decisionId, answer, actor, via, source: null } as const
  await deps.store.commit([{ kind: 'enqueue', lane, idem, job, runAt: deps.clock.now() }], null)
}

interface Refused {
  readonly decision: Decision
  readonly submitted: SubmittedAnswer
  readonly verdict: Exclude<AnswerVerdict, { readonly kind: 'valid' }>
}

async function refuse(deps: Deps, { decision, submitted, verdict }: Refused): Promise<AnswerReply> {
  switch (verdict.kind) {
    case 'not_an_option': {
      const { answer } = verdict
      await deps.store.commit(raiseUnknownAnswer(deps, { decision, answer, actor: submitted.actor }), null)
      return { kind: 'not_an_option', options: decision.options.map(({ id }) => id) }
    }
    case 'already_resolved':
      return { kind: 'already_resolved', answer: verdict.answer, by: verdict.by }
    case 'withdrawn':
      return superseded(deps, decision)
  }
}

/** Says why a question needs no answer any more, and which one does. */
export async function superseded(
  { store }: Deps,
  decision: Decision,
): Promise<Extract<AnswerReply, { readonly kind: 'superseded' }>> {
  const successor = (await findNewestOfChain(store, decision))?.id ?? null
  return { kind: 'superseded', reason: decision.cancelReason ?? decision.status, successor }
}

/** In the lane somebody else may have been first, or the branch may have moved. */
async function outcomeOf(deps: Deps, decision: Decision, submitted: SubmittedAnswer): Promise<AnswerReply> {
  if (decision.status !== 'resolved') return superseded(deps, decision)
  const wanted = normaliseAnswer(submitted.answer).toLowerCase()
  const chosen = decision.options.find(({ id }) => id === decision.answer)
  const isOurs =
    decision.answeredBy === submitted.actor &&
    decision.answeredVia === submitted.via &&
    [chosen?.id, chosen?.label.toLowerCase()].includes(wanted)
  if (isOurs) return { kind: 'accepted', option: decision.answer ?? '', isOpen: false }
  return { kind: 'already_resolved', answer: decision.answer ?? '', by: decision.answeredBy ?? 'somebody' }
}
