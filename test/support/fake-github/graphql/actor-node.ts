// An account as GraphQL shows it: bots lose the `[bot]` that REST adds, deleted accounts are nobody.
import type { Account } from '../people.ts'
import type { World } from '../world.ts'

/** Returns an account as an `Actor`, or null when it was deleted. */
export function toActorNode(world: World, account: Account): object | null {
  if (world.people.isGone(account)) return null
  const login = account.login.replace(/\[bot\]$/, '')
  return {
    __typename: account.type,
    id: account.nodeId,
    databaseId: account.id,
    login,
    url: `${world.links.html}/${account.type === 'Bot' ? 'apps/' : ''}${login}`,
    resourcePath: `/${account.type === 'Bot' ? 'apps/' : ''}${login}`,
    avatarUrl: `${world.links.html}/avatars/u/${account.id}`,
  }
}

/** Returns an account where the schema only knows a `User`: a bot keeps its `[bot]` there. */
export function toUserNode(world: World, account: Account): object | null {
  const node = toActorNode(world, account)
  return node && { ...node, __typename: 'User', login: account.login }
}
