// What follows for sessions when the App loses a repository, gets it back, or finds it under another name. What an event
// says is checked with GitHub first: events come late, twice and in any order.

import type { Change } from '../domain/changes.ts'
import type { AccessLoss, LaneEvent } from '../domain/events.ts'
import type { Project, Session } from '../domain/records.ts'
import type { Deps, JobLane } from './deps.ts'
import { endSession } from './end-session.ts'
import { ensureProject } from './ensure-project.ts'
import { askAnew } from './follow-pull-request.ts'
import { refreshStatus } from './present-session.ts'
import { findLiveSession, loadSession, type SessionContext } from './queries.ts'

type AccessLost = Extract<LaneEvent, { readonly kind: 'access_lost' }>
type RepositoryChanged = Extract<LaneEvent, { readonly kind: 'repository_changed' }>

/** Longer than the moments between the two halves of a transfer. */
const SECOND_LOOK_MS = 60_000

/** Ends the lane's session when the App really may not work in its repository any more. */
export async function loseAccess(deps: Deps, event: AccessLost, lane: JobLane): Promise<readonly Change[]> {
  const context = await sessionOfLane(deps, event.repositoryId, lane)
  if (context === null) return []
  const { project } = context
  if ((await deps.github.readRepository(project)) !== null) return []
  if (event.because === 'repository_removed' && event.isSecondLook !== true)
    return [lookAgain(deps, event, lane)]
  return endWithout(deps, context, event.because)
}

function lookAgain(deps: Deps, event: AccessLost, lane: JobLane): Change {
  return {
    kind: 'enqueue',
    lane: lane.key,
    idem: `access:${lane.key}:${deps.ids.random(10)}`,
    job: { kind: 'handle_event', event: { ...event, isSecondLook: true } },
    runAt: deps.clock.now() + SECOND_LOOK_MS,
  }
}

/** Nothing can be told on GitHub now: the reason is stored, and shown when the App is let in again. */
async function endWithout(
  deps: Deps,
  context: SessionContext,
  because: AccessLoss,
): Promise<readonly Change[]> {
  const { owner, name } = context.repository
  deps.log.warn({ session: context.session.id, repository: `${owner}/${name}`, because }, 'access_lost')
  return (await endSession(deps, { context, ending: { because } })).changes
}

/** Renames and transfers keep the project; a repository Belay never worked on gets no row. */
export async function followRepository(
  deps: Deps,
  event: RepositoryChanged,
  lane: JobLane,
): Promise<readonly Change[]> {
  const { repository, action } = event
  const known = await deps.store.find('projects', { repositoryId: repository.repositoryId })
  if (known === null) return []
  const { changes } = await ensureProject(deps, repository)
  const context = await sessionOfLane(deps, repository.repositoryId, lane)
  if (context === null) return [...changes, ...(await showEnded(deps, known))]
  if (action === 'deleted') {
    const isThere = (await deps.github.readRepository(known)) !== null
    return isThere ? changes : endWithout(deps, context, 'repository_deleted')
  }
  if (action !== 'transferred') return changes
  // Where it was asked already the question stands, with the links of the place before.
  return [...changes, ...(await askAnew(deps, context)), refreshStatus(deps, context)]
}

const LOSSES: readonly (AccessLoss | 'gone')[] = [
  'uninstalled',
  'suspended',
  'repository_removed',
  'repository_deleted',
  'gone',
]

/** What ended while nobody could be told is told as soon as the App is let in again; nothing starts by itself. */
async function showEnded(deps: Deps, { id: projectId }: Project): Promise<readonly Change[]> {
  const sessions = await deps.store.list('sessions', { projectId })
  const newest = new Map(sessions.map((session) => [session.prNumber, session]))
  const ended = [...newest.values()].filter(endedByLoss)
  const contexts = await Promise.all(ended.map(({ id }) => loadSession(deps.store, id)))
  return contexts.map((context) => refreshStatus(deps, context))
}

function endedByLoss({ state, ending }: Session): boolean {
  return state === 'stopped' && LOSSES.some((loss) => loss === ending?.because)
}

async function sessionOfLane(
  deps: Deps,
  repositoryId: number,
  lane: JobLane,
): Promise<SessionContext | null> {
  const project = await deps.store.find('projects', { repositoryId })
  if (project === null) return null
  const prNumber = Number(lane.key.slice(lane.key.lastIndexOf('#') + 1))
  const session = await findLiveSession(deps.store, { projectId: project.id, prNumber })
  return session === null ? null : loadSession(deps.store, session.id)
}
