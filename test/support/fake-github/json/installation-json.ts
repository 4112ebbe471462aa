// How GitHub writes an installation, and the webhooks about it.
import type { Installation } from '../installations.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'
import { appEvents } from './app-json.ts'
import { toShortRepositoryJson } from './repository-json.ts'
import { toUserJson } from './user-json.ts'

/** Returns an installation as REST and webhooks write it. */
export function toInstallationJson(world: World, installation: Installation): Record<string, unknown> {
  const { id, account, createdAt } = installation
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
    suspended_at: null,
    suspended_by: null,
  }
}

/** Returns event name and payload for a repository that an installation newly covers. */
export function toInstallationEvent(news: {
  readonly world: World
  readonly installation: Installation
  readonly repository: FakeRepository
  readonly isNew: boolean
}): [event: string, payload: Record<string, unknown>] {
  const { world, installation, repository, isNew } = news
  const repositories = [toShortRepositoryJson(repository)]
  const { owner } = repository
  // An organization does nothing by itself: somebody who owns it installs the App.
  const installer = owner.type === 'User' ? owner : world.people.person(`${owner.login}-owner`)
  const sender = toUserJson(world, installer)
  const times = { created_at: toSeconds(installation), updated_at: toSeconds(installation) }
  const json = { ...toInstallationJson(world, installation), ...times }
  if (isNew)
    return ['installation', { action: 'created', installation: json, repositories, requester: null, sender }]
  const change = {
    repository_selection: 'selected',
    repositories_added: repositories,
    repositories_removed: [],
  }
  return [
    'installation_repositories',
    { action: 'added', installation: json, ...change, requester: null, sender },
  ]
}

// Webhooks about installations write times as numbers; REST writes text.
function toSeconds({ createdAt }: Installation): number {
  return Math.floor(Date.parse(createdAt) / 1000)
}
