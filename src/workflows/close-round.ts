// Takes the verdict of one reviewer in. The last one of a round ends it: the phase goes on, or its producer hears the
// refusals, or a person is asked.

import { update, type Change } from '../domain/changes.ts'
import { addBriefing } from '../domain/pipeline/briefings.ts'
import { consensusOf, MOST_ROUNDS } from '../domain/pipeline/consensus.ts'
import type { Proposal, Verdict } from '../domain/pipeline/records.ts'
import { refusedBriefing } from '../domain/text/work-briefing.ts'
import { concludeSoon } from './conclude-soon.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import type { PhaseWork } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { askAboutConsensus } from './propose.ts'
import { enqueueStartPhase } from './start-phase.ts'

export interface SaidVerdict {
  readonly proposal: Proposal
  readonly verdict: Verdict
  readonly said: Pick<Verdict, 'reasons'> & { readonly status: 'ack' | 'nack' }
}

interface Round {
  readonly proposal: Proposal
  readonly verdicts: readonly Verdict[]
}

/** Returns the changes that store a verdict and what follows from it. */
export async function closeRound(
  deps: Deps,
  work: PhaseWork,
  { proposal, verdict, said }: SaidVerdict,
): Promise<readonly Change[]> {
  const spoken: Verdict = { ...verdict, ...said, decidedAt: deps.clock.now() }
  const all = await deps.store.list('verdicts', { proposalId: proposal.id })
  const round = { proposal, verdicts: all.map((each) => (each.id === spoken.id ? spoken : each)) }
  const stored = update('verdicts', {
    where: { id: spoken.id },
    set: { status: said.status, reasons: said.reasons, decidedAt: spoken.decidedAt },
    expect: { status: 'pending' },
  })
  return [stored, ...(await whatFollows(deps, work, round)), refreshStatus(deps, work.context)]
}

function whatFollows(deps: Deps, work: PhaseWork, round: Round): Promise<readonly Change[]> {
  switch (consensusOf(round.verdicts)) {
    case 'open':
      return Promise.resolve([])
    case 'accepted':
      return Promise.resolve(accepted(deps, work, round))
    case 'refused':
      return refused(deps, work, round)
  }
}

function accepted(deps: Deps, work: PhaseWork, round: Round): readonly Change[] {
  const { id: pipelineId, runEpoch } = work.pipeline
  return [
    ...ended(deps, work, { ...round, status: 'accepted' }),
    concludeSoon(deps, work.context, { pipelineId, runEpoch }),
  ]
}

async function refused(deps: Deps, work: PhaseWork, round: Round): Promise<readonly Change[]> {
  const { context, pipeline, phase } = work
  const { proposal } = round
  const over = ended(deps, work, { ...round, status: 'refused' })
  if (phase.rounds >= MOST_ROUNDS) {
    const headSha = context.pullRequest.headSha
    // The row of this round still says `open`: what the question shows is what it ends as.
    const asked = await askAboutConsensus(deps, work, { commit: proposal.commit, headSha, ending: round })
    return [...over, ...asked]
  }
  const refusals = round.verdicts.filter(({ status }) => status === 'nack')
  const text = refusedBriefing({
    round: proposal.round,
    rounds: MOST_ROUNDS,
    commit: proposal.commit,
    branch: context.session.branch,
    refusals,
  })
  return [
    ...over,
    update('phaseRuns', {
      where: { id: phase.id },
      set: { briefings: addBriefing(phase.briefings, { about: 'turn', text }), restarts: 0 },
    }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch, delayMs: 0 }),
  ]
}

function ended(
  deps: Deps,
  { context, pipeline, phase }: PhaseWork,
  { proposal, verdicts, status }: Round & { readonly status: 'accepted' | 'refused' },
): readonly Change[] {
  const { id, commit, round } = proposal
  return [
    update('proposals', {
      where: { id },
      set: { status, endedAt: deps.clock.now() },
      expect: { status: 'open' },
    }),
    lifecycle(context, pipeline, {
      type: `consensus.${status}`,
      details: {
        phase: phase.name,
        proposal_id: id,
        commit,
        round,
        refused_by: verdicts.filter((each) => each.status === 'nack').map(({ reviewer }) => reviewer),
      },
    }),
  ]
}
