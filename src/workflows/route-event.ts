// From an event to the lane that serialises it. Runs when a delivery is taken from the inbox, outside every lane, so it
// only looks up where things belong and writes nothing but the jobs.

import type { Change } from '../domain/changes.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { AppEvent } from '../domain/events.ts'
import { prLane } from '../domain/ids.ts'
import type { Deps } from './deps.ts'

/** Returns one job per event and lane; the inbox writes them together with the delivery's end, and so once. */
export async function routeEvents(deps: Deps, events: readonly AppEvent[]): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (const event of events) {
    for (const lane of await lanesOf(deps, event)) {
      const idem = `event:${deps.ids.random(16)}`
      changes.push({
        kind: 'enqueue',
        lane,
        idem,
        job: { kind: 'handle_event', event },
        runAt: deps.clock.now(),
      })
    }
  }
  return changes
}

async function lanesOf(deps: Deps, event: AppEvent): Promise<readonly string[]> {
  switch (event.kind) {
    case 'comment_written':
      return [prLane(event.repository.repositoryId, event.number)]
    case 'pull_request_changed':
      return [prLane(event.repository.repositoryId, event.pullRequest.number)]
    case 'button_pressed':
      return lanesOfButton(deps, event)
    case 'branch_pushed':
      return lanesOfBranch(deps, event)
    case 'repository_changed':
      // No pull request is concerned; a lane of the repository's own keeps its changes in order.
      return [prLane(event.repository.repositoryId, 0)]
    case 'installation_changed':
      return []
    default:
      return assertNever(event)
  }
}

async function lanesOfButton(
  deps: Deps,
  event: Extract<AppEvent, { readonly kind: 'button_pressed' }>,
): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return []
  const decision = await deps.store.find('decisions', { projectId: project.id, id: event.externalId })
  return decision === null ? [] : [prLane(project.repositoryId, decision.prNumber)]
}

async function lanesOfBranch(
  deps: Deps,
  event: Extract<AppEvent, { readonly kind: 'branch_pushed' }>,
): Promise<readonly string[]> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return []
  const sessions = await deps.store.list('sessions', { projectId: project.id, state: ['spawning', 'live'] })
  return sessions
    .filter(({ branch }) => branch === event.branch)
    .map(({ prNumber }) => prLane(project.repositoryId, prNumber))
}
