// Pull requests.
import { toPullRequestJson } from '../json/pull-request-json.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { Answer } from './answer.ts'
import { answerPage } from './page.ts'
import { pullRequestOf, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

/** Routes about pull requests. */
export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/pulls', ['pull_requests:read'], listPullRequests),
  repositoryRoute(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    ['pull_requests:read'],
    async (request) => {
      const pr = pullRequestOf(request)
      return { status: 200, json: { ...toPullRequestJson(pr), ...(await toMergeability(pr)) } }
    },
  ),
]

function listPullRequests({ repository, url }: RepositoryRequest): Answer {
  const state = url.searchParams.get('state') ?? 'open'
  const head = url.searchParams.get('head')
  const base = url.searchParams.get('base')
  const listed = repository.pullRequests.filter(
    (pr) =>
      (state === 'all' || pr.state === state) &&
      (head === null || head === `${pr.headRepository.owner.login}:${pr.headBranch}`) &&
      (base === null || base === pr.baseBranch),
  )
  const newestFirst = listed.toReversed()
  const ordered = url.searchParams.get('direction') === 'asc' ? listed : newestFirst
  return answerPage(
    url,
    ordered.map((pr) => toPullRequestJson(pr, 'list')),
  )
}

// GitHub computes in the background: the first read after a push says null.
async function toMergeability(pr: FakePullRequest): Promise<Record<string, unknown>> {
  const answer = await pr.mergeability.ask()
  if (answer === 'UNKNOWN') return { mergeable: null, mergeable_state: 'unknown' }
  const mergeable = answer === 'MERGEABLE'
  return { mergeable, rebaseable: mergeable, mergeable_state: mergeable ? 'clean' : 'dirty' }
}
