// Makes an answer take effect, exactly once, from whatever process is alive: a new run epoch and what the table of
// decisions says, or the end of the pipeline with everything kept. A stale answer can cancel nothing: epoch and status are
// checked, and that it took effect is stored with the effect.

import { update, type Change, type CommandSource } from '../domain/changes.ts'
import { assertNever } from '../domain/assert-never.ts'
import { asQuestion, isAboutSync } from '../domain/decision/subject.ts'
import type { Decision } from '../domain/records.ts'
import { actionOf } from './answered-action.ts'
import { cancelPipeline } from './cancel-pipeline.ts'
import { commandDone } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { goOnAfterAgent, goOnAfterQuestion } from './go-on-after-agent.ts'
import { goOnAfterConsensus } from './go-on-after-consensus.ts'
import { goOnAfterContract } from './go-on-after-contract.ts'
import { goOnAfterSync, syncAgain } from './go-on-after-sync.ts'
import { refreshStatus } from './present-session.ts'
import { loadCurrentPhase, loadPipeline, loadSession, type SessionContext } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { leaveNewsToPeople } from './told-news.ts'

/** Acts on a resolved decision; on a pipeline that moved on since, only the command is ended. */
export const actOnAnswer: JobHandler<'act_on_answer'> = async (deps, job) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null || decision.status !== 'resolved' || decision.actedAt !== null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const shown = [acted(deps, decision), ...commandEnded(context, job.source), refreshStatus(deps, context)]
  // Nobody who stops an agent expects it to start again in the same moment, for whatever news.
  if (actionOf(decision) === 'cancel_pipeline')
    return [...(await cancelled(deps, context, decision)), ...shown]
  // What waited for the answer is told as soon as nothing else has the branch.
  return [...(await goOn(deps, context, decision)), ...shown, respondAfter(deps, context)]
}

/** From here on nothing waits for the answer any more; a second run of the job is refused here. */
function acted(deps: Deps, { projectId, id }: Decision): Change {
  return update('decisions', {
    where: { projectId, id },
    set: { actedAt: deps.clock.now() },
    expect: { status: 'resolved', actedAt: null },
  })
}

function cancelled(deps: Deps, context: SessionContext, decision: Decision): Promise<readonly Change[]> {
  const by = decision.answeredBy ?? 'somebody'
  const failure = {
    code: 'cancelled_by_person',
    detail: `Question ${decision.id}, answered by ${by}.`,
  } as const
  return cancelPipeline(deps, { context, decision, failure })
}

async function goOn(deps: Deps, context: SessionContext, decision: Decision): Promise<readonly Change[]> {
  const question = asQuestion(decision)
  if (question.kind === 'nudge_budget')
    return actionOf(decision) === 'drop_news' ? leaveNewsToPeople(deps, decision.sessionId) : []
  if (decision.concerns === 'worktree') return isAboutSync(question) ? syncAgain(deps, context, question) : []
  const pipeline = await loadPipeline(deps.store, decision.pipelineId)
  const waits = pipeline.status === 'failed' || pipeline.status === 'awaiting_human'
  if (!waits || pipeline.runEpoch !== decision.runEpoch) return []
  const phase = await loadCurrentPhase(deps.store, pipeline)
  const standing = { context, pipeline, phase }
  switch (question.kind) {
    case 'hard_reset_recovery':
    case 'divergence_reconcile_unacked':
    case 'sync_blocked':
    case 'backup_failed':
    case 'branch_gone':
      return goOnAfterSync(deps, { ...standing, decision: question })
    case 'empty_contract':
      return goOnAfterContract(deps, { ...standing, decision: question })
    case 'consensus_stalled':
      return goOnAfterConsensus(deps, { ...standing, decision: question })
    case 'agent_failed':
      return goOnAfterAgent(deps, { ...standing, decision: question })
    case 'agent_question':
      return goOnAfterQuestion(deps, { ...standing, decision: question })
    default:
      return assertNever(question)
  }
}

function commandEnded(context: SessionContext, source: CommandSource | null): readonly Change[] {
  return source === null
    ? []
    : commandDone({ repository: context.repository, number: context.session.prNumber }, source)
}
