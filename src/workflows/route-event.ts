// From an event to the lane that serialises it, and to the pull requests worth another read. Runs when a delivery is
// taken from the inbox, outside every lane, so it only looks up where things belong and writes nothing but jobs.

import type { Change } from '../domain/changes.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { AccessLoss, AppEvent, InstallationEvent, LaneEvent } from '../domain/events.ts'
import { prLane, type Sha } from '../domain/ids.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { isMirrored } from './mirrored-pull-request.ts'
import { requestReconcile } from './request-reconcile.ts'

/** Returns one job per event and lane; the inbox writes them together with the delivery's end, and so once. */
export async function routeEvents(deps: Deps, events: readonly AppEvent[]): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (const event of events) changes.push(...(await routeEvent(deps, event)))
  return changes
}

async function routeEvent(deps: Deps, event: AppEvent): Promise<readonly Change[]> {
  switch (event.kind) {
    case 'pull_request_touched':
      return readsOf(deps, event.repository.repositoryId, { number: event.number })
    case 'commit_touched':
      return isOurs(deps, event.appId).then((ours) =>
        ours ? [] : readsOf(deps, event.repository.repositoryId, { headSha: event.sha }),
      )
    case 'installation_changed':
      return routeInstallation(deps, event)
    default:
      return [...(await toLanes(deps, event)), ...(await readsAfter(deps, event))]
  }
}

async function toLanes(deps: Deps, event: LaneEvent): Promise<readonly Change[]> {
  const lanes = await lanesOf(deps, event)
  return lanes.map((lane) => ({
    kind: 'enqueue',
    lane,
    idem: `event:${deps.ids.random(16)}`,
    job: { kind: 'handle_event', event },
    runAt: deps.clock.now(),
  }))
}

/** What the App itself shows on a commit is no news of it. */
async function isOurs(deps: Deps, appId: number | null): Promise<boolean> {
  return appId !== null && appId === (await deps.github.identity()).appId
}

/** The mirror of a pull request follows its own news, and a push to its base: that decides about conflicts. */
async function readsAfter(deps: Deps, event: LaneEvent): Promise<readonly Change[]> {
  switch (event.kind) {
    case 'comment_written':
      // What Belay itself writes in the conversation is in no list of the mirror.
      return event.onIssue || event.sender.login === (await deps.github.identity()).botLogin
        ? []
        : readsOf(deps, event.repository.repositoryId, { number: event.number })
    case 'pull_request_changed':
      return readsOf(deps, event.repository.repositoryId, { number: event.pullRequest.number })
    case 'branch_pushed': {
      const { repositoryId } = event.repository
      const heads = await readsOf(deps, repositoryId, { headRef: event.branch })
      return [...heads, ...(await readsOf(deps, repositoryId, { baseRef: event.branch }))]
    }
    default:
      return []
  }
}

type Touched =
  | { readonly number: number }
  | { readonly headSha: Sha }
  | { readonly headRef: string }
  | { readonly baseRef: string }

/** Only open pull requests with a session are mirrored. */
async function readsOf(deps: Deps, repositoryId: number, touched: Touched): Promise<readonly Change[]> {
  const project = await deps.store.find('projects', { repositoryId })
  if (project === null) return []
  const found = await deps.store.list('pullRequests', { projectId: project.id, state: 'open', ...touched })
  return found.filter(isMirrored).map(({ number }) => requestReconcile(deps, { project, number }))
}

const LOSSES: Readonly<Record<string, AccessLoss>> = {
  deleted: 'uninstalled',
  suspend: 'suspended',
  repositories_removed: 'repository_removed',
}

const GAINS: readonly string[] = ['created', 'unsuspend', 'new_permissions_accepted', 'repositories_added']

