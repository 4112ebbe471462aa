// One REST call: check who calls and whether they may, then let the route answer.
import { assertNever } from '../../../../src/domain/assert-never.ts'
import { coversRepository, permissionsOf } from '../installations.ts'
import { hasPermission } from '../permissions.ts'
import type { World } from '../world.ts'
import { ApiRefusal, notFound } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import type { RepositoryRequest, Route, RouteRequest } from './route.ts'
import type { RouteMatch } from './route-table.ts'

type RepositoryRoute = Extract<Route, { readonly kind: 'repository' }>

/** Returns the answer of a route; throws a refusal when the caller may not. */
export async function answerRest(match: RouteMatch, caller: Caller, request: RouteRequest): Promise<Answer> {
  const { route } = match
  switch (route.kind) {
    case 'anybody':
      if (caller.kind === 'app') throw new ApiRefusal(403, 'Resource not accessible by integration')
      return route.answer(request)
    case 'app':
      if (caller.kind !== 'app') throw new ApiRefusal(401, 'A JSON web token could not be decoded')
      return route.answer(request)
    case 'installation':
      return route.answer({ ...request, token: tokenOf(caller) })
    case 'repository': {
      const admitted = admit(request, caller, route)
      return toRedirect(admitted, route.route) ?? route.answer(admitted)
    }
    default:
      return assertNever(route)
  }
}

function tokenOf(caller: Caller): RepositoryRequest['token'] {
  if (caller.kind === 'installation') return caller.token
  if (caller.kind === 'none') throw new ApiRefusal(401, 'Requires authentication')
  throw new ApiRefusal(403, 'Resource not accessible by integration')
}

function admit(request: RouteRequest, caller: Caller, { route, needs }: RepositoryRoute): RepositoryRequest {
  const token = tokenOf(caller)
  const repository = findRepository(request.world, request.params)
  if (repository === undefined || !coversRepository(token, repository.id)) throw notFound()
  if (repository.isArchived && !route.startsWith('GET '))
    throw new ApiRefusal(403, 'Repository was archived so is read-only.')
  const granted = permissionsOf(token)
  if (needs.some((need) => hasPermission(granted, need))) return { ...request, token, repository }
  const accepted = needs.map((need) => need.replace(':', '=')).join('; ')
  const headers = { 'x-accepted-github-permissions': accepted }
  throw new ApiRefusal(403, 'Resource not accessible by integration', { headers })
}

// A renamed or transferred repository answers at its old name with the way to it by number.
function toRedirect(
  { world, params, repository, url }: RepositoryRequest,
  route: string,
): Answer | undefined {
  const asked = `${params['owner'] ?? ''}/${params['repo'] ?? ''}`
  if (asked.toLowerCase() === repository.fullName.toLowerCase()) return undefined
  const start = url.pathname.indexOf('/repos/') + `/repos/${asked}`.length
  const target = `${world.links.api}/repositories/${repository.id}${url.pathname.slice(start)}${url.search}`
  const json = {
    message: 'Moved Permanently',
    url: target,
    documentation_url: 'https://docs.github.com/rest',
  }
  return { status: route.startsWith('GET ') ? 301 : 307, json, headers: { location: target } }
}

function findRepository(
  world: World,
  params: Readonly<Record<string, string>>,
): RepositoryRequest['repository'] | undefined {
  return world.repositories.find(params['owner'] ?? '', params['repo'] ?? '')
}
