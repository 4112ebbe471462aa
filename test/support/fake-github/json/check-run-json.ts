// How GitHub writes a check run and the suite around it.
import type { CheckRun } from '../check-runs.ts'
import { nodeId } from '../ids.ts'
import type { FakePullRequest } from '../pull-request.ts'
import { toAppJson } from './app-json.ts'

/** Returns a check run as REST and webhooks write it; its actions are write-only, as on GitHub. */
export function toCheckRunJson(run: CheckRun): Record<string, unknown> {
  const { repository, app, id } = run
  const { world } = repository
  const url = `${world.links.api}/repos/${repository.fullName}/check-runs/${id}`
  const htmlUrl = `${world.links.html}/${repository.fullName}/runs/${id}`
  return {
    id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: htmlUrl,
    details_url: run.detailsUrl ?? htmlUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: toCheckSuiteJson(run),
    app: toAppJson(world, app),
    pull_requests: toPullRequestsJson(run),
  }
}

function toCheckSuiteJson(run: CheckRun): Record<string, unknown> {
  const { repository, suiteId, app, createdAt, updatedAt } = run
  const { world } = repository
  const [pr] = pullRequestsOf(run)
  return {
    id: suiteId,
    node_id: nodeId('CS', suiteId),
    head_branch: pr?.headBranch ?? null,
    head_sha: run.headSha,
    status: run.status,
    conclusion: run.conclusion,
    url: `${world.links.api}/repos/${repository.fullName}/check-suites/${suiteId}`,
    before: pr?.baseSha ?? null,
    after: run.headSha,
    pull_requests: toPullRequestsJson(run),
    app: toAppJson(world, app),
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

// GitHub lists only pull requests whose head is in the same repository.
function pullRequestsOf({ repository, headSha }: CheckRun): readonly FakePullRequest[] {
  return repository.pullRequests.filter(
    (pr) => pr.state === 'open' && pr.headSha === headSha && !pr.isCrossRepository,
  )
}

function toPullRequestsJson(run: CheckRun): Record<string, unknown>[] {
  const { repository } = run
  const url = `${repository.world.links.api}/repos/${repository.fullName}`
  const repo = { id: repository.id, url, name: repository.name }
  return pullRequestsOf(run).map((pr) => ({
    url: `${url}/pulls/${pr.number}`,
    id: pr.id,
    number: pr.number,
    head: { ref: pr.headBranch, sha: pr.headSha, repo },
    base: { ref: pr.baseBranch, sha: pr.baseSha, repo },
  }))
}
