// Start-up: picks up what an earlier process left. Interrupted syncs are finished by the jobs that began them, which
// are still in the lane; here are the attempts nobody watches any more and the preparations nobody reports on.

import type { Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Attempt } from '../domain/records.ts'
import { closeInterrupted } from './close-interrupted.ts'
import type { Deps, JobHandler } from './deps.ts'
import { refreshStatus } from './present-session.ts'
import {
  findNewestPipeline,
  findOpenDecision,
  listRunningAttempts,
  loadSession,
  type SessionContext,
} from './queries.ts'

/** Enqueues the recovery of every session that lives or still has an attempt, once per start of the process. */
export async function recoverAll(deps: Deps): Promise<number> {
  const { bootId } = deps.settings
  const sessions = await deps.store.list('sessions', { state: ['spawning', 'live'] })
  const attempts = await deps.store.list('attempts', { status: ['starting', 'running'] })
  const ids = new Set([...sessions.map(({ id }) => id), ...attempts.map(({ sessionId }) => sessionId)])
  for (const sessionId of ids) {
    const { project, session } = await loadSession(deps.store, sessionId)
    const change: Change = {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, session.prNumber),
      idem: `recover:${sessionId}:${bootId}`,
      job: { kind: 'recover_session', sessionId },
      runAt: deps.clock.now(),
    }
    await deps.store.commit([change], null)
  }
  return ids.size
}

/** Ends orphaned attempts, starts lost preparations again, and closes what was open in the journal. */
export const recoverSession: JobHandler<'recover_session'> = async (deps, job, lane) => {
  const context = await loadSession(deps.store, job.sessionId)
  const running = await listRunningAttempts(deps.store, context.session.id)
  const orphans = running.map((attempt) => recoverAttempt(deps, context, { attempt, laneKey: lane.key }))
  if (orphans.length > 0) return (await Promise.all(orphans)).flat()
  // A recovery that had begun is finished by the job that began it, which is still in this lane: whatever goes on between
  // two steps is a job, and jobs outlive the process.
  await closeInterrupted(deps, context, lane)
  const asked = await announceAgain(deps, context)
  const pipeline = await findNewestPipeline(deps.store, context.session.id)
  if (pipeline?.status !== 'pending') return asked
  const idem = `prepare:${pipeline.id}:${deps.settings.bootId}`
  return [
    ...asked,
    {
      kind: 'enqueue',
      lane: lane.key,
      idem,
      job: { kind: 'prepare_workspace', pipelineId: pipeline.id },
      runAt: deps.clock.now(),
    },
  ]
}

/** A question whose announcement was given up would wait unseen; announcing it again adds nothing that is there. */
async function announceAgain(deps: Deps, { session, project }: SessionContext): Promise<readonly Change[]> {
  const open = await findOpenDecision(deps.store, session.id)
  if (open === null) return []
  const { projectId, id: decisionId } = open
  return [
    {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, session.prNumber),
      idem: `announce:${projectId}:${decisionId}:${deps.settings.bootId}`,
      job: { kind: 'announce_failure', projectId, decisionId },
      runAt: deps.clock.now(),
    },
  ]
}

/** An attempt that this very process started meanwhile is no orphan. */
async function recoverAttempt(
  deps: Deps,
  context: SessionContext,
  orphan: { readonly attempt: Attempt; readonly laneKey: string },
): Promise<readonly Change[]> {
  const { attempt, laneKey } = orphan
  const { sessionId, id: attemptId, runEpoch } = attempt
  const reaped = await deps.runner.reapAttempt({ sessionId, attemptId })
  if (reaped.kind === 'watched') return []
  const report = {
    kind: 'attempt_ended',
    sessionId,
    attemptId,
    runEpoch,
    exit: { kind: 'lost' },
    verdict: null,
  } as const
  return [
    {
      kind: 'enqueue',
      lane: laneKey,
      // Not the name of the runner's own report: that one may have been given up.
      idem: `ended:${attemptId}:${deps.settings.bootId}`,
      job: { kind: 'handle_report', report },
      runAt: deps.clock.now(),
    },
    refreshStatus(deps, context),
  ]
}

/**
 * Has sessions looked at whose attempt was not heard of for longer than its lease.
 *
 * The runner is asked there: an attempt it still watches is alive, however late its heartbeat was stored.
 */
export async function expireAttempts(deps: Deps): Promise<void> {
  const now = deps.clock.now()
  const running = await deps.store.list('attempts', { status: ['starting', 'running'] })
  for (const { sessionId, id, leaseUntil } of running.filter((attempt) => attempt.leaseUntil < now)) {
    const { project, session } = await loadSession(deps.store, sessionId)
    const change: Change = {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, session.prNumber),
      idem: `expired:${id}:${leaseUntil}`,
      job: { kind: 'recover_session', sessionId },
      runAt: now,
    }
    await deps.store.commit([change], null)
  }
}
