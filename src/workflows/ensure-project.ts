// The row of a repository: made when Belay first has something to do there, kept through renames and transfers.

import { insert, update, type Change } from '../domain/changes.ts'
import type { RepositoryRef } from '../domain/events.ts'
import type { Project } from '../domain/records.ts'
import { projectSlug } from '../domain/session/slug.ts'
import type { Deps } from './deps.ts'

/** Returns the project of a repository, and the changes that make it or bring its names up to date. */
export async function ensureProject(
  deps: Deps,
  repository: RepositoryRef,
): Promise<{ readonly project: Project; readonly changes: readonly Change[] }> {
  const { repositoryId, installationId, owner, name, isPrivate, defaultBranch } = repository
  const now = deps.clock.now()
  const known = await deps.store.find('projects', { repositoryId })
  if (known !== null) {
    const set = { installationId, owner, name, isPrivate, defaultBranch }
    const isSame = (Object.keys(set) as (keyof typeof set)[]).every((key) => known[key] === set[key])
    if (isSame) return { project: known, changes: [] }
    return {
      project: { ...known, ...set },
      changes: [update('projects', { where: { id: known.id }, set: { ...set, updatedAt: now } })],
    }
  }
  const plain = projectSlug({ name, repositoryId }, false)
  const isTaken = (await deps.store.find('projects', { id: plain })) !== null
  const project: Project = {
    id: projectSlug({ name, repositoryId }, isTaken),
    repositoryId,
    installationId,
    owner,
    name,
    isPrivate,
    defaultBranch,
    nextSessionNo: 1,
    config: null,
    configFaults: [],
    createdAt: now,
    updatedAt: now,
  }
  return { project, changes: [insert('projects', project)] }
}
