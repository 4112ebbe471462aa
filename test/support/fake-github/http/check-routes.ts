// Check runs as apps write them. Limits are GitHub's; reopening a completed run is refused loudly.
import type { CheckAction, CheckRun, CheckRunFields } from '../check-runs.ts'
import { toCheckRunJson } from '../json/check-run-json.ts'
import type { Answer } from './answer.ts'
import { ApiRefusal, invalid, notFound } from './answer.ts'
import { answerPage } from './page.ts'
import { isObject, longestText, optionalList, optionalText, requiredText } from './request-body.ts'
import type { JsonObject } from './request-body.ts'
import { numberParam, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

const mostActions = 3
const longest = { label: 20, description: 40, identifier: 20 } as const
const statuses = ['queued', 'in_progress', 'completed'] as const
const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
]

/** Routes about check runs. */
export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST /repos/{owner}/{repo}/check-runs', ['checks:write'], createRun),
  repositoryRoute('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', ['checks:read'], (request) => ({
    status: 200,
    json: toCheckRunJson(runOf(request)),
  })),
  repositoryRoute('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', ['checks:write'], updateRun),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', ['checks:read'], listRuns),
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
  const fields = decodeFields(body)
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
  const fields = decodeFields(body)
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
  const runs = wanted('filter') === 'all' ? matching : latestOf(matching)
  return answerPage(url, runs.toReversed().map(toCheckRunJson), (page) => ({
    total_count: runs.length,
    check_runs: page,
  }))
}

// GitHub's default filter: of equal name and app only the latest run.
function latestOf(runs: readonly CheckRun[]): readonly CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.app.id} ${run.name}`, run])).values()]
}

function decodeFields(body: JsonObject): Partial<CheckRunFields> {
  const status = decodeStatus(body)
  const conclusion = optionalText(body, 'conclusion')
  if (conclusion !== undefined && !conclusions.includes(conclusion))
    throw invalid(`No conclusion is "${conclusion}".`)
  if (status === 'completed' && conclusion === undefined)
    throw invalid('A completed check run needs a conclusion.')
  const text = {
    name: optionalText(body, 'name'),
    externalId: optionalText(body, 'external_id'),
    detailsUrl: optionalText(body, 'details_url'),
    startedAt: optionalText(body, 'started_at'),
    completedAt: optionalText(body, 'completed_at'),
    conclusion,
    status,
  }
  const given = Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined))
  return {
    ...given,
    ...(isObject(body['output']) && { output: decodeOutput(body['output']) }),
    ...(body['actions'] !== undefined && { actions: decodeActions(body) }),
  }
}

function decodeActions(body: JsonObject): readonly CheckAction[] {
  const actions = optionalList(body, 'actions')
  if (actions.length > mostActions) throw invalid(`At most ${mostActions} actions are allowed.`)
  return actions.map(decodeAction)
}

function decodeStatus(body: JsonObject): CheckRunFields['status'] | undefined {
  const text = optionalText(body, 'status')
  const status = statuses.find((known) => known === text)
  if (text !== undefined && status === undefined) throw invalid(`No status is "${text}".`)
  return status
}

function decodeOutput(output: JsonObject): CheckRunFields['output'] {
  const title = requiredText(output, 'title')
  const summary = requiredText(output, 'summary')
  const text = optionalText(output, 'text') ?? null
  const isTooLong = [summary, text ?? ''].some((part) => part.length >= longestText)
  if (isTooLong) throw invalid(`Summary and text have fewer than ${longestText} characters.`)
  return { title, summary, text }
}

function decodeAction(value: unknown): CheckAction {
  const body = isObject(value) ? value : {}
  const field = (name: keyof typeof longest): string => {
    const text = requiredText(body, name)
    if (text.length > longest[name])
      throw invalid(`"${name}" is longer than ${longest[name]} characters: ${text}`)
    return text
  }
  return { label: field('label'), description: field('description'), identifier: field('identifier') }
}
