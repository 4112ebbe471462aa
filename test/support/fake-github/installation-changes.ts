// What an owner does to the App in his account: installs, suspends, removes it, and chooses its repositories.
// Each change takes effect at once and tells the App by webhook. Knows nothing of tokens and routes.
import type { Installation } from './installations.ts'
import { toCoverageEvent, toInstallationEvent } from './json/installation-json.ts'
import type { InstallationAction } from './json/installation-json.ts'
import type { Permissions } from './permissions.ts'
import type { FakeRepository } from './repository.ts'
import type { World } from './world.ts'

/** Lets the App into a repository; installs it in the account with these permissions when it is not there. */
export function coverRepository(repository: FakeRepository, permissions: Permissions): void {
  const { world, owner, id } = repository
  const { installation, isNew } = world.installations.install(owner, permissions)
  installation.repositoryIds.add(id)
  if (isNew) tell(world, installation, 'created')
  else tellCoverage(repository, installation, 'added')
}

/** Takes the App out of one repository; throws when it is not in it. */
export function uncoverRepository(repository: FakeRepository): void {
  const installation = repository.world.installations.findByRepository(repository.id)
  if (installation === undefined) throw new Error(`The App is not in ${repository.fullName}.`)
  installation.repositoryIds.delete(repository.id)
  tellCoverage(repository, installation, 'removed')
}

/** Keeps the App out of an account without removing it: no token works and no other webhook is sent. */
export function suspendInstallation(world: World, owner: string): void {
  const installation = installationOf(world, owner)
  installation.suspendedAt = world.clock.nowIso()
  installation.suspendedBy = world.people.person(
    installation.account.type === 'User' ? owner : `${owner}-owner`,
  )
  tell(world, installation, 'suspend')
}

/** Lets a suspended App in again; tokens that still live work again. */
export function unsuspendInstallation(world: World, owner: string): void {
  const installation = installationOf(world, owner)
  installation.suspendedAt = null
  installation.suspendedBy = null
  tell(world, installation, 'unsuspend')
}

/** Removes the App from an account. */
export function uninstall(world: World, owner: string): void {
  const installation = installationOf(world, owner)
  world.installations.uninstall(installation)
  tell(world, installation, 'deleted')
}

/** Accepts other permissions for the App, from now on. */
export function acceptPermissions(world: World, owner: string, permissions: Permissions): void {
  const installation = installationOf(world, owner)
  installation.permissions = permissions
  tell(world, installation, 'new_permissions_accepted')
}

function installationOf(world: World, owner: string): Installation {
  const found = world.installations.list().find(({ account }) => account.login === owner)
  if (found === undefined) throw new Error(`The App is not installed by ${owner}.`)
  return found
}

function tell(world: World, installation: Installation, action: InstallationAction): void {
  const payload = toInstallationEvent({ world, installation }, action)
  send(world, { event: 'installation', payload, installationId: installation.id })
}

function tellCoverage(
  repository: FakeRepository,
  installation: Installation,
  action: 'added' | 'removed',
): void {
  const { world } = repository
  if (installation.suspendedAt !== null) return
  const payload = toCoverageEvent({ world, installation }, action, repository)
  send(world, { event: 'installation_repositories', payload, installationId: installation.id })
}

function send(
  world: World,
  order: {
    readonly event: string
    readonly payload: Record<string, unknown>
    readonly installationId: number
  },
): void {
  world.webhooks.send({ ...order, repositoryId: undefined })
}
