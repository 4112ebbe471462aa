// How GitHub writes a check suite, and the pull requests a commit belongs to.
import { suiteState } from '../check-suites.ts'
import type { CheckSuite } from '../check-suites.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { FakeRepository } from '../repository.ts'
import { toAppJson } from './app-json.ts'

/** A commit of a repository. */
export interface CommitPlace {
  readonly repository: FakeRepository
  readonly headSha: string
}

/** Returns a check suite as it stands inside of a check run. */
export function toCheckSuiteJson(suite: CheckSuite): Record<string, unknown> {
  const { repository, id, app, createdAt, updatedAt } = suite
  const { world } = repository
  const [pr] = pullRequestsOf(suite)
  return {
    id,
    node_id: suite.nodeId,
    head_branch: pr?.headBranch ?? null,
    head_sha: suite.headSha,
    ...suiteState(suite),
    url: `${world.links.api}/repos/${repository.fullName}/check-suites/${id}`,
    before: pr?.baseSha ?? null,
    after: suite.headSha,
    pull_requests: toPullRequestsJson(suite),
    app: toAppJson(world, app),
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

/** Returns a check suite as `check_suite` webhooks write it. */
export function toCheckSuiteEventJson(suite: CheckSuite): Record<string, unknown> {
  const json = toCheckSuiteJson(suite)
  return {
    ...json,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: suite.runs.length,
    check_runs_url: `${String(json['url'])}/check-runs`,
    head_commit: toHeadCommit(suite),
  }
}

// What no push brought here, for example the first commit of a repository, is written without its text.
function toHeadCommit({ repository, headSha, createdAt }: CheckSuite): Record<string, unknown> {
  const pushed = repository.pushedCommits.get(headSha)
  const nobody = { name: '', email: '' }
  const {
    tree_id = '',
    message = '',
    timestamp = createdAt,
    author = nobody,
    committer = nobody,
  } = pushed ?? {}
  return { id: headSha, tree_id, message, timestamp, author, committer }
}

/** Returns the pull requests of a commit in the short form of checks. */
export function toPullRequestsJson(place: CommitPlace): Record<string, unknown>[] {
  const { repository } = place
  const url = `${repository.world.links.api}/repos/${repository.fullName}`
  const repo = { id: repository.id, url, name: repository.name }
  return pullRequestsOf(place).map((pr) => ({
    url: `${url}/pulls/${pr.number}`,
    id: pr.id,
    number: pr.number,
    head: { ref: pr.headBranch, sha: pr.headSha, repo },
    base: { ref: pr.baseBranch, sha: pr.baseSha, repo },
  }))
}

// GitHub lists only pull requests whose head is in the same repository.
function pullRequestsOf({ repository, headSha }: CommitPlace): readonly FakePullRequest[] {
  return repository.pullRequests.filter(
    (pr) => pr.state === 'open' && pr.headSha === headSha && !pr.isCrossRepository,
  )
}
