// Brings a phase to its end after the agent's work: sync, reviewers' consensus where one is wanted, push, contract where
// one is made, next phase. Every step looks at what is there, so that it can be repeated from its beginning.

import { update, type Change } from '../domain/changes.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import { ZERO_SHA, type Sha } from '../domain/ids.ts'
import { acceptedIn, verdictsSurvive } from '../domain/pipeline/consensus.ts'
import type { Proposal } from '../domain/pipeline/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import { askAboutContract, fillContract } from './fill-contract.ts'
import type { Deps, JobHandler } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { movePhase, movePipeline } from './move.ts'
import { openDecision } from './open-decision.ts'
import { heldUp, loadWork, phaseConfig, reviewersOf, type PhaseWork } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { propose } from './propose.ts'
import { listPhases, loadSession } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { enqueueStartPhase } from './start-phase.ts'
import { remoteAfter } from './sync-heads.ts'
import type { SyncReport } from './sync-operation.ts'
import { syncWorktree } from './sync-worktree.ts'
import { acknowledgeNews } from './told-news.ts'
import { watchersOver } from './watch-phases.ts'

/** Goes on where reviewers or a person let the phase go on. */
export const handleConcludePhase: JobHandler<'conclude_phase'> = async (deps, job, lane) => {
  const work = await loadWork(deps, job, lane)
  if (work === null) return []
  const held = await heldUp(deps, work, job)
  if (held !== null) return held
  return concludePhase(deps, work)
}

/** Returns the changes that bring a phase to its end, or a step nearer to it; `first` is a sync that was done already. */
export async function concludePhase(
  deps: Deps,
  work: PhaseWork,
  first: SyncReport | null = null,
): Promise<readonly Change[]> {
  const reviewers = reviewersOf(work)
  if (reviewers.length > 0) return concludeReviewed(deps, work, { reviewers, first })
  const report = first ?? (await sync(deps, work, undefined))
  return caseSpec(report.case).mayGoOn ? afterPush(deps, work, report) : blocked(deps, work, report)
}

function sync(deps: Deps, work: PhaseWork, reviewed: Sha | undefined): Promise<SyncReport> {
  const { context, pipeline, lane, choice } = work
  // A move of the branch was noted: whether it was a rewrite may not have been seen then.
  const askOnRewrite = context.session.remoteMoved !== null && choice === undefined
  const order = { context, pipeline, trigger: 'phase_end', push: true, choice, askOnRewrite, lane } as const
  return syncWorktree(deps, { ...order, reviewed })
}

function blocked(
  deps: Deps,
  { context, pipeline }: PhaseWork,
  report: SyncReport,
): Promise<readonly Change[]> {
  return openDecision(deps, { context, pipeline, report, moment: 'phase_end' })
}

/** Replays on a branch that keeps moving are looked at so often; then reviewers are asked anew. */
const MOST_REPLAYS = 3

/** Only what reviewers accepted is pushed: a replay is looked at before it may be, and by the reviewers if need be. */
async function concludeReviewed(
  deps: Deps,
  begun: PhaseWork,
  { reviewers, first }: { readonly reviewers: readonly string[]; readonly first: SyncReport | null },
): Promise<readonly Change[]> {
  const proposals = await deps.store.list('proposals', { phaseRunId: begun.phase.id })
  const accepted = acceptedIn(proposals, begun.pipeline.runEpoch)
  let work = begun
  let report = first ?? (await sync(deps, work, accepted?.commit ?? ZERO_SHA))
  for (let replays = 0; ; replays += 1) {
    if (!caseSpec(report.case).mayGoOn) return blocked(deps, work, report)
    const head = report.operation.after
    const base = remoteAfter(report)
    if (head === null || head === base) return afterPush(deps, work, report)
    const isGood =
      accepted !== null &&
      replays < MOST_REPLAYS &&
      (head === accepted.commit || (await survives(deps, work, { accepted, head, base })))
    if (!isGood) return propose(deps, work, { report, head, base, reviewers })
    await deps.store.commit(report.changes, work.lane)
    work = { ...work, choice: undefined, context: await loadSession(deps.store, work.context.session.id) }
    report = await sync(deps, work, head)
  }
}

