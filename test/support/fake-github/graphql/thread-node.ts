// Review threads as GraphQL shows them.
import type { FakePullRequest } from '../pull-request.ts'
import type { ReviewThread } from '../review-thread.ts'
import { toUserNode } from './actor-node.ts'
import type { Ask } from './ask.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toConversationNode } from './conversation-nodes.ts'
import { toRepositoryNode } from './repository-node.ts'
import { toReviewCommentNode } from './review-nodes.ts'

/** Returns a thread with its comments. */
export function toThreadNode(ask: Ask, pr: FakePullRequest, thread: ReviewThread): object {
  const { resolvedBy } = thread
  return {
    __typename: 'PullRequestReviewThread',
    id: thread.nodeId,
    path: thread.path,
    line: thread.line,
    originalLine: thread.originalLine,
    startLine: thread.startLine,
    originalStartLine: thread.originalStartLine,
    diffSide: thread.side,
    startDiffSide: thread.originalStartLine === null ? null : thread.side,
    subjectType: thread.subjectType.toUpperCase(),
    isOutdated: thread.isOutdated,
    isResolved: thread.isResolved,
    isCollapsed: thread.isResolved || thread.isOutdated,
    resolvedBy: () => (resolvedBy === null ? null : toUserNode(ask.world, resolvedBy)),
    viewerCanReply: () => ask.may('pull_requests:write'),
    viewerCanResolve: () => !thread.isResolved && ask.may('contents:write'),
    viewerCanUnresolve: () => thread.isResolved && ask.may('contents:write'),
    pullRequest: () => toConversationNode(ask, pr),
    repository: () => toRepositoryNode(ask, pr.repository),
    comments: (args: Arguments) =>
      toConnection({
        items: thread.comments,
        args,
        toNode: (comment) => toReviewCommentNode(ask, pr, comment),
      }),
  }
}
