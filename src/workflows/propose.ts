// Puts a synced commit before the reviewers of a phase: one run epoch, one proposal, one verdict to come from each. Every
// older verdict is stale from then on.

import { demand, insert, update, type Change } from '../domain/changes.ts'
import { prLane, type Sha } from '../domain/ids.ts'
import { MOST_ROUNDS } from '../domain/pipeline/consensus.ts'
import type { Proposal, Verdict } from '../domain/pipeline/records.ts'
import type { ConsensusDetails } from '../domain/decision/details.ts'
import type { PhaseRun } from '../domain/records.ts'
import { askAboutWork } from './ask-about-work.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { findLastProducer, type PhaseWork } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { remoteAfter } from './sync-heads.ts'
import type { SyncReport } from './sync-operation.ts'

export interface ProposalOrder {
  readonly report: SyncReport
  readonly head: Sha
  /** Null for a branch that is not on the remote yet. */
  readonly base: Sha | null
  /** Who must acknowledge it. */
  readonly reviewers: readonly string[]
}

/** Returns the changes that open a round of reviews, or that ask a person when there were enough of them. */
export async function propose(deps: Deps, work: PhaseWork, order: ProposalOrder): Promise<readonly Change[]> {
  const { context, pipeline, phase } = work
  const { report, head } = order
  const producer = await findLastProducer(deps, phase)
  const headSha = remoteAfter(report) ?? context.pullRequest.headSha
  if (producer === null || phase.rounds >= MOST_ROUNDS)
    return [...report.changes, ...(await askAboutConsensus(deps, work, { commit: head, headSha }))]
  const proposal = await newProposal(deps, work, { ...order, attemptId: producer.id })
  return [
    demand({ kind: 'no_open_decision', sessionId: pipeline.sessionId }),
    demand({ kind: 'no_running_attempt', sessionId: pipeline.sessionId }),
    ...report.changes,
    ...(await staleProposals(deps, phase)),
    update('pipelines', {
      where: { id: pipeline.id },
      set: { runEpoch: proposal.runEpoch },
      expect: { runEpoch: pipeline.runEpoch, status: 'running' },
    }),
    update('phaseRuns', { where: { id: phase.id }, set: { rounds: proposal.round } }),
    insert('proposals', proposal),
    ...order.reviewers.flatMap((reviewer) => opened(deps, work, { proposal, reviewer })),
    lifecycle(
      context,
      { ...pipeline, runEpoch: proposal.runEpoch },
      {
        type: 'consensus.proposed',
        details: { phase: phase.name, proposal_id: proposal.id, commit: head, round: proposal.round },
      },
    ),
    refreshStatus(deps, context),
  ]
}

async function newProposal(
  deps: Deps,
  { context, pipeline, phase }: PhaseWork,
  { head, base: remote, attemptId }: ProposalOrder & { readonly attemptId: string },
): Promise<Proposal> {
  const base = remote ?? context.session.lastSyncedSha ?? context.pullRequest.baseSha
  const range = await deps.runner.describeRange({ workspace: context.workspace, from: base, to: head })
  return {
    id: `pp_${deps.ids.random(12)}`,
    sessionId: pipeline.sessionId,
    pipelineId: pipeline.id,
    phaseRunId: phase.id,
    attemptId,
    round: phase.rounds + 1,
    runEpoch: pipeline.runEpoch + 1,
    commit: head,
    base,
    commits: range.commits,
    paths: range.paths,
    status: 'open',
    createdAt: deps.clock.now(),
    endedAt: null,
  }
}

function opened(
  deps: Deps,
  { context }: PhaseWork,
  { proposal, reviewer }: { readonly proposal: Proposal; readonly reviewer: string },
): readonly Change[] {
  const verdict: Verdict = {
    id: `${proposal.id}/${reviewer}`,
    proposalId: proposal.id,
    sessionId: proposal.sessionId,
    pipelineId: proposal.pipelineId,
    reviewer,
    status: 'pending',
    reasons: [],
    failures: 0,
    decidedAt: null,
  }
  const review = { proposalId: proposal.id, reviewer, delayMs: 0 }
  return [
    insert('verdicts', verdict),
    enqueueReview(deps, prLane(context.project.repositoryId, context.session.prNumber), review),
  ]
}

/** Returns the change that has a reviewer's attempt started. */
export function enqueueReview(
  deps: Deps,
  lane: string,
  review: { readonly proposalId: string; readonly reviewer: string; readonly delayMs: number },
): Change {
  const { proposalId, reviewer, delayMs } = review
  return {
    kind: 'enqueue',
    lane,
    idem: `review:${proposalId}:${reviewer}:${deps.ids.random(8)}`,
    job: { kind: 'start_review', proposalId, reviewer },
    runAt: deps.clock.now() + delayMs,
  }
}

/** Returns the changes after which no earlier proposal of a phase counts any more. */
export async function staleProposals({ store, clock }: Deps, phase: PhaseRun): Promise<readonly Change[]> {
  const before = await store.list('proposals', {
    phaseRunId: phase.id,
    status: ['open', 'accepted', 'overruled'],
  })
  const set = { status: 'stale', endedAt: clock.now() } as const
  return before.map(({ id, status }) => update('proposals', { where: { id }, set, expect: { status } }))
}

export interface AskedConsensus {
  readonly commit: Sha
  readonly headSha: Sha
  /** The round that ends with the question, as its rows will say after the commit. */
  readonly ending?: { readonly proposal: Proposal; readonly verdicts: readonly Verdict[] }
}

/** Returns the changes that ask a person to decide between reviewers and agent. */
export async function askAboutConsensus(
  deps: Deps,
  { context, pipeline, phase }: Omit<PhaseWork, 'lane' | 'choice'>,
  { commit, headSha, ending }: AskedConsensus,
): Promise<readonly Change[]> {
  const details: ConsensusDetails = {
    branch: context.session.branch,
    commit,
    rounds: await roundsOf(deps, phase, ending),
  }
  const detail = `${phase.rounds} rounds of reviews ended without an agreement.`
  const kind = 'consensus_stalled'
  return askAboutWork(deps, { context, pipeline, phase, kind, details, detail, headSha })
}

async function roundsOf(
  { store }: Deps,
  phase: PhaseRun,
  ending: AskedConsensus['ending'],
): Promise<ConsensusDetails['rounds']> {
  const all = await store.list('proposals', { phaseRunId: phase.id })
  const proposals = all.slice(-Math.max(phase.rounds, 1))
  const stored = await store.list('verdicts', { proposalId: proposals.map(({ id }) => id) })
  const last = ending?.proposal.id
  const verdicts = [...stored.filter(({ proposalId }) => proposalId !== last), ...(ending?.verdicts ?? [])]
  return proposals.map(({ id, round, commit, status }) => ({
    round,
    commit,
    status: id === last ? 'refused' : status,
    refusals: verdicts
      .filter(({ proposalId, status: said }) => proposalId === id && said === 'nack')
      .map(({ reviewer, reasons }) => ({ reviewer, reasons })),
  }))
}
