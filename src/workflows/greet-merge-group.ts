// A group of the merge queue gets the check `Belay` as passed. Where a branch demands that check the queue would wait for
// ever: nothing of Belay runs on a group, and what it had to say stands on the pull requests themselves.

import type { Change } from '../domain/changes.ts'
import type { LaneEvent } from '../domain/events.ts'
import { renderMergeGroup } from '../domain/text/merge-group.ts'
import type { Deps } from './deps.ts'
import { repositoryOf } from './queries.ts'

type MergeGroupRequested = Extract<LaneEvent, { readonly kind: 'merge_group_requested' }>

/** Returns the check run of a group, one for each commit; none where Belay never had anything to do. */
export async function greetMergeGroup(
  { store }: Deps,
  { repository, headSha }: MergeGroupRequested,
): Promise<readonly Change[]> {
  const project = await store.find('projects', { repositoryId: repository.repositoryId })
  if (project === null) return []
  return [
    {
      kind: 'put_effect',
      effect: {
        ...renderMergeGroup(),
        kind: 'check_run',
        // No session and no question has such a name, so nothing that comes back from it is taken for an answer.
        externalId: `merge-group:${headSha}`,
        target: `check:${project.id}:merge-group:${headSha}`,
        repository: repositoryOf(project),
        headSha,
      },
    },
  ]
}
