// What follows when the process of a phase's producer has ended: leftovers committed and the phase brought to its end,
// or another try, or a question.

import { update, type Change } from '../domain/changes.ts'
import type { Attempt, Backup } from '../domain/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { LeftOut, StepOutcome } from '../domain/sync/step.ts'
import { leftoversMessage } from '../domain/text/commit-message.ts'
import { askAgentQuestion, attemptFailed } from './attempt-failed.ts'
import { concludePhase } from './conclude-phase.ts'
import type { Deps, JobHandler } from './deps.ts'
import { isBeingMerged } from './merge-hold.ts'
import { openDecision } from './open-decision.ts'
import { loadWork, putOff, type PhaseWork } from './phase-work.ts'
import { pinWorktree } from './pin-worktree.ts'
import { refreshStatus } from './present-session.ts'
import { finishInterrupted } from './resume-sync.ts'
import { runBesideSync } from './run-beside-sync.ts'
import { enqueueStartPhase } from './start-phase.ts'
import type { SyncOrder } from './sync-operation.ts'
import { remoteAfter } from './sync-heads.ts'
import { syncWorktree } from './sync-worktree.ts'

interface EndedAttempt extends PhaseWork {
  readonly attempt: Attempt
}

/** Carries the pipeline on after an attempt; does nothing when a newer run epoch took over. */
export const finishAttempt: JobHandler<'finish_attempt'> = async (deps, job, lane) => {
  const attempt = await deps.store.find('attempts', { id: job.attemptId })
  if (attempt === null) return []
  const work = await loadWork(deps, { ...job, pipelineId: attempt.pipelineId }, lane)
  if (work === null) return []
  const ended = { ...work, attempt }
  if (attempt.status !== 'succeeded')
    return wasRewritten(ended) ? afterRewrite(deps, ended) : attemptFailed(deps, ended)
  if (await isBeingMerged(deps, work.context))
    return putOff(deps, { context: work.context, job, because: 'merge' })
  return afterSuccess(deps, ended)
}

/** The branch was rewritten or deleted under the agent, and no person has decided about it yet. */
function wasRewritten({ context, choice }: EndedAttempt): boolean {
  return context.session.remoteMoved?.isRewritten === true && choice === undefined
}

/** The agent was stopped; when the branch is whole again by now, it simply starts once more. */
async function afterRewrite(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, lane } = ended
  await pinWorktree(deps, { context, lane, reason: 'rewritten' })
  const report = await syncWorktree(deps, syncOrder(ended))
  if (!caseSpec(report.case).mayGoOn)
    return openDecision(deps, { context, pipeline, report, moment: 'phase_end' })
  return [
    ...report.changes,
    // It is whole again: the attempt that starts now is judged by its own end.
    update('sessions', {
      where: { id: context.session.id },
      set: { remoteMoved: null, updatedAt: deps.clock.now() },
    }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch, delayMs: 0 }),
    refreshStatus(deps, context),
  ]
}

/** A sync that keeps our commits where they are. */
function syncOrder({ context, pipeline, lane, choice }: EndedAttempt): SyncOrder {
  // A move of the branch was noted: whether it was a rewrite may not have been seen then.
  const askOnRewrite = context.session.remoteMoved !== null && choice === undefined
  return { context, pipeline, trigger: 'phase_end', push: false, choice, askOnRewrite, lane }
}

async function afterSuccess(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  // First of all: a half-done reset must never be committed as if the agent had left it.
  const finished = await finishInterrupted(deps, syncOrder(ended))
  if (finished.kind === 'finished') return concludePhase(deps, ended, finished.report)
  const { choice } = finished.order
  if (choice !== 'reset') await saveLeftovers(deps, ended)
  const { question } = ended.attempt
  if (question === null) return concludePhase(deps, { ...ended, choice })
  const { context, pipeline } = ended
  const report = await syncWorktree(deps, finished.order)
  if (!caseSpec(report.case).mayGoOn)
    return openDecision(deps, { context, pipeline, report, moment: 'phase_end' })
  const headSha = remoteAfter(report) ?? context.pullRequest.headSha
  return [...report.changes, ...(await askAgentQuestion(deps, ended, { question, headSha }))]
}

/** What was left out is stored before the sync, which may be interrupted. A chosen reset pins everything as it lies. */
async function saveLeftovers(deps: Deps, ended: EndedAttempt): Promise<void> {
  const { context, phase, lane } = ended
  const leftOut = await commitLeftovers(deps, ended)
  if (leftOut.length > 0) await pinWorktree(deps, { context, lane, reason: 'left_out' })
  await deps.store.commit([update('phaseRuns', { where: { id: phase.id }, set: { leftOut } })], lane)
}

/** A worktree in a state that forbids a commit is left alone: the sync that follows names that state. */
async function commitLeftovers(
  deps: Deps,
  { context, phase, lane }: EndedAttempt,
): Promise<readonly LeftOut[]> {
  const message = leftoversMessage({
    phase: phase.name,
    agent: context.session.agent,
    startedBy: context.session.startedBy,
  })
  const commit = async (pin: Pick<Backup, 'prefix'> | null): Promise<StepOutcome | undefined> => {
    const pinned = pin === null ? {} : { prefix: pin.prefix }
    const plan = [{ kind: 'commit_leftovers', branch: context.session.branch, message, ...pinned }] as const
    const { steps } = await runBesideSync(deps, { context, lane, purpose: 'leftovers', plan })
    return steps[0]?.outcome
  }
  const first = await commit(null)
  const isUnpinned = first?.kind === 'failed' && first.reason === 'not_pinned'
  const pin = isUnpinned ? await pinWorktree(deps, { context, lane, reason: 'left_out' }) : null
  const outcome = pin === null ? first : await commit(pin)
  if (outcome?.kind === 'committed' || outcome?.kind === 'nothing_to_commit') return outcome.leftOut
  deps.log.warn({ session: context.session.id, outcome }, 'leftovers_not_committed')
  return []
}
