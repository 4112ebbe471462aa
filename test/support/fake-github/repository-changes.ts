// What happens to a repository as a whole: a new name, owner or default branch, the archive, the end.
// Knows nothing of what is in it.
import { coverRepository, uncoverRepository } from './installation-changes.ts'
import { toUserJson } from './json/user-json.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'

/** Gives it another name; the old one goes on leading to it. */
export function renameRepository(repository: FakeRepository, by: string, name: string): void {
  const from = repository.name
  repository.world.repositories.keepName(repository)
  repository.name = name
  tell(repository, by, { action: 'renamed', changes: { repository: { name: { from } } } })
}

/**
 * Gives it to another owner; the old name goes on leading to it.
 *
 * The App of the old owner loses it. The new owner's App, if installed there and `covered`, gets it and hears of the transfer.
 */
export function transferRepository(
  repository: FakeRepository,
  by: string,
  to: { readonly owner: string; readonly covered: boolean },
): void {
  const { world, owner: from } = repository
  const owner = world.people.owner(to.owner)
  world.repositories.keepName(repository)
  const isInstalled = world.installations.findByRepository(repository.id) !== undefined
  repository.owner = owner
  if (isInstalled) uncoverRepository(repository)
  const there = world.installations.list().find(({ account }) => account.id === owner.id)
  if (to.covered && there !== undefined) coverRepository(repository, there.permissions)
  const former =
    from.type === 'User' ? { user: toUserJson(world, from) } : { organization: toOwner(repository, from) }
  tell(repository, by, { action: 'transferred', changes: { owner: { from: former } } })
}

/** Makes another branch the default one; throws when there is no such branch. */
export async function changeDefaultBranch(
  repository: FakeRepository,
  by: string,
  branch: string,
): Promise<void> {
  const { git, defaultBranch: from } = repository
  if ((await git.resolve(`refs/heads/${branch}`)) === undefined)
    throw new Error(`${repository.fullName} has no branch ${branch}.`)
  await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
  repository.defaultBranch = branch
  tell(repository, by, { action: 'edited', changes: { default_branch: { from } } })
}

/** Makes it read-only. */
export function archiveRepository(repository: FakeRepository, by: string): void {
  repository.isArchived = true
  tell(repository, by, { action: 'archived' })
}

/** Makes an archived one writable again. */
export function unarchiveRepository(repository: FakeRepository, by: string): void {
  repository.isArchived = false
  tell(repository, by, { action: 'unarchived' })
}

/** Deletes it: nobody finds it any more, under any name. */
export function deleteRepository(repository: FakeRepository, by: string): void {
  tell(repository, by, { action: 'deleted' })
  repository.isDeleted = true
  repository.world.installations.findByRepository(repository.id)?.repositoryIds.delete(repository.id)
}

function tell(repository: FakeRepository, by: string, payload: Readonly<Record<string, unknown>>): void {
  repository.send({ event: 'repository', payload, sender: repository.world.people.person(by) })
}

function toOwner({ world }: FakeRepository, { login, id, nodeId }: Account): Record<string, unknown> {
  return { login, id, node_id: nodeId, url: `${world.links.api}/orgs/${login}` }
}
