// Puts a question into the database from outside the program, as if another lane step had asked it a moment ago.

import { insert, update, type Change } from '../../../src/domain/changes.ts'
import { decisionContext } from '../../../src/domain/decision/decision.ts'
import type { SyncDetails } from '../../../src/domain/decision/details.ts'
import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import { asQuestion, type Question, type SyncQuestion } from '../../../src/domain/decision/subject.ts'
import { ZERO_SHA } from '../../../src/domain/ids.ts'
import type { Backup, Decision, PhaseRun, Pipeline, Session } from '../../../src/domain/records.ts'
import { pinId, pinPrefix, type PinNote } from '../../../src/domain/sync/pin.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { stopForQuestion } from '../../../src/workflows/new-decision.ts'
import { loadCurrentPhase, loadPipeline } from '../../../src/workflows/queries.ts'
import { askedOf } from './question-details.ts'
import type { Workbench } from './workbench.ts'
import type { Scene } from './scenes.ts'

/** Stores an open question of a session and returns it; what it is about goes on as if nobody had asked. */
export async function plantQuestion(bench: Workbench, { pr, session }: Scene): Promise<SyncQuestion> {
  const decision = plantedDecision(await bench.pipeline(pr), { pr, session }, bench.deps.ids.decision())
  await commit(bench.deps, [insert('decisions', decision)])
  return decision
}

/** Which question is to be open, and where. */
export interface Planting {
  readonly session: Session
  readonly pipeline: Pipeline
  /** The head of the branch on GitHub. */
  readonly headSha: Decision['headSha']
  readonly kind: DecisionKind
  readonly concerns: Decision['concerns']
  /** The phase that asks. */
  readonly phase: string
}

/**
 * Stores an open question of any kind as its row in the table of decisions says: with what it stops, under a new run epoch,
 * and with a pin. Nothing is announced.
 */
export async function plantQuestionOf(deps: Deps, planting: Planting): Promise<Question> {
  const { session, kind, concerns, headSha } = planting
  const { pipeline, phase } = await bringBack(deps, planting)
  const backup = pinRow(deps, planting)
  const pins: readonly PinNote[] = [{ ...backup, files: null, branch: null, dirtyPaths: [] }]
  const { branch, agent } = session
  const question: Decision = {
    ...unanswered(pipeline, { id: deps.ids.decision(), prNumber: session.prNumber, kind }),
    ...askedOf(kind, { branch, agent, head: headSha, pins, concerns }),
    concerns,
    headSha,
    createdAt: deps.clock.now(),
  }
  const stopped =
    kind === 'nudge_budget' || concerns === 'worktree'
      ? []
      : stopForQuestion(deps, { pipeline, phase, failure: { code: kind, detail: 'Planted.' } })
  await commit(deps, [...stopped, insert('backups', backup), insert('decisions', question)])
  return asQuestion(question)
}

/** Has the pipeline stand at the phase, running, or over where the question is about the worktree alone. */
async function bringBack(
  deps: Deps,
  { session, pipeline: { id }, phase: currentPhase, concerns }: Planting,
): Promise<{ readonly pipeline: Pipeline; readonly phase: PhaseRun }> {
  const before = await loadPipeline(deps.store, id)
  const status = concerns === 'worktree' ? 'complete' : 'running'
  const set = { status, failure: null, endedAt: null } as const
  const phases = await deps.store.list('phaseRuns', { pipelineId: id })
  await commit(deps, [
    update('sessions', { where: { id: session.id }, set: { state: 'live' } }),
    update('pipelines', { where: { id }, set: { ...set, currentPhase, runEpoch: before.runEpoch + 1 } }),
    ...phases.map((run) =>
      update('phaseRuns', { where: { id: run.id }, set: { ...set, briefings: [], restarts: 1, rounds: 1 } }),
    ),
  ])
  const pipeline = await loadPipeline(deps.store, id)
  return { pipeline, phase: await loadCurrentPhase(deps.store, pipeline) }
}

function pinRow({ clock, ids }: Deps, { session, headSha }: Planting): Backup {
  const prefix = pinPrefix({ sessionId: session.id, unixNs: clock.nowNs(), random: ids.random(4) })
  return {
    id: pinId(prefix),
    sessionId: session.id,
    projectId: session.projectId,
    operationId: 'planted',
    reason: 'sync',
    prefix,
    head: headSha,
    index: headSha,
    worktree: headSha,
    push: 'pushed',
    pushRefusal: null,
    filesPush: null,
    rescueBranch: null,
    dirtyRescueBranch: null,
    createdAt: clock.now(),
  }
}

async function commit({ store }: Pick<Deps, 'store'>, changes: readonly Change[]): Promise<void> {
  const outcome = await store.commit(changes, null)
  if (outcome.kind !== 'committed')
    throw new Error(`The question was not planted: ${JSON.stringify(outcome)}`)
}

type Unanswered = Omit<Decision, 'concerns' | 'options' | 'details' | 'headSha' | 'createdAt'>

function unanswered(
  pipeline: Pipeline,
  { id, prNumber, kind }: { readonly id: string; readonly prNumber: number; readonly kind: DecisionKind },
): Unanswered {
  const { projectId, sessionId, currentPhase: phase, runEpoch } = pipeline
  return {
    id,
    rootId: id,
    projectId,
    sessionId,
    pipelineId: pipeline.id,
    prNumber,
    phase,
    kind,
    context: decisionContext(kind, { phase, prNumber }),
    runEpoch,
    status: 'pending',
    answer: null,
    answeredBy: null,
    answeredVia: null,
    answeredAt: null,
    actedAt: null,
    cancelReason: null,
    successorId: null,
    reminders: 0,
  }
}

function plantedDecision(pipeline: Pipeline, { pr, session }: Scene, id: string): SyncQuestion {
  const { branch, agent } = session
  const head = session.lastSyncedSha ?? ZERO_SHA
  const asked = askedOf('sync_blocked', { branch, agent, head, pins: [], concerns: 'pipeline' })
  const details: SyncDetails = {
    ...(asked.details as SyncDetails),
    localHead: null,
    remoteHead: null,
    mergeBase: null,
  }
  return {
    ...unanswered(pipeline, { id, prNumber: pr.number, kind: 'sync_blocked' }),
    kind: 'sync_blocked',
    concerns: 'pipeline',
    options: asked.options,
    details,
    headSha: head,
    createdAt: pipeline.createdAt,
  }
}
