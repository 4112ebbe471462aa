// Reviews and review comments as GraphQL shows them.
import { toHtmlUrl } from '../json/issue-json.ts'
import { toDiffHunk } from '../json/review-json.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { Review, ReviewComment } from '../review-thread.ts'
import type { Ask } from './ask.ts'
import { toCommitNode } from './commit-node.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toConversationNode, toPath } from './conversation-nodes.ts'
import { toTextFields } from './text-node.ts'

/** Returns a review. */
export function toReviewNode(ask: Ask, pr: FakePullRequest, review: Review): object {
  const url = `${toHtmlUrl(pr)}#pullrequestreview-${review.id}`
  return {
    __typename: 'PullRequestReview',
    ...toTextFields(ask, pr.repository, review),
    state: review.state.toUpperCase(),
    createdAt: review.createdAt,
    submittedAt: review.submittedAt,
    publishedAt: review.submittedAt,
    url,
    resourcePath: toPath(url),
    pullRequest: () => toConversationNode(ask, pr),
    commit: () => toCommitNode(ask, pr.repository, review.commitSha),
    comments: (args: Arguments) =>
      toConnection({
        items: pr.reviews.comments.filter(({ reviewId }) => reviewId === review.id),
        args,
        toNode: (comment) => toReviewCommentNode(ask, pr, comment),
      }),
  }
}

/** Returns a review comment; a reply names the first comment of its thread, while that exists. */
export function toReviewCommentNode(ask: Ask, pr: FakePullRequest, comment: ReviewComment): object {
  const { thread } = comment
  const review = (): Review | undefined => pr.reviews.all.find(({ id }) => id === comment.reviewId)
  const first = comment.inReplyTo === undefined ? undefined : pr.reviews.findComment(comment.inReplyTo)
  const url = `${toHtmlUrl(pr)}#discussion_r${comment.id}`
  return {
    __typename: 'PullRequestReviewComment',
    ...toTextFields(ask, pr.repository, comment),
    path: thread.path,
    line: thread.line,
    originalLine: thread.originalLine,
    startLine: thread.startLine,
    originalStartLine: thread.originalStartLine,
    outdated: thread.isOutdated,
    subjectType: thread.subjectType.toUpperCase(),
    state: 'SUBMITTED',
    diffHunk: toDiffHunk(thread),
    createdAt: comment.createdAt,
    draftedAt: comment.createdAt,
    publishedAt: comment.publishedAt,
    url,
    resourcePath: toPath(url),
    pullRequest: () => toConversationNode(ask, pr),
    commit: () => (thread.isOutdated ? null : toCommitNode(ask, pr.repository, pr.headSha)),
    originalCommit: () => toCommitNode(ask, pr.repository, comment.commitSha),
    pullRequestReview: () => {
      const found = review()
      return found === undefined ? null : toReviewNode(ask, pr, found)
    },
    replyTo: () => (first === undefined ? null : toReviewCommentNode(ask, pr, first)),
  }
}

/** Returns the last review of everybody, of those that count. */
export function latestReviews(
  all: readonly Review[],
  counts: (review: Review) => boolean,
): readonly Review[] {
  return [...new Map(all.filter(counts).map((review) => [review.account.id, review])).values()]
}
