// Who commits in a session repository: the App's bot, with its noreply address.

import type { GitIdentity } from '../ports/runner.ts'
import type { Deps } from './deps.ts'

/** Returns the bot's name and noreply address. */
export async function botIdentity(deps: Deps): Promise<GitIdentity> {
  const { botLogin, botUserId } = await deps.github.identity()
  const local = botUserId === null ? botLogin : `${botUserId}+${botLogin}`
  return { name: botLogin, email: `${local}@users.noreply.github.com` }
}
