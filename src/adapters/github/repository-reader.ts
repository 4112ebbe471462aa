// What is read from a repository, decoded into our own types: roles, pull requests, comments, files.

import type { RepositoryTarget } from '../../domain/effects.ts'
import type { ObservedPullRequest, RepositoryRef } from '../../domain/events.ts'
import { toSha } from '../../domain/ids.ts'
import { roleFromPermission } from '../../domain/permission.ts'
import type { Role } from '../../domain/permission.ts'
import type { GitHub, LiveComment } from '../../ports/github.ts'
import { answerOrNull } from './github-calls.ts'
import type { Calls } from './github-calls.ts'
import type { Client } from './octokit-clients.ts'

type Reader = Pick<GitHub, 'readRole' | 'readPullRequest' | 'readRepository' | 'readComment' | 'readFile'>
type PullRequestJson = Awaited<ReturnType<Client['rest']['pulls']['get']>>['data']

/** All that may hold commands is a `Comment`: conversation comments, issues, reviews, review comments. */
const READ_COMMENT = `
  query ReadComment($id: ID!) {
    node(id: $id) { ... on Comment { body lastEditedAt } }
  }`

/** Makes the reader. */
export function createReader(calls: Calls): Reader {
  return {
    readRole: (repository, login) => readRole(calls, repository, login),
    readPullRequest: (repository, number) => readPullRequest(calls, repository, number),
    readRepository: (repository) => readRepository(calls, repository),
    readComment: (repository, nodeId) => readComment(calls, repository, nodeId),
    readFile: (repository, path) => readFile(calls, repository, path),
  }
}

async function readRole(
  calls: Calls,
  { installationId, owner, name }: RepositoryTarget,
  login: string,
): Promise<Role> {
  const called = await calls.make(installationId, ({ rest }) =>
    rest.repos.getCollaboratorPermissionLevel({ owner, repo: name, username: login }),
  )
  const answer = answerOrNull(called, 'GET /repos/{owner}/{repo}/collaborators/{username}/permission')
  if (answer === null) return 'none'
  const { permission, role_name: roleName } = answer.data
  return roleFromPermission({ permission, roleName })
}

async function readPullRequest(
  calls: Calls,
  { installationId, owner, name }: RepositoryTarget,
  number: number,
): Promise<ObservedPullRequest | null> {
  const called = await calls.make(installationId, ({ rest }) =>
    rest.pulls.get({ owner, repo: name, pull_number: number }),
  )
  const answer = answerOrNull(called, 'GET /repos/{owner}/{repo}/pulls/{pull_number}')
  return answer === null ? null : toPullRequest(answer.data)
}

function toPullRequest(json: PullRequestJson): ObservedPullRequest {
  return {
    number: json.number,
    nodeId: json.node_id,
    title: json.title,
    url: json.html_url,
    author: { login: json.user.login, isBot: json.user.type === 'Bot' },
    state: json.merged ? 'merged' : json.state,
    isDraft: json.draft ?? false,
    headRef: json.head.ref,
    headSha: toSha(json.head.sha),
    // Null when the fork was deleted, whatever the published types say.
    headRepositoryId: (json.head.repo as { readonly id: number } | null)?.id ?? null,
    baseRef: json.base.ref,
    baseSha: toSha(json.base.sha),
    updatedAt: Date.parse(json.updated_at),
  }
}

/** By its number: the name may be an old one, and somebody else's by now. */
async function readRepository(
  calls: Calls,
  { installationId, repositoryId }: Pick<RepositoryRef, 'installationId' | 'repositoryId'>,
): Promise<RepositoryRef | null> {
  const called = await calls.make(installationId, ({ request }) =>
    request('GET /repositories/{repository_id}', { repository_id: repositoryId }),
  )
  if (called.kind === 'refused' && NOT_OURS.includes(called.status)) return null
  const answer = answerOrNull(called, 'GET /repositories/{repository_id}')
  if (answer === null) return null
  const json = answer.data as RepositoryJson
  return {
    installationId,
    repositoryId,
    owner: json.owner.login,
    name: json.name,
    isPrivate: json.private,
    defaultBranch: json.default_branch,
  }
}

/** An installation that is suspended or gone gets no token at all. */
const NOT_OURS: readonly number[] = [401, 403, 404, 410]

interface RepositoryJson {
  readonly name: string
  readonly private: boolean
  readonly default_branch: string
  readonly owner: { readonly login: string }
}

async function readComment(
  calls: Calls,
  { installationId }: RepositoryTarget,
  nodeId: string,
): Promise<LiveComment | null> {
  const called = await calls.make(installationId, ({ graphql }) => graphql(READ_COMMENT, { id: nodeId }))
  return toLiveComment(answerOrNull(called, 'query ReadComment'))
}

function toLiveComment(answer: unknown): LiveComment | null {
  const { node } = (answer ?? {}) as {
    readonly node?: { readonly body?: unknown; readonly lastEditedAt?: unknown } | null
  }
  if (typeof node?.body !== 'string') return null
  return { body: node.body, wasEdited: node.lastEditedAt !== null }
}

async function readFile(
  calls: Calls,
  { installationId, owner, name }: RepositoryTarget,
  path: string,
): Promise<string | null> {
  const called = await calls.make(installationId, ({ rest }) =>
    rest.repos.getContent({ owner, repo: name, path, mediaType: { format: 'raw' } }),
  )
  const content: unknown = answerOrNull(called, 'GET /repos/{owner}/{repo}/contents/{path}')?.data
  // Danger: octokit hands out bytes when the answer names no charset; they are no missing file.
  if (content instanceof ArrayBuffer) return new TextDecoder().decode(content)
  // A folder comes as a list.
  return typeof content === 'string' ? content : null
}
