// Issues, pull requests and comments as GraphQL shows them. Fields are functions, so that only what is asked is read.
import type { Conversation, IssueComment } from '../conversation.ts'
import { toHtmlUrl } from '../json/issue-json.ts'
import { toAuthorAssociation } from '../json/user-json.ts'
import { mergedTree } from '../merge-pull-request.ts'
import { FakePullRequest } from '../pull-request.ts'
import { toActorNode } from './actor-node.ts'
import { toConnection } from './connection.ts'
import type { PageArguments } from './connection.ts'
import { toReactableFields } from './reaction-node.ts'
import { toRepositoryNode } from './repository-node.ts'

/** Returns an issue or a pull request. */
export function toConversationNode(conversation: Conversation): object {
  const fields = toConversationFields(conversation)
  if (conversation instanceof FakePullRequest) return { ...fields, ...toPullRequestFields(conversation) }
  return { __typename: 'Issue', ...fields, state: conversation.state.toUpperCase(), stateReason: null }
}

/** Returns a comment of a conversation. */
export function toCommentNode(comment: IssueComment): object {
  const { conversation } = comment
  const { world, repository } = conversation
  const parent = (): object => toConversationNode(conversation)
  return {
    __typename: 'IssueComment',
    id: comment.nodeId,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    author: () => toActorNode(world, comment.account),
    authorAssociation: () => toAuthorAssociation(repository, comment.account),
    createdAt: comment.createdAt,
    publishedAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.lastEditedAt,
    includesCreatedEdit: comment.lastEditedAt !== null,
    isMinimized: comment.isMinimized,
    minimizedReason: null,
    viewerDidAuthor: comment.account === world.app.bot,
    url: `${toHtmlUrl(conversation)}#issuecomment-${comment.id}`,
    issue: parent,
    pullRequest: () => (conversation.kind === 'pull_request' ? parent() : null),
    repository: () => toRepositoryNode(repository),
    ...toReactableFields(world, comment.reactions),
  }
}

function toConversationFields(conversation: Conversation): object {
  const { world, repository } = conversation
  return {
    id: conversation.nodeId,
    databaseId: conversation.id,
    fullDatabaseId: String(conversation.id),
    number: conversation.number,
    title: conversation.title,
    body: conversation.body ?? '',
    bodyText: conversation.body ?? '',
    url: toHtmlUrl(conversation),
    author: () => toActorNode(world, conversation.account),
    authorAssociation: () => toAuthorAssociation(repository, conversation.account),
    closed: conversation.state === 'closed',
    closedAt: conversation.closedAt,
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    locked: false,
    viewerDidAuthor: conversation.account === world.app.bot,
    repository: () => toRepositoryNode(repository),
    comments: (args: PageArguments) => toConnection(conversation.comments, args, toCommentNode),
    ...toReactableFields(world, conversation.reactions),
  }
}

function toPullRequestFields(pr: FakePullRequest): object {
  return {
    __typename: 'PullRequest',
    state: pr.mergedAt === null ? pr.state.toUpperCase() : 'MERGED',
    isDraft: pr.isDraft,
    headRefOid: pr.headSha,
    headRefName: pr.headBranch,
    headRepository: () => toRepositoryNode(pr.headRepository),
    headRepositoryOwner: () => toActorNode(pr.world, pr.headRepository.owner),
    baseRefOid: pr.baseSha,
    baseRefName: pr.baseBranch,
    baseRepository: () => toRepositoryNode(pr.repository),
    isCrossRepository: pr.isCrossRepository,
    maintainerCanModify: false,
    merged: pr.mergedAt !== null,
    mergedAt: pr.mergedAt,
    mergedBy: () => (pr.mergedBy === null ? null : toActorNode(pr.world, pr.mergedBy)),
    mergeable: async () => ((await mergedTree(pr)) === undefined ? 'CONFLICTING' : 'MERGEABLE'),
    isInMergeQueue: false,
    autoMergeRequest: null,
    additions: pr.stats.additions,
    deletions: pr.stats.deletions,
    changedFiles: pr.stats.changedFiles,
  }
}
