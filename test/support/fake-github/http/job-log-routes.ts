// Logs of GitHub Actions jobs: a redirect to a signed address that asks for no credential, and the text behind it.
// A test says what a job wrote; a job has the number of its check run.
import type { FakeRepository } from '../repository.ts'
import { notFound } from './answer.ts'
import { numberParam, openRoute, repositoryRoute } from './route.ts'
import type { Route, RouteRequest } from './route.ts'

const logs = new WeakMap<FakeRepository, Map<number, Buffer>>()

/** Lets a job have this log. */
export function writeJobLog(repository: FakeRepository, jobId: number, log: string | Buffer): void {
  const known = logs.get(repository) ?? new Map<number, Buffer>()
  known.set(jobId, Buffer.from(log))
  logs.set(repository, known)
}

/** Routes about the logs of jobs. */
export const jobLogRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', ['actions:read'], (request) => {
    const jobId = numberParam(request, 'job_id')
    if (logs.get(request.repository)?.has(jobId) !== true) throw notFound()
    // Another host, as on GitHub: whoever follows must not take a credential along.
    const store = new URL(request.url)
    store.hostname = 'localhost'
    store.pathname = `/job-logs/${request.repository.fullName}/${jobId}`
    return { status: 302, headers: { location: store.href } }
  }),
  openRoute('GET /job-logs/{owner}/{repo}/{job_id}', (request) => {
    return { status: 200, raw: logOf(request), headers: { 'content-type': 'text/plain' } }
  }),
]

function logOf(request: RouteRequest): Buffer {
  const { owner = '', repo = '' } = request.params
  const repository = request.world.repositories.find(owner, repo)
  const log = repository && logs.get(repository)?.get(numberParam(request, 'job_id'))
  if (log === undefined) throw notFound()
  return log
}