interface Replay {
  readonly accepted: Proposal
  readonly head: Sha
  readonly base: Sha | null
}

/** Commits that can not be compared any more are no ground to stand on: then the reviewers look again. */
async function survives(deps: Deps, { context }: PhaseWork, replay: Replay): Promise<boolean> {
  const { accepted, head, base } = replay
  if (base === null) return false
  const { workspace } = context
  try {
    const now = await deps.runner.describeRange({ workspace, from: base, to: head })
    const upstream = await deps.runner.describeRange({ workspace, from: accepted.base, to: base })
    return verdictsSurvive({ proposal: accepted, now, upstreamPaths: upstream.paths })
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    deps.log.warn({ error, proposal: accepted.id }, 'proposal_not_compared')
    return false
  }
}

/** Everything of the phase is on the branch: the plan is read where there is to be one, and the phase is complete. */
async function afterPush(deps: Deps, work: PhaseWork, report: SyncReport): Promise<readonly Change[]> {
  const { context, pipeline, phase } = work
  const { produces, plan: path } = phaseConfig(pipeline, phase.name)
  const headSha = remoteAfter(report) ?? context.pullRequest.headSha
  if (produces === null) return [...report.changes, ...(await completePhase(deps, work))]
  const head = report.operation.after ?? headSha
  const filled = await fillContract(deps, { context, pipeline, phase: phase.name, path, head })
  return filled.kind === 'populated'
    ? [...report.changes, ...filled.changes, ...(await completePhase(deps, work))]
    : [...report.changes, ...(await askAboutContract(deps, { work, filled, gate: 'phase_end', headSha }))]
}

async function completePhase(deps: Deps, work: PhaseWork): Promise<readonly Change[]> {
  const { context, pipeline, phase } = work
  const endedAt = deps.clock.now()
  const result = await resultOf(deps, work)
  const phases = await listPhases(deps.store, pipeline.id)
  const next = phases.find((candidate) => candidate.position > phase.position)
  return [
    ...movePhase(phase, 'completed', { result, endedAt, briefings: [], failure: null }),
    ...(await watchersOver(deps, pipeline.id)),
    lifecycle(context, pipeline, { type: 'phase.completed', details: { result } }),
    ...(next === undefined ? await completePipeline(deps, work) : goOn(deps, work, next.name)),
    refreshStatus(deps, context),
  ]
}

async function completePipeline(deps: Deps, { context, pipeline }: PhaseWork): Promise<readonly Change[]> {
  return [
    ...movePipeline(pipeline, 'completed', { endedAt: deps.clock.now() }),
    lifecycle(context, pipeline, { type: 'pipeline.completed' }),
    ...(await acknowledgeNews(deps, pipeline)),
    respondAfter(deps, context),
  ]
}

function goOn(deps: Deps, { context, pipeline }: PhaseWork, currentPhase: string): readonly Change[] {
  const { id, runEpoch } = pipeline
  return [
    update('pipelines', { where: { id }, set: { currentPhase }, expect: { runEpoch, status: 'running' } }),
    enqueueStartPhase(deps, context, { pipelineId: id, runEpoch, delayMs: 0 }),
  ]
}

/**
 * Whether commits of ours reached the branch; what others pushed meanwhile is not the agent's doing.
 *
 * The journal tells: a push whose result nobody lived to see counts, since the sync that followed found it done.
 */
async function resultOf(deps: Deps, { pipeline, phase }: PhaseWork): Promise<'changed' | 'no_changes'> {
  const operations = await deps.store.list('syncOperations', { pipelineId: pipeline.id, phase: phase.name })
  const operationId = operations
    .filter(({ startedAt }) => startedAt >= (phase.startedAt ?? 0))
    .map(({ id }) => id)
  const pushes = await deps.store.list('syncSteps', { operationId, kind: 'push_branch' })
  const hasPushed = pushes.some(
    ({ outcome }) => outcome === null || (outcome.kind === 'push' && outcome.result === 'pushed'),
  )
  return hasPushed ? 'changed' : 'no_changes'
}
