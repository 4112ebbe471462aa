// Reads why a check failed: the end of a GitHub Actions job's log, and the annotations of any check. What may not be
// read is missing; nothing here is an error.

import type { RepositoryTarget } from '../../domain/effects.ts'
import type { CheckReport } from '../../ports/github.ts'
import type { Called } from './call-failure.ts'
import type { Calls } from './github-calls.ts'
import { lastBytes, toLogTail, toPlainText } from './log-tail.ts'

const ACTIONS_SLUG = 'github-actions'
const MOST_ANNOTATIONS = 50
const MESSAGE_LENGTH = 1000

/** Reads the report of a check run; a job of GitHub Actions has the number of its check run. */
export async function readCheckReport(
  calls: Calls,
  repository: RepositoryTarget,
  checkRunId: number,
): Promise<CheckReport> {
  const { installationId, owner, name: repo } = repository
  const read = await calls.make(installationId, ({ rest }) =>
    rest.checks.get({ owner, repo, check_run_id: checkRunId }),
  )
  if (read.kind !== 'answered') return { logTail: null, annotations: [] }
  const { app, output } = read.value.data
  const job = { installationId, owner, repo, checkRunId }
  const [logTail, annotations] = await Promise.all([
    app?.slug === ACTIONS_SLUG ? readLog(calls, job) : null,
    output.annotations_count > 0 ? readAnnotations(calls, job) : [],
  ])
  return { logTail, annotations }
}

interface JobName {
  readonly installationId: number
  readonly owner: string
  readonly repo: string
  readonly checkRunId: number
}

async function readLog(calls: Calls, job: JobName): Promise<string | null> {
  const { installationId, owner, repo, checkRunId } = job
  const read: Called<Uint8Array | null> = await calls.make(installationId, async ({ rest }) => {
    const { data } = await rest.actions.downloadJobLogsForWorkflowRun({
      owner,
      repo,
      job_id: checkRunId,
      // A log may be larger than memory: it is never held whole.
      request: { parseSuccessResponseBody: false },
    })
    return isStream(data) ? lastBytes(data) : null
  })
  return read.kind === 'answered' && read.value !== null ? toLogTail(read.value) : null
}

async function readAnnotations(calls: Calls, job: JobName): Promise<CheckReport['annotations']> {
  const { installationId, owner, repo, checkRunId } = job
  const read = await calls.make(installationId, ({ rest }) =>
    rest.checks.listAnnotations({ owner, repo, check_run_id: checkRunId, per_page: MOST_ANNOTATIONS }),
  )
  if (read.kind !== 'answered') return []
  return read.value.data.slice(0, MOST_ANNOTATIONS).map((annotation) => ({
    path: annotation.path,
    line: annotation.start_line,
    message: toPlainText(annotation.message ?? '').slice(0, MESSAGE_LENGTH),
  }))
}

function isStream(data: unknown): data is AsyncIterable<Uint8Array> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data
}
