// Tokens for one repository, as narrow as git needs them: the only credential that leaves the control process.

import type { TokenSource } from '../../ports/github.ts'
import { answerOf, attempt } from './github-calls.ts'
import type { Called } from './call-failure.ts'
import type { Clients } from './octokit-clients.ts'

interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

type RepositoryKey = Parameters<TokenSource['tokenFor']>[0]

/** A token is not handed out in its last five minutes: a long push must not outlive it. */
const MARGIN_MS = 5 * 60_000
const NEEDED = { contents: 'write', metadata: 'read' } as const
const ROUTE = 'POST /app/installations/{installation_id}/access_tokens'

/** Makes the source of tokens; those who ask for the same one at the same time share it. */
export function createTokenSource(clients: Clients, now: () => number): TokenSource {
  const held = new Map<string, HeldToken>()
  return {
    async tokenFor(repository) {
      const key = `${repository.installationId}/${repository.repositoryId}`
      const known = held.get(key)
      const token = known !== undefined && known.goodUntil > now() ? known.token : renew(key, repository)
      return (await token).value
    },
  }

  function renew(key: string, repository: RepositoryKey): Promise<Token> {
    const token = fetchToken(clients, repository, now)
    // Until it is there, everybody who asks waits for this one.
    const fresh: HeldToken = { token, goodUntil: Number.POSITIVE_INFINITY }
    held.set(key, fresh)
    token.then(
      ({ expiresAt }) => {
        fresh.goodUntil = expiresAt - MARGIN_MS
      },
      () => {
        if (held.get(key) === fresh) held.delete(key)
      },
    )
    return token
  }
}

interface HeldToken {
  readonly token: Promise<Token>
  /** Milliseconds since 1970. */
  goodUntil: number
}

async function fetchToken(clients: Clients, repository: RepositoryKey, now: () => number): Promise<Token> {
  const full = await askFor({ ...NEEDED, workflows: 'write' })
  // The permission for workflow files is optional; GitHub refuses the whole token when it was not granted.
  const isTooMuch = full.kind === 'refused' && full.status === 422
  return answerOf(isTooMuch ? await askFor(NEEDED) : full, ROUTE)

  function askFor(permissions: Readonly<Record<string, 'read' | 'write'>>): Promise<Called<Token>> {
    return attempt(async () => {
      const { data } = await clients.app.apps.createInstallationAccessToken({
        installation_id: repository.installationId,
        repository_ids: [repository.repositoryId],
        permissions,
      })
      return { value: data.token, expiresAt: Date.parse(data.expires_at) }
    }, now)
  }
}
