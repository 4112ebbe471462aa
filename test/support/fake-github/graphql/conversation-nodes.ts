// Issues, pull requests and comments as GraphQL shows them. Fields are functions, so that only what is asked is read.
import type { Conversation, IssueComment } from '../conversation.ts'
import { toHtmlUrl } from '../json/issue-json.ts'
import { toAuthorAssociation } from '../json/user-json.ts'
import { FakePullRequest } from '../pull-request.ts'
import { toActorNode } from './actor-node.ts'
import type { Ask } from './ask.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toPullRequestFields } from './pull-request-node.ts'
import { toReactableFields } from './reaction-node.ts'
import { toRepositoryNode } from './repository-node.ts'
import { toTextFields } from './text-node.ts'

/** Returns an issue or a pull request. */
export function toConversationNode(ask: Ask, conversation: Conversation): object {
  const fields = toConversationFields(ask, conversation)
  if (conversation instanceof FakePullRequest) return { ...fields, ...toPullRequestFields(ask, conversation) }
  return { __typename: 'Issue', ...fields, state: conversation.state.toUpperCase(), stateReason: null }
}

/** Returns a comment of a conversation. */
export function toCommentNode(ask: Ask, comment: IssueComment): object {
  const { conversation } = comment
  const parent = (): object => toConversationNode(ask, conversation)
  const url = `${toHtmlUrl(conversation)}#issuecomment-${comment.id}`
  return {
    __typename: 'IssueComment',
    ...toTextFields(ask, conversation.repository, comment),
    createdAt: comment.createdAt,
    publishedAt: comment.createdAt,
    url,
    resourcePath: toPath(url),
    issue: parent,
    pullRequest: () => (conversation.kind === 'pull_request' ? parent() : null),
  }
}

/** Returns an address without its host, as `resourcePath` shows it. */
export function toPath(url: string): string {
  const { pathname, hash } = new URL(url)
  return `${pathname}${hash}`
}

function toConversationFields(ask: Ask, conversation: Conversation): object {
  const { world, repository } = conversation
  const url = toHtmlUrl(conversation)
  return {
    id: conversation.nodeId,
    databaseId: conversation.id,
    fullDatabaseId: String(conversation.id),
    number: conversation.number,
    title: conversation.title,
    body: conversation.body ?? '',
    bodyText: conversation.body ?? '',
    url,
    resourcePath: toPath(url),
    author: () => toActorNode(world, conversation.account),
    authorAssociation: () => toAuthorAssociation(repository, conversation.account),
    closed: conversation.state === 'closed',
    closedAt: conversation.closedAt,
    createdAt: conversation.createdAt,
    publishedAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    locked: false,
    viewerDidAuthor: conversation.account === world.app.bot,
    repository: () => toRepositoryNode(ask, repository),
    labels: (args: Arguments) => toConnection({ items: [], args, toNode: () => ({}) }),
    comments: (args: Arguments) => listComments(ask, conversation, args),
    ...toReactableFields(world, conversation.reactions),
  }
}

// GitHub only knows one order of comments: by the time of the last change.
function listComments(ask: Ask, { comments }: Conversation, args: Arguments): object {
  const toNode = (comment: IssueComment): object => toCommentNode(ask, comment)
  if (!args['orderBy']) return toConnection({ items: comments, args, toNode })
  const isDescending = JSON.stringify(args['orderBy']).includes('DESC')
  const order = { value: ({ updatedAt }: IssueComment) => updatedAt, isDescending }
  return toConnection({ items: comments, args, toNode, order })
}
