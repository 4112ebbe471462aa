// Reviews and review comments as GraphQL shows them. Threads are a later story.
import { toHtmlUrl } from '../json/issue-json.ts'
import { toAuthorAssociation } from '../json/user-json.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { Review, ReviewComment } from '../reviews.ts'
import { toActorNode } from './actor-node.ts'
import { toConnection } from './connection.ts'
import type { PageArguments } from './connection.ts'
import { toConversationNode } from './conversation-nodes.ts'
import { toReactableFields } from './reaction-node.ts'
import { toRepositoryNode } from './repository-node.ts'

/** Returns a review. */
export function toReviewNode(pr: FakePullRequest, review: Review): object {
  const comments = pr.reviews.comments.filter(({ reviewId }) => reviewId === review.id)
  return {
    __typename: 'PullRequestReview',
    ...toTextFields(pr, review),
    state: review.state.toUpperCase(),
    createdAt: review.submittedAt,
    submittedAt: review.submittedAt,
    publishedAt: review.submittedAt,
    url: `${toHtmlUrl(pr)}#pullrequestreview-${review.id}`,
    commit: { __typename: 'Commit', oid: review.commitSha },
    comments: (args: PageArguments) =>
      toConnection(comments, args, (comment) => toReviewCommentNode(pr, comment)),
  }
}

/** Returns a review comment; a reply names the first comment of its thread. */
export function toReviewCommentNode(pr: FakePullRequest, comment: ReviewComment): object {
  const { all, comments } = pr.reviews
  const review = all.find(({ id }) => id === comment.reviewId)
  const first = comments.find(({ id }) => id === comment.inReplyTo)
  return {
    __typename: 'PullRequestReviewComment',
    ...toTextFields(pr, comment),
    path: comment.path,
    line: comment.line,
    originalLine: comment.line,
    createdAt: comment.createdAt,
    publishedAt: comment.createdAt,
    url: `${toHtmlUrl(pr)}#discussion_r${comment.id}`,
    commit: { __typename: 'Commit', oid: comment.commitSha },
    pullRequestReview: () => (review === undefined ? null : toReviewNode(pr, review)),
    replyTo: () => (first === undefined ? null : toReviewCommentNode(pr, first)),
  }
}

function toTextFields(pr: FakePullRequest, text: Review | ReviewComment): object {
  const { world, repository } = pr
  return {
    id: text.nodeId,
    databaseId: text.id,
    fullDatabaseId: String(text.id),
    body: text.body ?? '',
    bodyText: text.body ?? '',
    author: () => toActorNode(world, text.account),
    authorAssociation: () => toAuthorAssociation(repository, text.account),
    updatedAt: text.updatedAt,
    lastEditedAt: text.lastEditedAt,
    includesCreatedEdit: text.lastEditedAt !== null,
    isMinimized: false,
    minimizedReason: null,
    viewerDidAuthor: text.account === world.app.bot,
    pullRequest: () => toConversationNode(pr),
    repository: () => toRepositoryNode(repository),
    ...toReactableFields(world, text.reactions),
  }
}
