// A repository as GraphQL shows it.
import { GraphQLError } from 'graphql'
import type { FakeRepository } from '../repository.ts'
import { toActorNode } from './actor-node.ts'
import { toConnection } from './connection.ts'
import type { PageArguments } from './connection.ts'
import { toConversationNode } from './conversation-nodes.ts'

/** Returns a repository. */
export function toRepositoryNode(repository: FakeRepository): object {
  return {
    __typename: 'Repository',
    id: repository.nodeId,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    isPrivate: repository.isPrivate,
    isFork: repository.parent !== undefined,
    isArchived: false,
    url: `${repository.world.links.html}/${repository.fullName}`,
    owner: () => toActorNode(repository.world, repository.owner),
    defaultBranchRef: () => toRefNode(repository, `refs/heads/${repository.defaultBranch}`),
    ref: (args: PageArguments) => toRefNode(repository, String(args['qualifiedName'])),
    pullRequest: ({ number }: PageArguments) => findByNumber(repository, 'pull_request', number),
    issue: ({ number }: PageArguments) => findByNumber(repository, 'issue', number),
    pullRequests: (args: PageArguments) => listPullRequests(repository, args),
  }
}

function listPullRequests(repository: FakeRepository, args: PageArguments): object {
  const states = args['states']
  const listed = repository.pullRequests.filter(
    (pr) =>
      (!Array.isArray(states) || states.includes(pr.mergedAt === null ? pr.state.toUpperCase() : 'MERGED')) &&
      (args['headRefName'] ?? pr.headBranch) === pr.headBranch &&
      (args['baseRefName'] ?? pr.baseBranch) === pr.baseBranch,
  )
  return toConnection(listed, args, toConversationNode)
}

function findByNumber(repository: FakeRepository, kind: 'issue' | 'pull_request', number: unknown): object {
  const found = repository.conversations.find((conversation) => conversation.number === number)
  if (found?.kind === kind) return toConversationNode(found)
  const name = kind === 'issue' ? 'an Issue' : 'a PullRequest'
  throw new GraphQLError(`Could not resolve to ${name} with the number of ${String(number)}.`, {
    extensions: { type: 'NOT_FOUND' },
  })
}

async function toRefNode(repository: FakeRepository, qualifiedName: string): Promise<object | null> {
  const name = qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`
  const oid = (await repository.git.refs()).get(name)
  if (oid === undefined) return null
  const short = name.replace(/^refs\/(heads|tags)\//, '')
  return {
    __typename: 'Ref',
    id: `REF_${short}`,
    name: short,
    prefix: name.slice(0, -short.length),
    target: { __typename: 'Commit', oid },
  }
}
