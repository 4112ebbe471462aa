// How GitHub writes an installation, and the webhooks about it.
import type { Installation } from '../installations.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'
import { appEvents } from './app-json.ts'
import { toShortRepositoryJson } from './repository-json.ts'
import { toUserJson } from './user-json.ts'

/** Returns an installation as REST and webhooks write it. */
export function toInstallationJson(world: World, installation: Installation): Record<string, unknown> {
  const { id, account, createdAt, suspendedAt, suspendedBy } = installation
  return {
    id,
    node_id: installation.nodeId,
    client_id: world.app.clientId,
    account: toUserJson(world, account),
    repository_selection: 'selected',
    access_tokens_url: `${world.links.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.links.api}/installation/repositories`,
    html_url: `${world.links.html}/settings/installations/${id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: appEvents,
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_at: suspendedAt,
    suspended_by: suspendedBy === null ? null : toUserJson(world, suspendedBy),
  }
}

/** What happened to an installation as a whole. */
export type InstallationAction = 'created' | 'deleted' | 'new_permissions_accepted' | 'suspend' | 'unsuspend'

/** News about an installation. */
export interface InstallationNews {
  readonly world: World
  readonly installation: Installation
}

/** Returns the payload of an `installation` webhook. */
export function toInstallationEvent(
  { world, installation }: InstallationNews,
  action: InstallationAction,
): Record<string, unknown> {
  const sender = toSender(world, installation)
  // Seen so in GitHub's examples: these two list no repositories and write times as text.
  if (action === 'suspend' || action === 'unsuspend')
    return { action, installation: toInstallationJson(world, installation), sender }
  const json = withNumericTimes(world, installation)
  const covered = world.repositories.list().filter(({ id }) => installation.repositoryIds.has(id))
  const repositories = covered.map(toShortRepositoryJson)
  return { action, installation: json, repositories, requester: null, sender }
}

/** Returns the payload of an `installation_repositories` webhook. */
export function toCoverageEvent(
  { world, installation }: InstallationNews,
  action: 'added' | 'removed',
  repository: FakeRepository,
): Record<string, unknown> {
  const changed = [toShortRepositoryJson(repository)]
  return {
    action,
    installation: withNumericTimes(world, installation),
    repository_selection: 'selected',
    repositories_added: action === 'added' ? changed : [],
    repositories_removed: action === 'removed' ? changed : [],
    requester: null,
    sender: toSender(world, installation),
  }
}

// An organization does nothing by itself: somebody who owns it acts.
function toSender(world: World, { account }: Installation): Record<string, unknown> {
  return toUserJson(world, account.type === 'User' ? account : world.people.person(`${account.login}-owner`))
}

// Webhooks about installations write times as numbers; REST writes text.
function withNumericTimes(world: World, installation: Installation): Record<string, unknown> {
  const seconds = Math.floor(Date.parse(installation.createdAt) / 1000)
  return { ...toInstallationJson(world, installation), created_at: seconds, updated_at: seconds }
}
