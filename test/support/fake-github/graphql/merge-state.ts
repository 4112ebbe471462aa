// GraphQL's summary of whether a pull request may be merged now. From the strongest reason against it to none.
import type { FakePullRequest } from '../pull-request.ts'
import { reviewDecision } from '../review-decision.ts'
import { rollupState } from '../status-rollup.ts'
import type { Ask } from './ask.ts'

/** Returns the `mergeStateStatus` of a pull request. */
export async function mergeStateStatus(ask: Ask, pr: FakePullRequest): Promise<string> {
  const mergeable = await ask.mergeable(pr)
  if (mergeable === 'UNKNOWN') return 'UNKNOWN'
  if (mergeable === 'CONFLICTING') return 'DIRTY'
  if (pr.isDraft) return 'DRAFT'
  const { protection } = pr.repository
  if (protection.requiresReview && reviewDecision(pr) !== 'APPROVED') return 'BLOCKED'
  if (protection.requiresUpToDate && (await isBehind(ask, pr))) return 'BEHIND'
  const state = rollupState(pr.repository, pr.headSha)
  return state === undefined || state === 'SUCCESS' ? 'CLEAN' : 'UNSTABLE'
}

async function isBehind(ask: Ask, { repository, baseBranch, headSha }: FakePullRequest): Promise<boolean> {
  const base = (await ask.refs(repository)).get(`refs/heads/${baseBranch}`)
  return base !== undefined && !(await repository.git.isAncestor(base, headSha))
}
