// Asks for a read of a pull request. A burst of news becomes one read: it waits until nothing came for a moment, but not
// for ever.

import type { Change, Job } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'

const QUIET_MS = 2_000
const CEILING_MS = 10_000

export interface ReconcileOrder {
  readonly project: Pick<Project, 'id' | 'repositoryId'>
  readonly number: number
}

/** Returns the change that has a pull request read once its news has come to rest. */
export function requestReconcile(deps: Deps, { project, number }: ReconcileOrder): Change {
  return {
    kind: 'enqueue_quiet',
    lane: prLane(project.repositoryId, number),
    idem: `reconcile:${project.id}:${number}:${deps.ids.random(10)}`,
    job: { kind: 'reconcile', projectId: project.id, number, cause: 'webhook' },
    quietMs: QUIET_MS,
    ceilingMs: CEILING_MS,
  }
}

/** Returns the change that has a pull request read at a time of its own; the idem key makes it one for its reason. */
export function scheduleReconcile(
  { project, number }: ReconcileOrder,
  read: {
    readonly job: Omit<Extract<Job, { readonly kind: 'reconcile' }>, 'kind' | 'projectId' | 'number'>
    readonly idem: string
    readonly runAt: number
  },
): Change {
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, number),
    idem: `reconcile:${project.id}:${number}:${read.idem}`,
    job: { kind: 'reconcile', projectId: project.id, number, ...read.job },
    runAt: read.runAt,
  }
}
