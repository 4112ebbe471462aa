// Check suites, check runs, annotations and commit statuses as GraphQL shows them.
import type { CheckAnnotation, CheckRun } from '../check-runs.ts'
import { newestRuns, suiteState } from '../check-suites.ts'
import type { CheckSuite } from '../check-suites.ts'
import type { CommitStatus } from '../commit-statuses.ts'
import { nodeId } from '../ids.ts'
import type { FakeApp } from '../world.ts'
import { toActorNode } from './actor-node.ts'
import type { Ask } from './ask.ts'
import { toCommitNode } from './commit-node.ts'
import { toConnection, toObject } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toPath } from './conversation-nodes.ts'
import { toRepositoryNode } from './repository-node.ts'

/** Returns a suite with its runs. */
export function toSuiteNode(ask: Ask, suite: CheckSuite): object {
  ask.demand('checks:read')
  const { repository, headSha } = suite
  const { status, conclusion } = suiteState(suite)
  const url = `${ask.world.links.html}/${repository.fullName}/commit/${headSha}/checks?check_suite_id=${suite.id}`
  return {
    __typename: 'CheckSuite',
    id: suite.nodeId,
    databaseId: suite.id,
    status: status.toUpperCase(),
    conclusion: conclusion?.toUpperCase() ?? null,
    createdAt: suite.createdAt,
    updatedAt: suite.updatedAt,
    url,
    resourcePath: toPath(url),
    app: () => toAppNode(ask, suite.app),
    commit: () => toCommitNode(ask, repository, headSha),
    repository: () => toRepositoryNode(ask, repository),
    // Only GitHub Actions has these.
    workflowRun: null,
    checkRuns: (args: Arguments) => listRuns(ask, suite, args),
  }
}

/** Returns a run. */
export function toCheckRunNode(ask: Ask, run: CheckRun): object {
  ask.demand('checks:read')
  const { repository, output } = run
  const url = `${ask.world.links.html}/${repository.fullName}/runs/${run.id}`
  const items = run.annotations.map((annotation, index) => ({ id: index + 1, annotation }))
  return {
    __typename: 'CheckRun',
    id: run.nodeId,
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    detailsUrl: run.detailsUrl ?? url,
    externalId: run.externalId,
    title: output.title,
    summary: output.summary,
    text: output.text,
    url,
    permalink: url,
    resourcePath: toPath(url),
    isRequired: false,
    checkSuite: () => toSuiteNode(ask, run.suite),
    repository: () => toRepositoryNode(ask, repository),
    annotations: (args: Arguments) =>
      toConnection({ items, args, toNode: ({ annotation }) => toAnnotationNode(url, annotation) }),
  }
}

/** Returns a commit status. */
export function toStatusContextNode(ask: Ask, status: CommitStatus): object {
  ask.demand('statuses:read')
  return {
    __typename: 'StatusContext',
    id: status.nodeId,
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: status.createdAt,
    avatarUrl: `${ask.world.links.html}/avatars/u/${status.creator.id}`,
    creator: () => toActorNode(ask.world, status.creator),
    isRequired: false,
  }
}

function toAppNode({ world }: Ask, app: FakeApp): object {
  return {
    __typename: 'App',
    id: nodeId('A', app.id),
    databaseId: app.id,
    slug: app.slug,
    name: app.slug,
    description: '',
    createdAt: app.createdAt,
    updatedAt: app.createdAt,
    url: `${world.links.html}/apps/${app.slug}`,
  }
}

// Unless all are wanted, GitHub lists only the newest run of each name.
function listRuns(ask: Ask, suite: CheckSuite, args: Arguments): object {
  const filter = toObject(args['filterBy'])
  const listed = filter['checkType'] === 'ALL' ? suite.runs : newestRuns(suite.runs)
  const items = listed.filter(
    (run) =>
      (filter['checkName'] ?? run.name) === run.name &&
      (filter['appId'] ?? run.app.id) === run.app.id &&
      (filter['status'] ?? run.status.toUpperCase()) === run.status.toUpperCase(),
  )
  return toConnection({ items, args, toNode: (run) => toCheckRunNode(ask, run) })
}

function toAnnotationNode(runUrl: string, annotation: CheckAnnotation): object {
  return {
    annotationLevel: annotation.level.toUpperCase(),
    blobUrl: `${runUrl}#${annotation.path}`,
    databaseId: null,
    location: {
      start: { line: annotation.startLine, column: null },
      end: { line: annotation.endLine, column: null },
    },
    message: annotation.message,
    path: annotation.path,
    rawDetails: annotation.rawDetails,
    title: annotation.title,
  }
}
