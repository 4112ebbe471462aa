// A read that shows another head than is stored saw a push whose webhook has not come, or never will. It is handled like
// the webhook: handling both is harmless.

import type { Change } from '../domain/changes.ts'
import type { Observation } from '../domain/mirror/observation.ts'
import { prLane } from '../domain/ids.ts'
import type { Deps } from './deps.ts'
import type { MirroredPullRequest } from './mirrored-pull-request.ts'

/** Nobody's login: GitHub's read does not say who pushed. */
const SOMEBODY = { login: '', isBot: false } as const

/** Returns the job that handles the push, or nothing when the head is the known one. */
export function missedPush(
  deps: Deps,
  { project, known }: MirroredPullRequest,
  { pullRequest }: Observation,
): readonly Change[] {
  const isSame = pullRequest.headSha === known.headSha || pullRequest.headRef !== known.headRef
  if (isSame || pullRequest.state !== 'open' || pullRequest.updatedAt < known.observedAt) return []
  const { repositoryId, installationId, owner, name, isPrivate, defaultBranch } = project
  return [
    {
      kind: 'enqueue',
      lane: prLane(repositoryId, known.number),
      idem: `missed-push:${project.id}:${known.number}:${pullRequest.headSha}:${known.headSha}`,
      job: {
        kind: 'handle_event',
        event: {
          kind: 'branch_pushed',
          repository: { repositoryId, installationId, owner, name, isPrivate, defaultBranch },
          branch: pullRequest.headRef,
          before: known.headSha,
          after: pullRequest.headSha,
          isForced: false,
          sender: SOMEBODY,
        },
      },
      runAt: deps.clock.now(),
    },
  ]
}
