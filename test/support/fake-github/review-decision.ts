// What the reviews of a pull request come to: the last word of everybody who may write.
import type { FakePullRequest } from './pull-request.ts'
import type { ReviewState } from './review-thread.ts'

/** GraphQL's words for it; null when nobody decided and nobody has to. */
export type ReviewDecision = 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null

/** Returns the decision of the reviews. */
export function reviewDecision({ repository, reviews }: FakePullRequest): ReviewDecision {
  const opinions = reviews.all.filter(
    ({ state, account }) =>
      state !== 'commented' && ['admin', 'write'].includes(repository.roleOf(account).permission),
  )
  const last = new Map(opinions.map(({ account, state }): [number, ReviewState] => [account.id, state]))
  const states = new Set(last.values())
  if (states.has('changes_requested')) return 'CHANGES_REQUESTED'
  if (states.has('approved')) return 'APPROVED'
  return repository.protection.requiresReview ? 'REVIEW_REQUIRED' : null
}
