// Named questions to the store, each with one meaning for all workflows.

import { AppError } from '../domain/errors/app-error.ts'
import type { RepositoryTarget } from '../domain/effects.ts'
import type { RepositoryRef } from '../domain/events.ts'
import type {
  Attempt,
  Decision,
  PhaseRun,
  Pipeline,
  Project,
  PullRequest,
  Session,
} from '../domain/records.ts'
import type { WorkspaceRef } from '../ports/runner.ts'
import type { Store } from '../ports/store.ts'

/** A session with everything its workflows need to know about where it lives. */
export interface SessionContext {
  readonly session: Session
  readonly project: Project
  readonly pullRequest: PullRequest
  readonly repository: RepositoryTarget
  readonly workspace: WorkspaceRef
}

/** Loads a session with its project and pull request; throws `SESSION_NOT_FOUND`. */
export async function loadSession(store: Store, sessionId: string): Promise<SessionContext> {
  const session = await store.find('sessions', { id: sessionId })
  if (session === null) throw new AppError('SESSION_NOT_FOUND', { session: sessionId })
  const project = await store.find('projects', { id: session.projectId })
  const pullRequest = await store.find('pullRequests', {
    projectId: session.projectId,
    number: session.prNumber,
  })
  if (project === null || pullRequest === null)
    throw new AppError('SESSION_NOT_FOUND', { session: sessionId })
  return {
    session,
    project,
    pullRequest,
    repository: repositoryOf(project),
    workspace: {
      projectId: project.id,
      sessionId: session.id,
      branch: session.branch,
      baseRef: session.baseRef,
      repository: {
        installationId: project.installationId,
        repositoryId: project.repositoryId,
        owner: project.owner,
        name: project.name,
      },
    },
  }
}

/** Returns how effects address a project's repository. */
export function repositoryOf(project: Project): RepositoryTarget {
  return { installationId: project.installationId, owner: project.owner, name: project.name }
}

/** Returns a project's repository as an event names it. */
export function repositoryRefOf(project: Project): RepositoryRef {
  const { repositoryId, installationId, owner, name, isPrivate, defaultBranch } = project
  return { repositoryId, installationId, owner, name, isPrivate, defaultBranch }
}

/** Loads a pipeline; throws `PIPELINE_NOT_FOUND`. */
export async function loadPipeline(store: Store, pipelineId: string): Promise<Pipeline> {
  const pipeline = await store.find('pipelines', { id: pipelineId })
  if (pipeline === null) throw new AppError('PIPELINE_NOT_FOUND', { pipeline: pipelineId })
  return pipeline
}

/** Returns the session that is spawning or live on a pull request. */
export async function findLiveSession(
  store: Store,
  at: { readonly projectId: string; readonly prNumber: number },
): Promise<Session | null> {
  return store.find('sessions', { ...at, state: ['spawning', 'live'] })
}

/** Returns the newest session of a pull request, whatever its state. */
export async function findNewestSession(
  store: Store,
  at: { readonly projectId: string; readonly prNumber: number },
): Promise<Session | null> {
  const sessions = await store.list('sessions', at)
  return sessions.at(-1) ?? null
}

/** Returns the newest pipeline of a session. */
export async function findNewestPipeline(store: Store, sessionId: string): Promise<Pipeline | null> {
  const pipelines = await store.list('pipelines', { sessionId })
  return pipelines.at(-1) ?? null
}

/** Returns the phases of a pipeline in their order. */
export async function listPhases(store: Store, pipelineId: string): Promise<readonly PhaseRun[]> {
  const phases = await store.list('phaseRuns', { pipelineId })
  return phases.toSorted((a, b) => a.position - b.position)
}

/** Returns the phase a pipeline is at; throws when its row is missing, which no crash can cause. */
export async function loadCurrentPhase(store: Store, pipeline: Pipeline): Promise<PhaseRun> {
  const phase = await store.find('phaseRuns', { pipelineId: pipeline.id, name: pipeline.currentPhase })
  if (phase === null) throw new AppError('PIPELINE_NOT_FOUND', { pipeline: pipeline.id })
  return phase
}

/** Returns an attempt of a session that runs now, if any: the producer's, or a reviewer's. */
export async function findRunningAttempt(store: Store, sessionId: string): Promise<Attempt | null> {
  return store.find('attempts', { sessionId, status: ['starting', 'running'] })
}

/** Returns every attempt of a session that runs now; of reviewers there can be several. */
export function listRunningAttempts(store: Store, sessionId: string): Promise<readonly Attempt[]> {
  return store.list('attempts', { sessionId, status: ['starting', 'running'] })
}

/** Returns the open question of a session; there is at most one. */
export async function findOpenDecision(store: Store, sessionId: string): Promise<Decision | null> {
  return store.find('decisions', { sessionId, status: 'pending' })
}

/**
 * Returns the question that nothing may go around: an open one, or one whose answer has not taken effect yet.
 *
 * The same predicate stands in SQL as the guard `no_open_decision`.
 */
export async function findHoldingDecision(store: Store, sessionId: string): Promise<Decision | null> {
  return (
    (await findOpenDecision(store, sessionId)) ??
    (await store.find('decisions', { sessionId, status: 'resolved', actedAt: null }))
  )
}

/** Returns the open question of a chain, which is the one to answer in place of a withdrawn one. */
export async function findNewestOfChain(
  store: Store,
  { projectId, rootId }: Pick<Decision, 'projectId' | 'rootId'>,
): Promise<Decision | null> {
  return store.find('decisions', { projectId, rootId, status: 'pending' })
}

/** Tells whether a pipeline has come to its end: `failed` with an open question has not. */
export function isTerminal(pipeline: Pipeline, openDecision: Decision | null): boolean {
  if (pipeline.status === 'complete' || pipeline.status === 'cancelled') return true
  return pipeline.status === 'failed' && openDecision === null
}
