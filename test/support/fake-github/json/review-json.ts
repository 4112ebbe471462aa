// How GitHub writes reviews and review comments.
import type { FakePullRequest } from '../pull-request.ts'
import type { Review, ReviewComment } from '../reviews.ts'
import { toHtmlUrl } from './issue-json.ts'
import { toReactionRollupJson } from './reaction-json.ts'
import { toAuthorAssociation, toUserJson } from './user-json.ts'

/** Returns a review in the form of webhooks, with the state in lower case. */
export function toReviewJson(pr: FakePullRequest, review: Review): Record<string, unknown> {
  const htmlUrl = `${toHtmlUrl(pr)}#pullrequestreview-${review.id}`
  const pullUrl = toPullUrl(pr)
  return {
    id: review.id,
    node_id: review.nodeId,
    user: toUserJson(pr.world, review.account),
    body: review.body,
    commit_id: review.commitSha,
    submitted_at: review.submittedAt,
    updated_at: review.updatedAt,
    state: review.state,
    html_url: htmlUrl,
    pull_request_url: pullUrl,
    author_association: toAuthorAssociation(pr.repository, review.account),
    _links: { html: { href: htmlUrl }, pull_request: { href: pullUrl } },
  }
}

/** Returns a review comment. */
export function toReviewCommentJson(pr: FakePullRequest, comment: ReviewComment): Record<string, unknown> {
  const url = `${pr.world.links.api}/repos/${pr.repository.fullName}/pulls/comments/${comment.id}`
  const htmlUrl = `${toHtmlUrl(pr)}#discussion_r${comment.id}`
  const pullUrl = toPullUrl(pr)
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: comment.nodeId,
    diff_hunk: `@@ -${comment.line} +${comment.line} @@`,
    path: comment.path,
    commit_id: comment.commitSha,
    original_commit_id: comment.commitSha,
    user: toUserJson(pr.world, comment.account),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: htmlUrl,
    pull_request_url: pullUrl,
    author_association: toAuthorAssociation(pr.repository, comment.account),
    _links: { self: { href: url }, html: { href: htmlUrl }, pull_request: { href: pullUrl } },
    reactions: toReactionRollupJson(url, comment.reactions),
    start_line: null,
    original_start_line: null,
    start_side: null,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    position: comment.line,
    original_position: comment.line,
    subject_type: 'line',
    ...(comment.inReplyTo !== undefined && { in_reply_to_id: comment.inReplyTo }),
  }
}

function toPullUrl(pr: FakePullRequest): string {
  return `${pr.world.links.api}/repos/${pr.repository.fullName}/pulls/${pr.number}`
}
