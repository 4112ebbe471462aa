// Maps GitHub's events to ours. The table is the one list of events this version acts on; app.yml subscribes to more.

import { toCheckRunEvents, toCheckSuiteEvents, toStatusEvents } from './payload/check-run-events.ts'
import {
  toIssueCommentEvents,
  toIssueEvents,
  toReviewCommentEvents,
  toReviewEvents,
  toReviewThreadEvents,
} from './payload/comment-events.ts'
import { toInstallationEvents, toRepositoryEvents } from './payload/installation-events.ts'
import { ignored, type Mapped, type RawEvent } from './payload/mapped.ts'
import { toMergeGroupEvents } from './payload/merge-group-events.ts'
import { toPullRequestEvents } from './payload/pull-request-events.ts'
import { toPushEvents } from './payload/push-events.ts'

type MapEvent = (raw: RawEvent) => Mapped

const MAPPERS: ReadonlyMap<string, MapEvent> = new Map<string, MapEvent>([
  ['check_run', toCheckRunEvents],
  ['check_suite', toCheckSuiteEvents],
  ['installation', toInstallationEvents],
  ['installation_repositories', toInstallationEvents],
  ['issue_comment', toIssueCommentEvents],
  ['issues', toIssueEvents],
  ['merge_group', toMergeGroupEvents],
  ['pull_request', toPullRequestEvents],
  ['pull_request_review', toReviewEvents],
  ['pull_request_review_comment', toReviewCommentEvents],
  ['pull_request_review_thread', toReviewThreadEvents],
  ['push', toPushEvents],
  ['repository', toRepositoryEvents],
  ['status', toStatusEvents],
])

/** The GitHub events that can become one of ours. */
export const HANDLED_EVENTS: readonly string[] = [...MAPPERS.keys()]

/**
 * Returns our events for a payload, or why there are none.
 *
 * Throws `PAYLOAD_UNREADABLE` when a field that is needed is missing or of another type.
 */
export function toEvents(name: string, payload: Readonly<Record<string, unknown>>): Mapped {
  const map = MAPPERS.get(name)
  if (map === undefined) return ignored('event_not_used')
  // Webhooks set on a repository by hand look the same but belong to no installation: we could not act on them.
  if (payload['installation'] === undefined || payload['installation'] === null)
    return ignored('no_installation')
  const action = typeof payload['action'] === 'string' ? payload['action'] : null
  return map({ name, action, payload })
}
