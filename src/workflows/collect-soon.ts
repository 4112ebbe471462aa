// Has the mirror looked at for news: after a read that showed something, and when time alone settles checks.

import type { Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Project } from '../domain/records.ts'

export interface NewsOf {
  readonly project: Pick<Project, 'id' | 'repositoryId'>
  readonly number: number
}

/** Returns the change that has a pull request looked at for news; the idem key makes it one for its reason. */
export function collectNews(
  { project, number }: NewsOf,
  when: { readonly at: number; readonly idem: string },
): Change {
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, number),
    idem: `news:${project.id}:${number}:${when.idem}`,
    job: { kind: 'collect_news', projectId: project.id, number },
    runAt: when.at,
  }
}
