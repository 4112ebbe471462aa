// An answer from outside GitHub (REST, CLI): checked at once so that the caller gets an exact reply, then handed to the
// lane's one answer handler and waited for.

import { AppError } from '../domain/errors/app-error.ts'
import { normaliseAnswer, resolveAnswer } from '../domain/decision/answer.ts'
import { prLane } from '../domain/ids.ts'
import type { AnswerChannel, Decision } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { raiseUnknownAnswer } from './raise-alert.ts'
import { loadPipeline, loadSession } from './queries.ts'

export interface SubmittedAnswer {
  readonly pipelineId: string
  readonly decisionId: string
  /** An option id, a label, or the envelope. */
  readonly answer: unknown
  readonly actor: string
  readonly via: Extract<AnswerChannel, 'rest' | 'cli'>
}

/**
 * Takes an answer and returns the decision once the lane has dealt with it.
 *
 * Throws `PIPELINE_NOT_FOUND`, `DECISION_NOT_FOUND`, `DECISION_OPTION_INVALID`, `DECISION_ALREADY_RESOLVED` or
 * `DECISION_SUPERSEDED`. `waitForLane` resolves when the lane may have moved on; it bounds the waiting.
 */
export async function submitAnswer(
  deps: Deps,
  submitted: SubmittedAnswer,
  waitForLane: (isDone: () => Promise<boolean>) => Promise<void>,
): Promise<Decision> {
  const { projectId, sessionId } = await loadPipeline(deps.store, submitted.pipelineId)
  const decision = await find(deps, projectId, submitted)
  await refuseInvalid(deps, decision, submitted)
  const { project, session } = await loadSession(deps.store, sessionId)
  const { answer, actor, via, decisionId } = submitted
  const idem = `${via}:${projectId}:${decisionId}:${deps.ids.random(8)}`
  const job = { kind: 'answer_decision', projectId, decisionId, answer, actor, via, source: null } as const
  await deps.store.commit(
    [
      {
        kind: 'enqueue',
        lane: prLane(project.repositoryId, session.prNumber),
        idem,
        job,
        runAt: deps.clock.now(),
      },
    ],
    null,
  )
  const isRescue = resolveAnswer(decision, answer)
  if (isRescue.kind === 'valid' && isRescue.option.action === 'rescue_commits') return decision
  await waitForLane(async () => (await find(deps, projectId, submitted)).status !== 'pending')
  const after = await find(deps, projectId, submitted)
  refuseOthersAnswer(after, submitted)
  return after
}

async function find(deps: Deps, projectId: string, submitted: SubmittedAnswer): Promise<Decision> {
  const { decisionId: id, pipelineId } = submitted
  const decision = await deps.store.find('decisions', { projectId, id, pipelineId })
  if (decision === null) throw new AppError('DECISION_NOT_FOUND', { decision: id })
  return decision
}

async function refuseInvalid(deps: Deps, decision: Decision, submitted: SubmittedAnswer): Promise<void> {
  const verdict = resolveAnswer(decision, submitted.answer)
  if (verdict.kind === 'not_an_option') {
    await deps.store.commit(
      raiseUnknownAnswer(deps, { decision, answer: verdict.answer, actor: submitted.actor }),
      null,
    )
    const options = decision.options.map(({ id }) => id)
    throw new AppError('DECISION_OPTION_INVALID', { decision: decision.id, answer: verdict.answer, options })
  }
  refuseEnded(decision)
}

function refuseEnded(decision: Decision): void {
  if (decision.status === 'resolved') throw alreadyResolved(decision)
  if (decision.status !== 'pending') {
    throw new AppError('DECISION_SUPERSEDED', { decision: decision.id, successor: decision.successorId })
  }
}

/** In the lane somebody else may have been first, or the branch may have moved. */
function refuseOthersAnswer(decision: Decision, submitted: SubmittedAnswer): void {
  if (decision.status === 'pending') return
  const wanted = normaliseAnswer(submitted.answer).toLowerCase()
  const chosen = decision.options.find(({ id }) => id === decision.answer)
  const isOurs =
    decision.answeredBy === submitted.actor && [chosen?.id, chosen?.label.toLowerCase()].includes(wanted)
  if (decision.status === 'resolved' && isOurs) return
  refuseEnded(decision)
}

function alreadyResolved(decision: Decision): AppError<'DECISION_ALREADY_RESOLVED'> {
  return new AppError('DECISION_ALREADY_RESOLVED', {
    decision: decision.id,
    answer: decision.answer ?? '',
    by: decision.answeredBy ?? 'somebody',
  })
}
