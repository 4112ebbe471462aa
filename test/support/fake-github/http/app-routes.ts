// The App about itself: who it is, where it is installed, tokens, and its webhook deliveries.
import { toIso } from '../clock.ts'
import type { Installation, TokenScope } from '../installations.ts'
import { coversRepository, permissionsOf } from '../installations.ts'
import { toAppJson } from '../json/app-json.ts'
import { toInstallationJson } from '../json/installation-json.ts'
import { toRepositoryJson } from '../json/repository-json.ts'
import { hasPermission } from '../permissions.ts'
import type { Permissions } from '../permissions.ts'
import type { Answer } from './answer.ts'
import { ApiRefusal, notFound } from './answer.ts'
import { suspended } from './authenticate.ts'
import { answerPage } from './page.ts'
import { isObject, optionalList } from './request-body.ts'
import type { JsonObject } from './request-body.ts'
import { appRoute, installationOf, installationRoute } from './route.ts'
import type { InstallationRequest, Route, RouteRequest } from './route.ts'

/** Routes of the App and its installations. */
export const appRoutes: readonly Route[] = [
  appRoute('GET /app', ({ world }) => ({ status: 200, json: toAppJson(world, world.app) })),
  appRoute('GET /app/installations', ({ world, url }) => {
    const all = world.installations.list().map((installation) => toInstallationJson(world, installation))
    return answerPage(url, all)
  }),
  appRoute('GET /app/installations/{installation_id}', (request) => ({
    status: 200,
    json: toInstallationJson(request.world, installationOf(request)),
  })),
  appRoute('POST /app/installations/{installation_id}/access_tokens', createToken),
  appRoute('GET /repos/{owner}/{repo}/installation', readRepositoryInstallation),
  installationRoute('GET /installation/repositories', listRepositories),
]

function readRepositoryInstallation({ world, params }: RouteRequest): Answer {
  const repository = world.repositories.find(params['owner'] ?? '', params['repo'] ?? '')
  const installation = repository && world.installations.findByRepository(repository.id)
  if (installation === undefined) throw notFound()
  return { status: 200, json: toInstallationJson(world, installation) }
}

function createToken(request: RouteRequest): Answer {
  const { world, body } = request
  const installation = installationOf(request)
  if (installation.suspendedAt !== null) throw suspended()
  const scope: TokenScope = {
    repositoryIds: narrowRepositories(request, installation),
    permissions: narrowPermissions(body, installation),
  }
  const token = world.installations.createToken(installation, scope)
  const covered = world.repositories.list().filter(({ id }) => coversRepository(token, id))
  return {
    status: 201,
    json: {
      token: token.value,
      expires_at: toIso(token.expiresAtMs),
      permissions: permissionsOf(token),
      repository_selection: 'selected',
      ...(scope.repositoryIds && { repositories: covered.map(toRepositoryJson) }),
    },
  }
}

function narrowRepositories(
  { world, body }: RouteRequest,
  installation: Installation,
): Set<number> | undefined {
  const ids = optionalList(body, 'repository_ids').map(Number)
  const names = optionalList(body, 'repositories').map(String)
  if (ids.length + names.length === 0) return undefined
  const found = names.map((name) => world.repositories.find(installation.account.login, name)?.id)
  const wanted = [...ids, ...found]
  const covered = wanted.filter((id): id is number => id !== undefined && installation.repositoryIds.has(id))
  if (covered.length === wanted.length) return new Set(covered)
  throw new ApiRefusal(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  )
}

function narrowPermissions(body: JsonObject, installation: Installation): Permissions | undefined {
  const asked = body['permissions']
  if (!isObject(asked)) return undefined
  const narrowed = Object.entries(asked).map(([name, level]): [string, 'read' | 'write'] => {
    const wanted = level === 'write' ? 'write' : 'read'
    if (hasPermission(installation.permissions, `${name}:${wanted}`)) return [name, wanted]
    throw new ApiRefusal(422, 'The permissions requested are not granted to this installation.')
  })
  return { metadata: 'read', ...Object.fromEntries(narrowed) }
}

function listRepositories({ world, token, url }: InstallationRequest): Answer {
  const covered = world.repositories.list().filter(({ id }) => coversRepository(token, id))
  return answerPage(url, covered.map(toRepositoryJson), (repositories) => ({
    total_count: covered.length,
    repository_selection: 'selected',
    repositories,
  }))
}
