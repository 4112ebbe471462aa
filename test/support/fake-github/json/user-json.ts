// How GitHub writes an account, and who somebody is to a repository.
import type { Account } from '../people.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'

/** Returns an account as REST and webhooks write it. */
export function toUserJson(world: World, account: Account): Record<string, unknown> {
  const url = `${world.links.api}/users/${encodeURIComponent(account.login)}`
  const page = account.type === 'Bot' ? `apps/${account.login.replace('[bot]', '')}` : account.login
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `${world.links.html}/avatars/u/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.links.html}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  }
}

/** Returns the association GitHub prints beside a text; Belay must never trust it. */
export function toAuthorAssociation(repository: FakeRepository, account: Account): string {
  if (account.id === repository.owner.id) return 'OWNER'
  const { permission } = repository.roleOf(account)
  if (permission === 'admin' || permission === 'write') return 'COLLABORATOR'
  return repository.conversations.some((conversation) => conversation.account === account)
    ? 'CONTRIBUTOR'
    : 'NONE'
}
