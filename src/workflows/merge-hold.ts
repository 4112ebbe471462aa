// Whether GitHub is about to merge a pull request: then nothing starts and nothing is pushed.

import { isMerging } from '../domain/nudge/why-held.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { repositoryOf } from './queries.ts'

/** Whose pull request it is. */
export interface MergeSubject {
  readonly session: { readonly projectId: string; readonly prNumber: number }
}

/** Tells what the mirror says; before its first read it says no. */
export async function isBeingMerged({ store }: Deps, { session }: MergeSubject): Promise<boolean> {
  const at = { projectId: session.projectId, prNumber: session.prNumber }
  const mirror = await store.find('mirrors', at)
  return mirror !== null && isMerging({ mirror, checks: await store.list('checks', at) })
}

/** Tells what GitHub says of a pull request that no session mirrors; no when GitHub gives no answer. */
export async function isBeingMergedUnseen(
  deps: Deps,
  { project, number }: { readonly project: Project; readonly number: number },
): Promise<boolean> {
  const name = { repository: repositoryOf(project), repositoryId: project.repositoryId, number }
  const outcome = await deps.observer.observe(name, 'webhook')
  if (outcome.kind !== 'observed') return false
  const { observation } = outcome
  return isMerging({ mirror: observation, checks: observation.checks.items })
}
