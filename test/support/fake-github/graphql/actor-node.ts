// An account as GraphQL shows it: bots lose the `[bot]` that REST adds.
import type { Account } from '../people.ts'
import type { World } from '../world.ts'

/** Returns an account as an `Actor`. */
export function toActorNode(world: World, account: Account): object {
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
