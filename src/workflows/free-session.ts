// After a session's end: what lies in its workspace and nowhere else is pinned, and when its pull request is over the
// workspace is removed. No verified pin, no removal: then it stays, and an alert says so.

import { update, type Change } from '../domain/changes.ts'
import { AppError } from '../domain/errors/app-error.ts'
import type { SessionEnding } from '../domain/records.ts'
import type { InspectedWorktree, WorktreeFacts } from '../domain/sync/facts.ts'
import { unavailableWords, unpinnedWords } from '../domain/text/session-ending.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { closeInterrupted } from './close-interrupted.ts'
import { pinSeen } from './pin-worktree.ts'
import { refreshStatus } from './present-session.ts'
import { findRunningAttempt, loadSession, type SessionContext } from './queries.ts'
import { raiseWorkspaceHeld } from './raise-alert.ts'

/** Pins, and frees, an ended session; the end of an attempt that still runs asks for this again. */
export const freeSession: JobHandler<'free_session'> = async (deps, job, lane) => {
  const context = await loadSession(deps.store, job.sessionId)
  const { state, ending } = context.session
  const isOver = state === 'stopped' || state === 'closed'
  if (ending === null || !isOver || ending.workspace === 'released') return []
  if ((await findRunningAttempt(deps.store, job.sessionId)) !== null) return []
  const freeing = { context, ending, lane }
  // A reset that was killed half way: its pin is listed, and the worktree as it lies is pinned below.
  await closeInterrupted(deps, context, lane)
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
    knownHead: null,
    isLast: true,
  })
  if (facts.kind === 'unavailable' && (await isNothingLeft(deps, freeing))) return release(deps, freeing)
  const unsaved = await saveAll(deps, freeing, facts)
  if (state === 'stopped') return [refreshStatus(deps, context)]
  return unsaved === null ? release(deps, freeing) : held(deps, freeing, unsaved)
}

interface Freeing {
  readonly context: SessionContext
  readonly ending: SessionEnding
  readonly lane: JobLane
}

/** A removal that had begun is finished; where no attempt ever ran there is nobody's work. */
async function isNothingLeft(deps: Deps, { context, ending }: Freeing): Promise<boolean> {
  if (ending.workspace === 'releasing') return true
  const attempts = await deps.store.list('attempts', { sessionId: context.session.id })
  return attempts.length === 0 && context.session.state === 'closed'
}

/** Returns null when everything is in the mirror, else what is not. */
async function saveAll(deps: Deps, freeing: Freeing, facts: WorktreeFacts): Promise<string | null> {
  if (facts.kind === 'inspected' && isSaved(facts)) return null
  const { context, lane } = freeing
  const outcome = await pinSeen(deps, { context, lane, reason: 'ended' }, facts)
  if (outcome.kind === 'unpinned')
    return facts.kind === 'inspected' ? outcome.why : unavailableWords(facts.fault.kind)
  const inside =
    facts.kind === 'inspected' ? [...facts.tree.nestedRepositories, ...facts.tree.dirtySubmodules] : []
  const lacking = [...inside, ...outcome.skipped]
  return lacking.length === 0 ? null : unpinnedWords(lacking)
}

/** Whatever no ref of the mirror reaches is among the other commits. */
function isSaved({ tree, otherCommits, inProgress, head }: InspectedWorktree): boolean {
  if (inProgress !== null || otherCommits.length > 0 || head.kind === 'unborn') return false
  const { dirty, untracked, conflicted, hiddenEdits, nestedRepositories, dirtySubmodules } = tree
  return [dirty, untracked, conflicted, hiddenEdits, nestedRepositories, dirtySubmodules].every(
    (paths) => paths.length === 0,
  )
}

/** Processes that outlived their attempt are found dead sooner or later. */
const MOST_RELEASES = 5

/** The row is written before the first file goes, so that what comes after a crash knows that nothing is missing. */
async function release(deps: Deps, freeing: Freeing): Promise<readonly Change[]> {
  const { context, lane } = freeing
  await deps.store.commit([nowIs(deps, freeing, 'releasing')], lane)
  const outcome = await deps.runner.release({ workspace: context.workspace, fence: lane.fence })
  if (outcome.kind === 'released') return [nowIs(deps, freeing, 'released'), refreshStatus(deps, context)]
  if (outcome.because === 'process_alive' && lane.attempt < MOST_RELEASES) {
    await deps.store.commit([nowIs(deps, freeing, 'kept')], lane)
    throw new AppError('WORKSPACE_INVALID', { session: context.session.id, reason: `${outcome.detail}.` })
  }
  return held(deps, freeing, outcome.detail)
}

async function held(deps: Deps, freeing: Freeing, detail: string): Promise<readonly Change[]> {
  const { context } = freeing
  return [
    nowIs(deps, freeing, 'held'),
    ...(await raiseWorkspaceHeld(deps, { session: context.session, detail })),
    refreshStatus(deps, context),
  ]
}

function nowIs(deps: Deps, { context, ending }: Freeing, workspace: SessionEnding['workspace']): Change {
  const set = { ending: { ...ending, workspace }, updatedAt: deps.clock.now() }
  return update('sessions', { where: { id: context.session.id }, set })
}
