// What happened to the work on a pull request that no agent was told yet: a recovery whose answer started nothing, a
// session that was stopped. Told when a phase starts anew, whichever pipeline or session it belongs to.

import { isAboutSync, type SyncQuestion } from '../domain/decision/subject.ts'
import type { Briefing } from '../domain/pipeline/briefings.ts'
import type { Backup, Decision, PinReason } from '../domain/records.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { actionOf } from './answered-action.ts'
import type { Deps } from './deps.ts'
import type { PhaseWork } from './phase-work.ts'
import { recoveryBriefing } from './recovery-briefing.ts'

/** Returns everything the first attempt of a phase is to be told, oldest first. */
export async function withUntold(deps: Deps, work: PhaseWork): Promise<readonly Briefing[]> {
  const { context, phase } = work
  const { projectId, prNumber } = context.session
  const sessions = await deps.store.list('sessions', { projectId, prNumber })
  const sessionId = sessions.map(({ id }) => id)
  const attempts = await deps.store.list('attempts', { sessionId, role: 'producer' })
  const since = Math.max(0, ...attempts.map(({ startedAt }) => startedAt))
  const decisions = await deps.store.list('decisions', { sessionId })
  const recoveries = decisions.filter((each) => isAboutSync(each) && isUntold(each, work, since))
  const texts = await Promise.all(
    recoveries.map((each) => recoveryBriefing(deps, context, each as SyncQuestion)),
  )
  const left = await leftPins(deps, { sessionId, since, isNew: phase.briefings.length === 0 })
  const stopped = left === null ? [] : [afterStop(work, left)]
  const untold = [...stopped, ...texts].map((text): Briefing => ({ about: 'turn', text }))
  return [...untold, ...phase.briefings]
}

/** What an answer of this very pipeline resumed is in the phase's own briefings already. */
function isUntold(decision: Decision, { pipeline }: PhaseWork, since: number): boolean {
  if (!isAboutSync(decision) || decision.createdAt < since || decision.details.pins.length === 0) return false
  if (decision.successorId !== null) return false
  const wasResumed =
    decision.status === 'resolved' &&
    decision.concerns === 'pipeline' &&
    actionOf(decision) !== 'cancel_pipeline'
  return !(wasResumed && decision.pipelineId === pipeline.id)
}

/** The last thing that an agent left and nobody told of; a failed attempt is told by its own phase. */
async function leftPins(
  { store }: Deps,
  asked: { readonly sessionId: readonly string[]; readonly since: number; readonly isNew: boolean },
): Promise<Backup | null> {
  const reasons: readonly PinReason[] = asked.isNew
    ? ['stopped', 'ended', 'failed_attempt']
    : ['stopped', 'ended']
  const pins = await store.list('backups', { sessionId: asked.sessionId, reason: reasons })
  return pins.filter(({ createdAt }) => createdAt >= asked.since).at(-1) ?? null
}

function afterStop({ context }: PhaseWork, pin: Backup): string {
  return renderBriefing({
    reason: 'stopped',
    branch: context.session.branch,
    headNow: null,
    mergeBase: context.session.lastSyncedSha,
    discarded: [],
    conflictingPaths: [],
    pins: [pin],
    rescueBranches: pin.rescueBranch === null ? [] : [pin.rescueBranch],
    note: '',
  })
}
