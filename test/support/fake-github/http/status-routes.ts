// Commit statuses as apps read and write them.
import { toCombinedStatusJson, toStatusJson } from '../json/status-json.ts'
import type { CommitStatusState } from '../commit-statuses.ts'
import type { Answer } from './answer.ts'
import { invalid } from './answer.ts'
import { answerPage } from './page.ts'
import { optionalText } from './request-body.ts'
import { repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

const states: readonly CommitStatusState[] = ['error', 'failure', 'pending', 'success']

/** Routes about commit statuses. */
export const statusRoutes: readonly Route[] = [
  repositoryRoute('POST /repos/{owner}/{repo}/statuses/{sha}', ['statuses:write'], createStatus),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}/status', ['statuses:read'], async (request) => {
    const sha = await commitOf(request, 'ref')
    return { status: 200, json: toCombinedStatusJson(request.repository, sha) }
  }),
  repositoryRoute('GET /repos/{owner}/{repo}/commits/{ref}/statuses', ['statuses:read'], async (request) => {
    const { repository, url } = request
    const newestFirst = repository.statuses.list(await commitOf(request, 'ref')).toReversed()
    return answerPage(
      url,
      newestFirst.map((status) => toStatusJson(repository, status)),
    )
  }),
]

async function createStatus(request: RepositoryRequest): Promise<Answer> {
  const { world, repository, body } = request
  const sha = await commitOf(request, 'sha')
  const state = states.find((known) => known === body['state'])
  if (state === undefined) throw invalid(`No state is "${String(body['state'])}".`)
  const context = optionalText(body, 'context')
  const description = optionalText(body, 'description')
  const targetUrl = optionalText(body, 'target_url')
  const status = await repository.statuses.report(world.app.bot, {
    sha,
    state,
    ...(context !== undefined && { context }),
    ...(description !== undefined && { description }),
    ...(targetUrl !== undefined && { targetUrl }),
  })
  return { status: 201, json: toStatusJson(repository, status) }
}

async function commitOf({ repository, params }: RepositoryRequest, name: 'ref' | 'sha'): Promise<string> {
  const revision = params[name] ?? ''
  const sha = await repository.git.resolve(revision)
  if (sha === undefined) throw invalid(`No commit found for SHA: ${revision}`)
  return sha
}