/** Where access was lost every session ends; where it came back every mirrored pull request is read again. */
async function routeInstallation(deps: Deps, event: InstallationEvent): Promise<readonly Change[]> {
  const { installationId, action, removedRepositoryIds } = event
  const projects = await deps.store.list('projects', { installationId })
  const because = LOSSES[action]
  if (because !== undefined) {
    const concerned = projects.filter(
      ({ repositoryId }) => because !== 'repository_removed' || removedRepositoryIds.includes(repositoryId),
    )
    const lost = concerned.map(
      ({ repositoryId }) => ({ kind: 'access_lost', repositoryId, because }) as const,
    )
    return (await Promise.all(lost.map((each) => toLanes(deps, each)))).flat()
  }
  if (!GAINS.includes(action)) return []
  const added = await deps.store.list('projects', { repositoryId: event.addedRepositoryIds })
  const gained = new Map([...projects, ...added].map((project) => [project.id, project]))
  const seen = await Promise.all([...gained.values()].map((project) => regained(deps, event, project)))
  const reads = await Promise.all(projects.map((project) => readsOfProject(deps, project)))
  return [...seen, ...reads].flat()
}

/** An App that was installed anew has another number there. */
function regained(
  deps: Deps,
  { installationId }: InstallationEvent,
  project: Project,
): Promise<readonly Change[]> {
  const { repositoryId, owner, name, isPrivate, defaultBranch } = project
  return toLanes(deps, {
    kind: 'repository_changed',
    repository: { installationId, repositoryId, owner, name, isPrivate, defaultBranch },
    action: 'access_regained',
    sender: { login: '', isBot: true },
  })
}

async function readsOfProject(deps: Deps, project: Project): Promise<readonly Change[]> {
  const found = await deps.store.list('pullRequests', { projectId: project.id, state: 'open' })
  return found.filter(isMirrored).map(({ number }) => requestReconcile(deps, { project, number }))
}

async function lanesOf(deps: Deps, event: LaneEvent): Promise<readonly string[]> {
  switch (event.kind) {
    case 'comment_written':
      return [prLane(event.repository.repositoryId, event.number)]
    case 'pull_request_changed':
      return [prLane(event.repository.repositoryId, event.pullRequest.number)]
    case 'button_pressed':
      return lanesOfButton(deps, event)
    case 'branch_pushed':
      return lanesOfBranch(deps, event)
    case 'merge_group_requested':
      return lanesOfMergeGroup(deps, event)
    case 'repository_changed':
      return lanesOfRepository(deps, event)
    case 'access_lost':
      return lanesOfSessions(deps, event.repositoryId)
    default:
      return assertNever(event)
  }
}

async function lanesOfButton(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'button_pressed' }>,
): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return []
  const decision = await deps.store.find('decisions', { projectId: project.id, id: event.externalId })
  return decision === null ? [] : [prLane(project.repositoryId, decision.prNumber)]
}

async function lanesOfBranch(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'branch_pushed' }>,
): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return []
  const sessions = await deps.store.list('sessions', { projectId: project.id, state: ['spawning', 'live'] })
  return sessions
    .filter(({ branch }) => branch === event.branch)
    .map(({ prNumber }) => prLane(project.repositoryId, prNumber))
}

/** A group belongs to no pull request alone. */
async function lanesOfMergeGroup(
  deps: Deps,
  { repository: { repositoryId } }: Extract<LaneEvent, { readonly kind: 'merge_group_requested' }>,
): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId })
  return project === null ? [] : [prLane(repositoryId, 0)]
}

/**
 * A lane of the repository's own keeps the changes of its names in order; no pull request has the number 0.
 *
 * A transfer concerns every session as well: an open question is asked anew where the repository is now.
 */
async function lanesOfRepository(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'repository_changed' }>,
): Promise<readonly string[]> {
  const { repositoryId } = event.repository
  const own = prLane(repositoryId, 0)
  const concernsSessions = event.action === 'transferred' || event.action === 'deleted'
  return concernsSessions ? [own, ...(await lanesOfSessions(deps, repositoryId))] : [own]
}

async function lanesOfSessions(deps: Deps, repositoryId: number): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId })
  if (project === null) return []
  const sessions = await deps.store.list('sessions', { projectId: project.id, state: ['spawning', 'live'] })
  return sessions.map(({ prNumber }) => prLane(repositoryId, prNumber))
}
