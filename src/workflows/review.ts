// One reviewer of one proposal: its attempt is started in a worktree of its own, and what it says is taken in. Ends the
// round when the last one has spoken.

import { demand, insert, update, type Change } from '../domain/changes.ts'
import type { Proposal, Verdict } from '../domain/pipeline/records.ts'
import { parseVerdict } from '../domain/pipeline/verdict.ts'
import type { Attempt, Pipeline } from '../domain/records.ts'
import { isSuccess } from '../domain/session/attempt.ts'
import { exitWords } from '../domain/text/exit-words.ts'
import { verdictFaultWords } from '../domain/text/review-prompt.ts'
import { askAboutWork } from './ask-about-work.ts'
import { closeRound } from './close-round.ts'
import { concludeSoon } from './conclude-soon.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { isBeingMerged } from './merge-hold.ts'
import { moveAttempt } from './move.ts'
import { newAttempt } from './new-attempt.ts'
import { loadWork, phaseConfig, putOff, type PhaseWork } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { findRunningAttempt } from './queries.ts'
import { enqueueReview } from './propose.ts'
import { reviewPrompt } from './review-prompt.ts'

interface Review {
  readonly work: PhaseWork
  readonly proposal: Proposal
  readonly verdict: Verdict
}

/** Returns the review that is still to be given; null when the round is over or the world moved on. */
async function loadReview(
  deps: Deps,
  asked: { readonly proposalId: string; readonly reviewer: string },
  lane: JobLane,
): Promise<Review | null> {
  const proposal = await deps.store.find('proposals', { id: asked.proposalId })
  if (proposal?.status !== 'open') return null
  const work = await loadWork(deps, proposal, lane)
  const verdict = await deps.store.find('verdicts', {
    proposalId: proposal.id,
    reviewer: asked.reviewer,
    status: 'pending',
  })
  return work === null || verdict === null ? null : { work, proposal, verdict }
}

/** Starts a reviewer's attempt, unless it runs already. */
export const startReview: JobHandler<'start_review'> = async (deps, job, lane) => {
  const review = await loadReview(deps, job, lane)
  if (review === null) return []
  const { work, proposal } = review
  const running = await deps.store.find('attempts', {
    proposalId: proposal.id,
    agent: job.reviewer,
    status: ['starting', 'running'],
  })
  if (running !== null) return []
  if (await isBeingMerged(deps, work.context))
    return putOff(deps, { context: work.context, job, because: 'merge' })
  const attempt = reviewAttempt(deps, review)
  const opened: readonly Change[] = [
    demand({ kind: 'no_open_decision', sessionId: proposal.sessionId }),
    stillOpen(proposal),
    insert('attempts', attempt),
    refreshStatus(deps, work.context),
  ]
  // Refused: the round ended or a question appeared meanwhile.
  if ((await deps.store.commit(opened, lane)).kind === 'refused') return []
  const pid = await spawnReview(deps, review, attempt)
  return moveAttempt(attempt, 'spawned', { pid })
}

/** Changes nothing, and refuses the transaction when the proposal is not open any more. */
function stillOpen({ id }: Proposal): Change {
  return update('proposals', { where: { id }, set: { status: 'open' }, expect: { status: 'open' } })
}

function reviewAttempt(deps: Deps, { proposal, verdict }: Review): Attempt {
  return newAttempt(deps, {
    phaseRunId: proposal.phaseRunId,
    pipelineId: proposal.pipelineId,
    sessionId: proposal.sessionId,
    runEpoch: proposal.runEpoch,
    role: 'reviewer',
    agent: verdict.reviewer,
    proposalId: proposal.id,
  })
}

async function spawnReview(deps: Deps, review: Review, attempt: Attempt): Promise<number | null> {
  const { work, proposal } = review
  const { context, pipeline, phase, lane } = work
  const { timeoutMs, silenceMs } = phaseConfig(pipeline, phase.name)
  const { pid } = await deps.runner.startAttempt({
    workspace: context.workspace,
    attemptId: attempt.id,
    agent: attempt.agent,
    phase: phase.name,
    role: 'reviewer',
    place: { kind: 'detached', commit: proposal.commit },
    prNumber: context.session.prNumber,
    prompt: await reviewPrompt(deps, { work, proposal, reviewer: attempt.agent }),
    runEpoch: attempt.runEpoch,
    timeoutMs,
    silenceMs,
    fence: lane.fence,
  })
  return pid
}

/** Takes a verdict in, or tries again when there is none: silence is never an acknowledgement. */
export const finishReview: JobHandler<'finish_review'> = async (deps, job, lane) => {
  const attempt = await deps.store.find('attempts', { id: job.attemptId })
  if (attempt === null || attempt.proposalId === null) return []
  const asked = { proposalId: attempt.proposalId, reviewer: attempt.agent }
  const review = await loadReview(deps, asked, lane)
  if (review === null) return []
  if (review.work.context.session.remoteMoved?.isRewritten === true) return afterRewrite(deps, review)
  const wasSuccess = attempt.exit !== null && isSuccess(attempt.exit)
  const parsed = parseVerdict(wasSuccess ? job.verdict : null)
  if (parsed.kind === 'verdict') {
    const { verdict: status, reasons } = parsed
    return closeRound(deps, review.work, { ...review, said: { status, reasons } })
  }
  const ending = wasSuccess ? verdictFaultWords(parsed.because) : exitWords(attempt.exit)
  return withoutVerdict(deps, review, { attempt, ending })
}

/** The branch was rewritten under the work: whatever they say, there is nothing to push before a person decided. */
async function afterRewrite(deps: Deps, { work: { context, pipeline } }: Review): Promise<readonly Change[]> {
  // All of them were told to stop; the last one to end has the phase go on to its question.
  if ((await findRunningAttempt(deps.store, context.session.id)) !== null) return []
  return [concludeSoon(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch })]
}

async function withoutVerdict(
  deps: Deps,
  review: Review,
  { attempt, ending }: { readonly attempt: Attempt; readonly ending: string },
): Promise<readonly Change[]> {
  const { work, proposal, verdict } = review
  const { pipeline, context } = work
  // An operator who restarts Belay must not use up the reviewer's tries.
  const failures = verdict.failures + (attempt.exit?.kind === 'stopped' ? 0 : 1)
  const failed = update('verdicts', { where: { id: verdict.id }, set: { failures } })
  if (failures > restartsOf(pipeline, work) || attempt.exit?.kind === 'spawn_failed')
    return [failed, ...(await askReviewerFailed(deps, work, { attempt, failures, ending }))]
  const delayMs = deps.settings.restartDelayMs * 2 ** Math.max(failures - 1, 0)
  return [
    failed,
    enqueueReview(deps, work.lane.key, { proposalId: proposal.id, reviewer: verdict.reviewer, delayMs }),
    refreshStatus(deps, context),
  ]
}

function restartsOf(pipeline: Pipeline, { phase }: PhaseWork): number {
  return phaseConfig(pipeline, phase.name).restarts
}

function askReviewerFailed(
  deps: Deps,
  { context, pipeline, phase }: PhaseWork,
  failed: { readonly attempt: Attempt; readonly failures: number; readonly ending: string },
): Promise<readonly Change[]> {
  const { attempt, failures, ending } = failed
  return askAboutWork(deps, {
    context,
    pipeline,
    phase,
    kind: 'agent_failed',
    details: {
      branch: context.session.branch,
      agent: attempt.agent,
      role: 'reviewer',
      attempts: failures,
      ending,
      pins: [],
    },
    detail: ending,
    headSha: context.pullRequest.headSha,
  })
}
