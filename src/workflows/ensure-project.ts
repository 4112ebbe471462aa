// The row of a repository: made when Belay first has something to do there, kept through renames and transfers.

import { insert, update, type Change } from '../domain/changes.ts'
import type { RepositoryRef } from '../domain/events.ts'
import type { Project } from '../domain/records.ts'
import { projectSlug } from '../domain/session/slug.ts'
import type { Deps } from './deps.ts'

export interface EnsuredProject {
  readonly project: Project
  readonly changes: readonly Change[]
}

/** Returns the project of a repository, and the changes that make it or bring its names up to date. */
export async function ensureProject(deps: Deps, repository: RepositoryRef): Promise<EnsuredProject> {
  const { repositoryId, installationId, owner, name, isPrivate, defaultBranch } = repository
  const now = deps.clock.now()
  const known = await deps.store.find('projects', { repositoryId })
  if (known !== null) return followNames(deps, known, repository)
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

const NAMES = ['installationId', 'owner', 'name', 'isPrivate', 'defaultBranch'] as const

/** An event with other names is new or very late, and only GitHub knows which: what it says now is stored. */
async function followNames(deps: Deps, known: Project, told: RepositoryRef): Promise<EnsuredProject> {
  const unchanged = { project: known, changes: [] }
  if (isCalled(known, told)) return unchanged
  const now = await deps.github.readRepository(told)
  if (now === null || isCalled(known, now)) return unchanged
  const { installationId, owner, name, isPrivate, defaultBranch } = now
  const set = { installationId, owner, name, isPrivate, defaultBranch, updatedAt: deps.clock.now() }
  return {
    project: { ...known, ...set },
    changes: [update('projects', { where: { id: known.id }, set })],
  }
}

function isCalled(known: Project, names: RepositoryRef): boolean {
  return NAMES.every((key) => known[key] === names[key])
}
