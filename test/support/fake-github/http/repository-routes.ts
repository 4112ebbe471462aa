// A repository and the people in it.
import { coversRepository } from '../installations.ts'
import { toRepositoryJson } from '../json/repository-json.ts'
import { toUserJson } from '../json/user-json.ts'
import type { Answer } from './answer.ts'
import { ApiRefusal, notFound } from './answer.ts'
import { installationRoute, numberParam, openRoute, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route, RouteRequest } from './route.ts'

/** Routes about repositories and people. */
export const repositoryRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}', ['metadata:read'], ({ repository }) => ({
    status: 200,
    json: toRepositoryJson(repository),
  })),
  installationRoute('GET /repositories/{repository_id}', (request) => {
    const repository = request.world.repositories.findById(numberParam(request, 'repository_id'))
    if (repository === undefined || !coversRepository(request.token, repository.id)) throw notFound()
    return { status: 200, json: toRepositoryJson(repository) }
  }),
  repositoryRoute(
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
    ['metadata:read'],
    readPermission,
  ),
  openRoute('GET /users/{username}', readUser),
  installationRoute('GET /rate_limit', ({ world, token }) => {
    const [core, graphql] = (['core', 'graphql'] as const).map((resource) => {
      const { limit, used, remaining, reset } = world.rateLimits.look(token.installation.id, resource)
      return { limit, used, remaining, reset }
    })
    return { status: 200, json: { resources: { core, graphql }, rate: core } }
  }),
]

function readPermission({ world, repository, params }: RepositoryRequest): Answer {
  const login = params['username'] ?? ''
  const account = world.people.find(login)
  if (account === undefined) throw new ApiRefusal(404, `${login} is not a user`)
  const { permission, roleName } = repository.roleOf(account)
  const user = { ...toUserJson(world, account), role_name: roleName }
  return { status: 200, json: { permission, role_name: roleName, user } }
}

function readUser({ world, params }: RouteRequest): Answer {
  const account = world.people.find(params['username'] ?? '')
  if (account === undefined) throw notFound()
  const named = { name: account.login, email: null, bio: null, created_at: world.app.createdAt }
  return { status: 200, json: { ...toUserJson(world, account), ...named } }
}
