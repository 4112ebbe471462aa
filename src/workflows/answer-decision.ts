// Takes an answer in the lane: checked against the options before anything is consumed, bound to the head that was
// asked about, first valid one wins. The resolution and the job that acts on it are one transaction, so that an answer
// takes effect even when the process dies right after.

import { insert, update, type Change, type Job } from '../domain/changes.ts'
import { resolveAnswer, type AnswerVerdict } from '../domain/decision/answer.ts'
import type { DecisionOption } from '../domain/decision/option.ts'
import { prLane } from '../domain/ids.ts'
import type { Decision } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import { commandRefused } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { raiseUnknownAnswer } from './raise-alert.ts'
import { findNewestOfChain, isTerminal, loadPipeline, loadSession, type SessionContext } from './queries.ts'
import { supersedeDecision, withdrawQuestion } from './supersede-decision.ts'
import { observePullRequest } from './observe-pull-request.ts'

type AnswerJob = Extract<Job, { readonly kind: 'answer_decision' }>

interface Answered {
  readonly job: AnswerJob
  readonly context: SessionContext
  readonly decision: Decision
}

/** Consumes a valid answer, or says exactly why it was not taken. */
export const answerDecision: JobHandler<'answer_decision'> = async (deps, job) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const answered = { job, context, decision }
  const verdict = resolveAnswer(decision, job.answer)
  if (verdict.kind !== 'valid') return refuse(deps, answered, verdict)
  const elsewhere = await wrongPhase(deps, answered)
  if (elsewhere !== null) return elsewhere
  const consent = await withoutConsent(deps, answered)
  if (consent !== null) return refused(answered, consent)
  const moved = await movedHead(deps, answered)
  if (moved !== null) return moved
  if (verdict.option.action === 'rescue_commits') return [enqueueRescue(deps, answered)]
  return consume(deps, answered, verdict.option)
}

function consume(
  deps: Deps,
  { job, context, decision }: Answered,
  option: DecisionOption,
): readonly Change[] {
  const { projectId, id } = decision
  const answeredAt = deps.clock.now()
  return [
    update('decisions', {
      where: { projectId, id },
      set: { status: 'resolved', answer: option.id, answeredBy: job.actor, answeredVia: job.via, answeredAt },
      expect: { status: 'pending' },
    }),
    {
      kind: 'log',
      type: 'decision.resolved',
      projectId,
      prNumber: decision.prNumber,
      sessionId: decision.sessionId,
      payload: {
        v: 1,
        decision_id: id,
        pipeline_id: decision.pipelineId,
        answer: option.id,
        by: job.actor,
        via: job.via,
      },
      once: `decision.resolved:${projectId}:${id}`,
    },
    insert('auditLog', {
      id: `au_${deps.ids.random(12)}`,
      at: answeredAt,
      actor: job.actor,
      via: job.via,
      action: 'answer_decision',
      target: `${projectId}/${id}`,
      details: { option: option.id, head_sha: decision.headSha },
    }),
    {
      kind: 'enqueue',
      lane: laneOf(context),
      idem: `act:${projectId}:${id}`,
      job: { kind: 'act_on_answer', projectId, decisionId: id, source: job.source },
      runAt: answeredAt,
    },
  ]
}

function enqueueRescue(deps: Deps, { job, context, decision }: Answered): Change {
  const { projectId, id } = decision
  return {
    kind: 'enqueue',
    lane: laneOf(context),
    idem: `rescue:${projectId}:${id}:${job.source?.commandId ?? deps.ids.random(8)}`,
    job: { kind: 'rescue_commits', projectId, decisionId: id, source: job.source },
    runAt: deps.clock.now(),
  }
}

function laneOf({ project, session }: SessionContext): string {
  return prLane(project.repositoryId, session.prNumber)
}

/** A comment that was edited or deleted since never gives consent; read from GitHub now, not from the payload. */
async function withoutConsent(deps: Deps, { job, context }: Answered): Promise<Reply | null> {
  const { source } = job
  if (source === null) return null
  const edited: Reply = {
    kind: 'edited_comment',
    line: `/belay answer ${String(job.answer)} ${job.decisionId}`,
  }
  if (source.wasEdited) return edited
  const live = await deps.github.readComment(context.repository, source.commentNodeId)
  return live === null || live.wasEdited ? edited : null
}

/** A question that outlived the phase it is about decides nothing: it is withdrawn, and whoever answered is told. */
async function wrongPhase(deps: Deps, answered: Answered): Promise<readonly Change[] | null> {
  const { context, decision } = answered
  if (decision.concerns === 'worktree') return null
  const pipeline = await loadPipeline(deps.store, decision.pipelineId)
  const isThere = pipeline.currentPhase === decision.phase && pipeline.runEpoch === decision.runEpoch
  if (isThere && !isTerminal(pipeline, decision)) return null
  const { id, phase } = decision
  return [
    ...withdrawQuestion(deps, { context, decision, reason: 'wrong_phase' }),
    ...refused(answered, { kind: 'wrong_phase', id, phase, now: pipeline.currentPhase }),
  ]
}

/** The live head is read once more, in the lane; another one than the person judged withdraws the question. */
async function movedHead(
  deps: Deps,
  { job, context, decision }: Answered,
): Promise<readonly Change[] | null> {
  const observed = await observePullRequest(deps, context)
  if (observed === null || observed.headSha === decision.headSha) return null
  const superseded = await supersedeDecision(deps, { context, decision, headSha: observed.headSha })
  const reply: Reply = {
    kind: 'withdrawn',
    id: decision.id,
    reason: 'superseded',
    optionId: String(job.answer),
    successor: superseded.successor,
  }
  return [...superseded.changes, ...refused({ job, context, decision }, reply)]
}

async function refuse(
  deps: Deps,
  answered: Answered,
  verdict: Exclude<AnswerVerdict, { readonly kind: 'valid' }>,
): Promise<readonly Change[]> {
  const { decision, job } = answered
  const { id } = decision
  switch (verdict.kind) {
    case 'not_an_option': {
      const reply: Reply = { kind: 'not_an_option', id, answer: verdict.answer, options: decision.options }
      return [
        ...raiseUnknownAnswer(deps, { decision, answer: verdict.answer, actor: job.actor }),
        ...refused(answered, reply),
      ]
    }
    case 'already_resolved': {
      const { answeredVia, answeredAt } = decision
      return refused(answered, {
        kind: 'already_answered',
        id,
        answer: verdict.answer,
        by: verdict.by,
        via: answeredVia,
        at: answeredAt,
      })
    }
    case 'withdrawn': {
      const successor = await findNewestOfChain(deps.store, decision)
      return refused(answered, {
        kind: 'withdrawn',
        id,
        reason: verdict.reason,
        optionId: String(job.answer),
        successor,
      })
    }
  }
}

/** Only commands can be answered with a comment; a button's presser sees the question's comment change. */
function refused({ job, context }: Answered, reply: Reply): readonly Change[] {
  if (job.source === null) return []
  return commandRefused(
    { repository: context.repository, number: context.session.prNumber },
    job.source,
    reply,
  )
}
