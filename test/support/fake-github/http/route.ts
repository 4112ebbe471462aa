// A route is data: method, template, who may call it, and what it answers. Templates are written as GitHub's docs write them.
import type { Installation, InstallationToken } from '../installations.ts'
import type { Conversation } from '../conversation.ts'
import type { PermissionNeed } from '../permissions.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'
import { notFound } from './answer.ts'
import type { Answer } from './answer.ts'
import type { JsonObject } from './request-body.ts'

/** What every route gets. */
export interface RouteRequest {
  readonly world: World
  readonly params: Readonly<Record<string, string>>
  /** The full address, with the query. */
  readonly url: URL
  readonly accept: string
  readonly body: JsonObject
}

/** What a route for installation tokens gets. */
export interface InstallationRequest extends RouteRequest {
  readonly token: InstallationToken
}

/** What a route below `/repos/{owner}/{repo}` gets. */
export interface RepositoryRequest extends InstallationRequest {
  readonly repository: FakeRepository
}

type MaybeLater<T> = T | Promise<T>

/** A route with the credential it asks for. */
export type Route =
  | { readonly kind: 'anybody'; readonly route: string; answer(request: RouteRequest): MaybeLater<Answer> }
  | { readonly kind: 'app'; readonly route: string; answer(request: RouteRequest): MaybeLater<Answer> }
  | {
      readonly kind: 'installation'
      readonly route: string
      answer(request: InstallationRequest): MaybeLater<Answer>
    }
  | {
      readonly kind: 'repository'
      readonly route: string
      /** One of these is enough. */
      readonly needs: readonly PermissionNeed[]
      answer(request: RepositoryRequest): MaybeLater<Answer>
    }

/** Returns a route that needs no credential. */
export function openRoute(route: string, answer: (request: RouteRequest) => MaybeLater<Answer>): Route {
  return { kind: 'anybody', route, answer }
}

/** Returns a route for the App itself (JWT). */
export function appRoute(route: string, answer: (request: RouteRequest) => MaybeLater<Answer>): Route {
  return { kind: 'app', route, answer }
}

/** Returns a route for any installation token. */
export function installationRoute(
  route: string,
  answer: (request: InstallationRequest) => MaybeLater<Answer>,
): Route {
  return { kind: 'installation', route, answer }
}

/** Returns a route for tokens that cover the repository and carry one of the permissions. */
export function repositoryRoute(
  route: string,
  needs: readonly PermissionNeed[],
  answer: (request: RepositoryRequest) => MaybeLater<Answer>,
): Route {
  return { kind: 'repository', route, needs, answer }
}

/** Returns a parameter as a number; a 404 when it is none. */
export function numberParam({ params }: RouteRequest, name: string): number {
  const value = Number(params[name])
  if (!Number.isSafeInteger(value)) throw notFound()
  return value
}

/** Returns the issue or pull request a path names. */
export function conversationOf(request: RepositoryRequest, param = 'issue_number'): Conversation {
  const number = numberParam(request, param)
  const found = request.repository.conversations.find((conversation) => conversation.number === number)
  if (found === undefined) throw notFound()
  return found
}

/** Returns the pull request a path names. */
export function pullRequestOf(request: RepositoryRequest): FakePullRequest {
  const number = numberParam(request, 'pull_number')
  const found = request.repository.pullRequests.find((pr) => pr.number === number)
  if (found === undefined) throw notFound()
  return found
}

/** Returns the installation a path names. */
export function installationOf(request: RouteRequest): Installation {
  const found = request.world.installations.find(numberParam(request, 'installation_id'))
  if (found === undefined) throw notFound()
  return found
}
