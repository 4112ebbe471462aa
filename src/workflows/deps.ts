// What every workflow is given: the ports, and the settings of this process. No adapter is known here.

import type { Change, Job } from '../domain/changes.ts'
import type { DeliveryLog, GitHub, GitHubHealth, Observer } from '../ports/github.ts'
import type { Runner } from '../ports/runner.ts'
import type { LaneHold, Store } from '../ports/store.ts'
import type { Clock, Ids, Log } from '../ports/surroundings.ts'

export interface Settings {
  /** Names this machine in sessions and lanes. */
  readonly runnerId: string
  /** Names this start of the process. */
  readonly bootId: string
  /** An attempt without a heartbeat for this long is lost. */
  readonly attemptLeaseMs: number
  /** The first wait before a failed attempt is started again; it doubles each time. */
  readonly restartDelayMs: number
  /** The host people's links lead to, such as `https://github.com`. */
  readonly webUrl: string
}

export interface Deps {
  readonly store: Store
  readonly github: GitHub
  readonly observer: Observer
  readonly deliveries: DeliveryLog
  readonly health: GitHubHealth
  readonly runner: Runner
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly settings: Settings
}

/** The lane a job runs under, and which try of the job this is, from 1. */
export interface JobLane extends LaneHold {
  readonly attempt: number
}

/**
 * Handles one job of a lane and returns the changes that finish it.
 *
 * They are committed together with the job's own completion. Whatever a handler does outside the database before that
 * must be harmless to repeat: after a crash the job runs again.
 */
export type JobHandler<K extends Job['kind']> = (
  deps: Deps,
  job: Extract<Job, { readonly kind: K }>,
  lane: JobLane,
) => Promise<readonly Change[]>
