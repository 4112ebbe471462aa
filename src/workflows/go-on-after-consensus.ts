// What follows from the answer to the question between reviewers and agent: the work counts as accepted, or both try again.

import { insert, type Change } from '../domain/changes.ts'
import type { QuestionOf } from '../domain/decision/subject.ts'
import { MOST_ROUNDS } from '../domain/pipeline/consensus.ts'
import type { Proposal } from '../domain/pipeline/records.ts'
import { refusedBriefing } from '../domain/text/work-briefing.ts'
import { actionOf } from './answered-action.ts'
import { concludeSoon } from './conclude-soon.ts'
import type { Deps } from './deps.ts'
import { findLastProducer } from './phase-work.ts'
import { nextEpoch, resumePhase, type Acting } from './resume-phase.ts'
import { enqueueStartPhase } from './start-phase.ts'

type Stalled = Acting<QuestionOf<'consensus_stalled'>>

/** Returns the changes that let the pipeline go on. */
export async function goOnAfterConsensus(deps: Deps, acting: Stalled): Promise<readonly Change[]> {
  const { context, pipeline, phase, decision } = acting
  const runEpoch = nextEpoch(pipeline)
  const order = { pipelineId: pipeline.id, runEpoch }
  if (actionOf(decision) === 'accept_proposal')
    return resumePhase(deps, acting, {
      briefing: null,
      isNewStart: false,
      rounds: phase.rounds,
      next: [...(await overruled(deps, acting)), concludeSoon(deps, context, order)],
    })
  const last = decision.details.rounds.at(-1)
  const briefing = refusedBriefing({
    round: last?.round ?? phase.rounds,
    rounds: MOST_ROUNDS,
    commit: decision.details.commit,
    branch: context.session.branch,
    refusals: last?.refusals ?? [],
  })
  return resumePhase(deps, acting, {
    briefing,
    isNewStart: true,
    rounds: 0,
    next: [enqueueStartPhase(deps, context, { ...order, delayMs: 0 })],
  })
}

/** The person's word stands where the reviewers' would: for this commit, in this epoch, and for no other. */
async function overruled(
  deps: Deps,
  { context, pipeline, phase, decision }: Stalled,
): Promise<readonly Change[]> {
  const producer = await findLastProducer(deps, phase)
  if (producer === null) return []
  const { commit } = decision.details
  const { workspace } = context
  // What the person judged it on: a later move of the branch has withdrawn that question.
  const base = decision.headSha
  const { commits, paths } = await deps.runner.describeRange({ workspace, from: base, to: commit })
  const now = deps.clock.now()
  const proposal: Proposal = {
    id: `pp_${deps.ids.random(12)}`,
    sessionId: pipeline.sessionId,
    pipelineId: pipeline.id,
    phaseRunId: phase.id,
    attemptId: producer.id,
    round: phase.rounds,
    runEpoch: nextEpoch(pipeline),
    commit,
    base,
    commits,
    paths,
    status: 'overruled',
    createdAt: now,
    endedAt: now,
  }
  return [insert('proposals', proposal)]
}
