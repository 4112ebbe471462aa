// How GitHub writes a check run and what it remarks on lines.
import type { CheckAnnotation, CheckRun } from '../check-runs.ts'
import { toAppJson } from './app-json.ts'
import { toCheckSuiteJson, toPullRequestsJson } from './check-suite-json.ts'

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
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: toCheckSuiteJson(run.suite),
    app: toAppJson(world, app),
    pull_requests: toPullRequestsJson(run),
  }
}

/** Returns an annotation of a run. */
export function toAnnotationJson(run: CheckRun, annotation: CheckAnnotation): Record<string, unknown> {
  const { links } = run.repository.world
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: null,
    end_column: null,
    annotation_level: annotation.level,
    message: annotation.message,
    title: annotation.title,
    raw_details: annotation.rawDetails,
    blob_href: `${links.html}/${run.repository.fullName}/blob/${run.headSha}/${annotation.path}`,
  }
}
