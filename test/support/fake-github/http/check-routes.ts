// Check runs as apps write them. Limits are GitHub's; reopening a completed run is refused loudly.
import type { CheckRun } from '../check-runs.ts'
import { newestRuns } from '../check-suites.ts'
import { toAnnotationJson, toCheckRunJson } from '../json/check-run-json.ts'
import { toCheckSuiteJson } from '../json/check-suite-json.ts'
import type { Answer } from './answer.ts'
import { ApiRefusal, invalid, notFound } from './answer.ts'
import { answerPage } from './page.ts'
import { decodeCheckFields } from './check-body.ts'
import { requiredText } from './request-body.ts'
import { numberParam, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

/** Routes about check runs. */
export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST /repos/{owner}/{repo}/check-runs', ['checks:write'], createRun),
  repositoryRoute('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', ['checks:read'], (request) => ({
    status: 200,
    json: toCheckRunJson(runOf(request)),
  })),
  repositoryRoute('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', ['checks:write'], updateRun),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', ['checks:read'], listRuns),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}/check-suites', ['checks:read'], listSuites),
  repositoryRoute(
    'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    ['checks:read'],
    (request) => {
      const run = runOf(request)
      return answerPage(
        request.url,
        run.annotations.map((annotation) => toAnnotationJson(run, annotation)),
      )
    },
  ),
]

function runOf(request: RepositoryRequest): CheckRun {
  const run = request.repository.checks.find(numberParam(request, 'check_run_id'))
  if (run === undefined) throw notFound()
  return run
}

async function createRun({ world, repository, body }: RepositoryRequest): Promise<Answer> {
  const headSha = requiredText(body, 'head_sha')
  const name = requiredText(body, 'name')
  if ((await repository.git.resolve(headSha)) === undefined)
    throw invalid(`No commit found for SHA: ${headSha}`)
  const fields = decodeCheckFields(body)
  const run = repository.checks.create({ ...fields, name, app: world.app, headSha, sender: world.app.bot })
  return { status: 201, json: toCheckRunJson(run) }
}

function updateRun(request: RepositoryRequest): Answer {
  const { world, repository, body } = request
  const run = runOf(request)
  if (run.app !== world.app)
    throw new ApiRefusal(
      403,
      'Invalid app_id `check_run` - check run can only be modified by the GitHub App that created it.',
    )
  const fields = decodeCheckFields(body)
  if (run.status === 'completed' && (fields.status ?? 'completed') !== 'completed') {
    throw invalid(`Check run ${run.id} is completed and can not be ${String(fields.status)} again.`)
  }
  return { status: 200, json: toCheckRunJson(repository.checks.update(run, world.app.bot, fields)) }
}

async function listRuns({ repository, params, url }: RepositoryRequest): Promise<Answer> {
  const sha = await repository.git.resolve(params['ref'] ?? '')
  if (sha === undefined) throw invalid(`No commit found for SHA: ${params['ref'] ?? ''}`)
  const wanted = (name: string): string | null => url.searchParams.get(name)
  const matching = repository.checks
    .list(sha)
    .filter(
      (run) =>
        (wanted('check_name') ?? run.name) === run.name &&
        (wanted('app_id') ?? String(run.app.id)) === String(run.app.id) &&
        (wanted('status') ?? run.status) === run.status,
    )
  const runs = wanted('filter') === 'all' ? matching : newestRuns(matching)
  return answerPage(url, runs.toReversed().map(toCheckRunJson), (page) => ({
    total_count: runs.length,
    check_runs: page,
  }))
}

async function listSuites({ repository, params, url }: RepositoryRequest): Promise<Answer> {
  const sha = await repository.git.resolve(params['ref'] ?? '')
  if (sha === undefined) throw invalid(`No commit found for SHA: ${params['ref'] ?? ''}`)
  const appId = url.searchParams.get('app_id')
  const suites = repository.checks.suites
    .list(sha)
    .filter(({ app }) => appId === null || appId === String(app.id))
  return answerPage(url, suites.map(toCheckSuiteJson), (page) => ({
    total_count: suites.length,
    check_suites: page,
  }))
}
