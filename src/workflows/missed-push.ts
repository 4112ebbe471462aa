// A sighting that shows another head than is stored saw a push whose webhook has not come, or never will. It is handled
// like the webhook: handling both is harmless.

import type { Change } from '../domain/changes.ts'
import type { ObservedPullRequest, Person } from '../domain/events.ts'
import { prLane } from '../domain/ids.ts'
import type { Deps } from './deps.ts'
import { repositoryRefOf } from './queries.ts'
import type { Project, PullRequest } from '../domain/records.ts'

/** Nobody's login: GitHub's read does not say who pushed. */
const SOMEBODY = { login: '', isBot: false } as const

export interface SeenHead {
  readonly project: Project
  readonly known: PullRequest
  readonly observed: ObservedPullRequest
  /** Who moved the branch, when the sighting says so. */
  readonly by?: Person | undefined
}

/** Returns the job that handles the push, or nothing when the head is the known one. */
export function missedPush(deps: Deps, { project, known, observed, by }: SeenHead): readonly Change[] {
  const isSame = observed.headSha === known.headSha || observed.headRef !== known.headRef
  if (isSame || observed.state !== 'open' || observed.updatedAt < known.observedAt) return []
  return [
    {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, known.number),
      // A branch may come back to where it was, and that is another push.
      idem: `missed-push:${project.id}:${known.number}:${observed.headSha}:${deps.ids.random(10)}`,
      job: {
        kind: 'handle_event',
        event: {
          kind: 'branch_pushed',
          repository: repositoryRefOf(project),
          branch: observed.headRef,
          before: known.headSha,
          after: observed.headSha,
          isForced: false,
          sender: by ?? SOMEBODY,
        },
      },
      runAt: deps.clock.now(),
    },
  ]
}
