// Repositories and refs as GraphQL shows them.
import type { Conversation } from '../conversation.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { FakeRepository } from '../repository.ts'
import { toActorNode } from './actor-node.ts'
import { typedError } from './ask.ts'
import type { Ask } from './ask.ts'
import { toCommitNode } from './commit-node.ts'
import { toConnection, toObject } from './connection.ts'
import type { Arguments, Order } from './connection.ts'
import { toConversationNode } from './conversation-nodes.ts'

/** Returns a repository. */
export function toRepositoryNode(ask: Ask, repository: FakeRepository): object {
  const path = `/${repository.fullName}`
  return {
    __typename: 'Repository',
    id: repository.nodeId,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    isPrivate: repository.isPrivate,
    visibility: repository.isPrivate ? 'PRIVATE' : 'PUBLIC',
    isFork: repository.parent !== undefined,
    isArchived: repository.isArchived,
    isDisabled: false,
    url: `${ask.world.links.html}${path}`,
    resourcePath: path,
    createdAt: repository.createdAt,
    pushedAt: repository.pushedAt,
    owner: () => toActorNode(ask.world, repository.owner),
    parent: () => (repository.parent === undefined ? null : toRepositoryNode(ask, repository.parent)),
    defaultBranchRef: () => toRefNode(ask, repository, `refs/heads/${repository.defaultBranch}`),
    ref: (args: Arguments) => toRefNode(ask, repository, String(args['qualifiedName'])),
    object: (args: Arguments) => findCommit(ask, repository, args),
    pullRequest: ({ number }: Arguments) => findPullRequest(ask, repository, number),
    issue: ({ number }: Arguments) => findIssue(ask, repository, number),
    issueOrPullRequest: ({ number }: Arguments) => findEither(ask, repository, number),
    pullRequests: (args: Arguments) => listPullRequests(ask, repository, args),
  }
}

/** Returns a branch or a tag, or null when there is none; a name without `refs/` is a branch. */
export async function toRefNode(
  ask: Ask,
  repository: FakeRepository,
  qualifiedName: string,
): Promise<object | null> {
  const name = qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`
  const oid = (await ask.refs(repository)).get(name)
  if (oid === undefined) return null
  const short = name.replace(/^refs\/(heads|tags)\//, '')
  return {
    __typename: 'Ref',
    id: `REF_kwDO${Buffer.from(`REF:${repository.id}:${name}`).toString('base64url')}`,
    name: short,
    prefix: name.slice(0, -short.length),
    repository: () => toRepositoryNode(ask, repository),
    target: () => toCommitNode(ask, repository, oid),
    associatedPullRequests: (args: Arguments) =>
      listPullRequests(ask, repository, { ...args, headRefName: short }),
  }
}

function listPullRequests(ask: Ask, repository: FakeRepository, args: Arguments): object {
  ask.demand('pull_requests:read')
  const states = args['states']
  const items = repository.pullRequests.filter(
    (pr) =>
      (!Array.isArray(states) || states.includes(pr.mergedAt === null ? pr.state.toUpperCase() : 'MERGED')) &&
      (args['headRefName'] ?? pr.headBranch) === pr.headBranch &&
      (args['baseRefName'] ?? pr.baseBranch) === pr.baseBranch,
  )
  const toNode = (pr: FakePullRequest): object => toConversationNode(ask, pr)
  const order = readOrder(args['orderBy'])
  return toConnection({ items, args, toNode, ...(order && { order }) })
}

function readOrder(orderBy: unknown): Order<FakePullRequest> | undefined {
  const { field, direction } = toObject(orderBy)
  if (field === undefined) return undefined
  const value = ({ createdAt, updatedAt, comments }: FakePullRequest): string | number =>
    field === 'UPDATED_AT' ? updatedAt : field === 'COMMENTS' ? comments.length : createdAt
  return { value, isDescending: direction === 'DESC' }
}

function findPullRequest(ask: Ask, repository: FakeRepository, number: unknown): object {
  ask.demand('pull_requests:read')
  return toConversationNode(ask, find(repository, number, 'a PullRequest'))
}

function findIssue(ask: Ask, repository: FakeRepository, number: unknown): object {
  ask.demand('issues:read')
  return toConversationNode(ask, find(repository, number, 'an Issue'))
}

function findEither(ask: Ask, repository: FakeRepository, number: unknown): object {
  ask.demand('issues:read', 'pull_requests:read')
  return toConversationNode(ask, find(repository, number, 'an issue or pull request'))
}

function find(repository: FakeRepository, number: unknown, wanted: string): Conversation {
  const found = repository.conversations.find((conversation) => conversation.number === number)
  const kinds = { issue: 'an Issue', pull_request: 'a PullRequest' } as const
  const isIt = found !== undefined && (wanted === kinds[found.kind] || wanted.includes(' or '))
  if (isIt) return found
  throw typedError('NOT_FOUND', `Could not resolve to ${wanted} with the number of ${String(number)}.`)
}

async function findCommit(ask: Ask, repository: FakeRepository, args: Arguments): Promise<object | null> {
  ask.demand('contents:read')
  const sha = await repository.git.resolve(String(args['oid'] ?? args['expression']))
  return sha === undefined ? null : toCommitNode(ask, repository, sha)
}
