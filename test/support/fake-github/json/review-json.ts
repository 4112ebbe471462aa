// How GitHub writes reviews and review comments.
import type { FakePullRequest } from '../pull-request.ts'
import type { Review, ReviewComment, ReviewThread } from '../review-thread.ts'
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
  const { thread } = comment
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: comment.nodeId,
    diff_hunk: toDiffHunk(thread),
    path: thread.path,
    commit_id: thread.isOutdated ? thread.originalCommitSha : pr.headSha,
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
    start_line: thread.startLine,
    original_start_line: thread.originalStartLine,
    start_side: thread.originalStartLine === null ? null : thread.side,
    line: thread.line,
    original_line: thread.originalLine,
    side: thread.side,
    position: thread.isOutdated ? null : (thread.line ?? 1),
    original_position: thread.originalLine ?? 1,
    subject_type: thread.subjectType,
    ...(comment.inReplyTo !== undefined && { in_reply_to_id: comment.inReplyTo }),
  }
}

/** Returns the short piece of the diff that is shown above a thread. */
export function toDiffHunk({ originalLine }: ReviewThread): string {
  return originalLine === null ? '' : `@@ -${originalLine} +${originalLine} @@`
}

function toPullUrl(pr: FakePullRequest): string {
  return `${pr.world.links.api}/repos/${pr.repository.fullName}/pulls/${pr.number}`
}
