// Says where the App is installed and what it may do there, as GitHub says now. Acts as the App itself.

import { AppError } from '../../domain/errors/app-error.ts'
import type { GitHubHealth, InstallationHealth } from '../../ports/github.ts'
import { toAppError } from './call-failure.ts'
import { attempt } from './github-calls.ts'
import type { Clients } from './octokit-clients.ts'

const PAGE_SIZE = 100
const ROUTE = 'GET /app/installations'

type InstallationJson = Awaited<ReturnType<Clients['app']['apps']['listInstallations']>>['data'][number]

/** Makes the look at the App's installations. */
export function createHealth(clients: Clients, now: () => number): GitHubHealth {
  return {
    async listInstallations() {
      const listed: InstallationHealth[] = []
      for (let page = 1; ; page += 1) {
        const data = await readPage(clients, now, page)
        listed.push(...data.map(toHealth))
        if (data.length < PAGE_SIZE) return listed
      }
    },
  }
}

async function readPage(
  clients: Clients,
  now: () => number,
  page: number,
): Promise<readonly InstallationJson[]> {
  const called = await attempt(() => clients.app.apps.listInstallations({ per_page: PAGE_SIZE, page }), now)
  if (called.kind === 'answered') return called.value.data
  if (called.kind === 'refused') {
    throw new AppError('GITHUB_CREDENTIALS_REFUSED', { status: called.status }, { cause: called.cause })
  }
  if (called.kind === 'unavailable') throw toAppError(called, ROUTE)
  const reason = `the rate limit is used up for ${Math.ceil(called.afterMs / 1000)} seconds`
  throw new AppError('GITHUB_UNAVAILABLE', { route: ROUTE, reason }, { cause: called.cause })
}

function toHealth({
  id,
  account,
  suspended_at: suspendedAt,
  permissions,
}: InstallationJson): InstallationHealth {
  return {
    installationId: id,
    account: toAccountName(account),
    // Absent on old answers.
    isSuspended: (suspendedAt ?? null) !== null,
    permissions: { ...permissions },
  }
}

/** An enterprise has a slug and no login. */
function toAccountName(account: object | null): string {
  const { login, slug } = (account ?? {}) as { readonly login?: string; readonly slug?: string }
  return login ?? slug ?? ''
}
