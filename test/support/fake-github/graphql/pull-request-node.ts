// What a pull request has beyond a conversation, as GraphQL shows it.
import { toHtmlUrl } from '../json/issue-json.ts'
import { queuePosition } from '../merge-plan.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { Review, ReviewThread } from '../review-thread.ts'
import { reviewDecision } from '../review-decision.ts'
import { toActorNode } from './actor-node.ts'
import { forbidden } from './ask.ts'
import type { Ask } from './ask.ts'
import { toCommitNode, toRollupNode } from './commit-node.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toConversationNode, toPath } from './conversation-nodes.ts'
import { listCommits } from './pull-request-commits.ts'
import { mergeStateStatus } from './merge-state.ts'
import { toRefNode, toRepositoryNode } from './repository-node.ts'
import { latestReviews, toReviewNode } from './review-nodes.ts'
import { toThreadNode } from './thread-node.ts'

/** Returns the fields that only pull requests have. */
export function toPullRequestFields(ask: Ask, pr: FakePullRequest): object {
  const { world, repository, headRepository, stats } = pr
  const permalink = toHtmlUrl(pr)
  return {
    __typename: 'PullRequest',
    state: pr.mergedAt === null ? pr.state.toUpperCase() : 'MERGED',
    isDraft: pr.isDraft,
    headRefOid: pr.headSha,
    headRefName: pr.headBranch,
    headRef: () =>
      headRepository.isDeleted ? null : toRefNode(ask, headRepository, `refs/heads/${pr.headBranch}`),
    headRepository: () => (headRepository.isDeleted ? null : toRepositoryNode(ask, headRepository)),
    headRepositoryOwner: () => toActorNode(world, headRepository.owner),
    baseRefOid: pr.baseSha,
    baseRefName: pr.baseBranch,
    baseRef: () => toRefNode(ask, repository, `refs/heads/${pr.baseBranch}`),
    baseRepository: () => toRepositoryNode(ask, repository),
    isCrossRepository: pr.isCrossRepository,
    maintainerCanModify: false,
    merged: pr.mergedAt !== null,
    mergedAt: pr.mergedAt,
    mergedBy: () => (pr.mergedBy === null ? null : toActorNode(world, pr.mergedBy)),
    mergeCommit: () => (pr.mergeCommitSha === null ? null : toCommitNode(ask, repository, pr.mergeCommitSha)),
    additions: stats.additions,
    deletions: stats.deletions,
    changedFiles: stats.changedFiles,
    permalink,
    checksUrl: `${permalink}/checks`,
    checksResourcePath: toPath(`${permalink}/checks`),
    totalCommentsCount: () => pr.comments.length + pr.reviews.comments.length,
    statusCheckRollup: () => toRollupNode(ask, repository, pr.headSha),
    commits: (args: Arguments) => listCommits(ask, pr, args),
    ...toMergeFields(ask, pr),
    ...toReviewFields(ask, pr),
  }
}

function toMergeFields(ask: Ask, pr: FakePullRequest): object {
  const { world, autoMerge } = pr
  return {
    mergeable: () => ask.mergeable(pr),
    mergeStateStatus: () => mergeStateStatus(ask, pr),
    canBeRebased: async () => (await ask.mergeable(pr)) === 'MERGEABLE',
    isInMergeQueue: pr.queueEntry !== null,
    isMergeQueueEnabled: pr.queueEntry !== null,
    mergeQueueEntry: () => toQueueEntryNode(ask, pr),
    autoMergeRequest: autoMerge && {
      enabledAt: autoMerge.enabledAt,
      enabledBy: () => toActorNode(world, autoMerge.by),
      mergeMethod: autoMerge.method.toUpperCase(),
      commitHeadline: pr.title,
      commitBody: '',
      authorEmail: null,
      pullRequest: () => toConversationNode(ask, pr),
    },
  }
}

function toReviewFields(ask: Ask, pr: FakePullRequest): object {
  const { all, threads } = pr.reviews
  const toReview = (review: Review): object => toReviewNode(ask, pr, review)
  const toThread = (thread: ReviewThread): object => toThreadNode(ask, pr, thread)
  return {
    reviewDecision: () => reviewDecision(pr),
    reviews: (args: Arguments) =>
      toConnection({ items: all.filter((review) => matches(review, args)), args, toNode: toReview }),
    latestReviews: (args: Arguments) =>
      toConnection({ items: latestReviews(all, () => true), args, toNode: toReview }),
    latestOpinionatedReviews: (args: Arguments) =>
      toConnection({
        items: latestReviews(all, ({ state }) => state !== 'commented'),
        args,
        toNode: toReview,
      }),
    reviewThreads: (args: Arguments) => toConnection({ items: threads, args, toNode: toThread }),
  }
}

function matches(review: Review, { states, author }: Arguments): boolean {
  const isState = !Array.isArray(states) || states.includes(review.state.toUpperCase())
  return isState && (typeof author !== 'string' || review.account.login.replace(/\[bot\]$/, '') === author)
}

function toQueueEntryNode(ask: Ask, pr: FakePullRequest): object | null {
  const { queueEntry, world } = pr
  if (queueEntry === null) return null
  if (!ask.may('pull_requests:read')) throw forbidden()
  return {
    id: queueEntry.nodeId,
    enqueuedAt: queueEntry.enqueuedAt,
    enqueuer: () => toActorNode(world, queueEntry.by),
    position: queuePosition(pr),
    state: 'QUEUED',
    jump: false,
    solo: false,
    estimatedTimeToMerge: null,
    headCommit: () => toCommitNode(ask, pr.repository, pr.headSha),
    baseCommit: () => toCommitNode(ask, pr.repository, pr.baseSha),
    pullRequest: () => toConversationNode(ask, pr),
  }
}
