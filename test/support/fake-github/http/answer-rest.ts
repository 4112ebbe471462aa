// One REST call: check who calls and whether they may, then let the route answer.
import { assertNever } from '../../../../src/domain/assert-never.ts'
import { coversRepository, permissionsOf } from '../installations.ts'
import { hasPermission } from '../permissions.ts'
import type { PermissionNeed } from '../permissions.ts'
import type { World } from '../world.ts'
import { ApiRefusal, notFound } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import type { RepositoryRequest, RouteRequest } from './route.ts'
import type { RouteMatch } from './route-table.ts'

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
    case 'repository':
      return route.answer(admit(request, caller, route.needs))
    default:
      return assertNever(route)
  }
}

function tokenOf(caller: Caller): RepositoryRequest['token'] {
  if (caller.kind === 'installation') return caller.token
  if (caller.kind === 'none') throw new ApiRefusal(401, 'Requires authentication')
  throw new ApiRefusal(403, 'Resource not accessible by integration')
}

function admit(request: RouteRequest, caller: Caller, needs: readonly PermissionNeed[]): RepositoryRequest {
  const token = tokenOf(caller)
  const repository = findRepository(request.world, request.params)
  if (repository === undefined || !coversRepository(token, repository.id)) throw notFound()
  const granted = permissionsOf(token)
  if (needs.some((need) => hasPermission(granted, need))) return { ...request, token, repository }
  const accepted = needs.map((need) => need.replace(':', '=')).join('; ')
  const headers = { 'x-accepted-github-permissions': accepted }
  throw new ApiRefusal(403, 'Resource not accessible by integration', { headers })
}

function findRepository(
  world: World,
  params: Readonly<Record<string, string>>,
): RepositoryRequest['repository'] | undefined {
  return world.repositories.find(params['owner'] ?? '', params['repo'] ?? '')
}
