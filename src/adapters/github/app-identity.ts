// Who the App is: read once and remembered. A failed read is not remembered.

import { AppError } from '../../domain/errors/app-error.ts'
import type { AppIdentity } from '../../ports/github.ts'
import { answerOf, answerOrNull, attempt } from './github-calls.ts'
import type { Calls } from './github-calls.ts'
import type { Clients } from './octokit-clients.ts'

const APP_ROUTE = 'GET /app'

/** Returns a function that reads the identity once. */
export function createIdentity(
  clients: Clients,
  calls: Calls,
  now: () => number,
): () => Promise<AppIdentity> {
  let reading: Promise<AppIdentity> | null = null
  return () => {
    reading ??= readIdentity(clients, calls, now).then(
      (identity) => {
        // Without an installation nobody could tell the bot's id; that may change.
        if (identity.botUserId === null) reading = null
        return identity
      },
      (error: unknown) => {
        reading = null
        throw error
      },
    )
    return reading
  }
}

async function readIdentity(clients: Clients, calls: Calls, now: () => number): Promise<AppIdentity> {
  const { data } = answerOf(await attempt(() => clients.app.apps.getAuthenticated(), now), APP_ROUTE)
  if (data === null || data.slug === undefined) {
    throw new AppError('GITHUB_UNAVAILABLE', { route: APP_ROUTE, reason: 'the answer has no slug' })
  }
  const botLogin = `${data.slug}[bot]`
  return {
    appId: data.id,
    slug: data.slug,
    botLogin,
    botUserId: await readBotUserId(botLogin, { clients, calls, now }),
  }
}

/** Accounts are readable with an installation's token only. */
async function readBotUserId(
  botLogin: string,
  { clients, calls, now }: { readonly clients: Clients; readonly calls: Calls; readonly now: () => number },
): Promise<number | null> {
  const listed = await attempt(() => clients.app.apps.listInstallations({ per_page: 1 }), now)
  const [installation] = answerOf(listed, 'GET /app/installations').data
  if (installation === undefined) return null
  const read = await calls.make(installation.id, ({ rest }) =>
    rest.users.getByUsername({ username: botLogin }),
  )
  return answerOrNull(read, 'GET /users/{username}')?.data.id ?? null
}
