// What stands in the database and on the machine after an act, as far as the next act and the laws need it.

import type { Proposal } from '../../../src/domain/pipeline/records.ts'
import type { Attempt, Decision, PhaseRun, Pipeline, Session } from '../../../src/domain/records.ts'
import type { PipelineBench } from './bench.ts'
import type { SimProcess } from './machine.ts'

export interface View {
  /** The newest session of the pull request. */
  readonly session: Session | null
  readonly sessions: readonly Session[]
  /** Oldest first, of all sessions. */
  readonly pipelines: readonly Pipeline[]
  readonly phases: readonly PhaseRun[]
  readonly attempts: readonly Attempt[]
  readonly decisions: readonly Decision[]
  readonly proposals: readonly Proposal[]
  readonly open: Decision | null
  /** Agents that work for the newest session and are children of the program. */
  readonly live: readonly SimProcess[]
}

/** Reads everything. */
export async function loadView({ deps, machine, boot }: PipelineBench): Promise<View> {
  const { store } = deps
  const [sessions, pipelines, phases, attempts, decisions, proposals] = await Promise.all([
    store.list('sessions', {}),
    store.list('pipelines', {}),
    store.list('phaseRuns', {}),
    store.list('attempts', {}),
    store.list('decisions', {}),
    store.list('proposals', {}),
  ])
  const session = sessions.at(-1) ?? null
  const live = session === null ? [] : machine.processesOf(session.id)
  return {
    session,
    sessions,
    pipelines,
    phases,
    attempts,
    decisions,
    proposals,
    open: decisions.find(({ status }) => status === 'pending') ?? null,
    live: live.filter((process) => process.boot === boot),
  }
}

/** Returns the newest pipeline of the newest session. */
export function newestPipeline({ session, pipelines }: View): Pipeline | null {
  return pipelines.findLast(({ sessionId }) => sessionId === session?.id) ?? null
}

/** Tells whether a pipeline will not go on by itself or by an answer. */
export function isOver({ status, id, runEpoch }: Pipeline, { decisions }: View): boolean {
  if (status === 'complete' || status === 'cancelled') return true
  if (status !== 'failed') return false
  return !decisions.some(
    (one) => one.pipelineId === id && one.runEpoch === runEpoch && one.concerns === 'pipeline' && holds(one),
  )
}

/** Tells whether nothing may go around a question. */
export function holds({ status, actedAt }: Decision): boolean {
  return status === 'pending' || (status === 'resolved' && actedAt === null)
}
