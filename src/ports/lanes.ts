// Lanes and their jobs as the lane worker needs them, and what a job's handler gets. Knows no SQL.

import type { Change, Job } from '../domain/changes.ts'
import type { CommitOutcome, LaneHold } from './store.ts'

/** A stored job of a lane. */
export interface QueuedJob {
  readonly id: number
  /** The key that made it be stored once. */
  readonly idem: string
  readonly lane: string
  readonly job: Job
  /** Failed tries that were counted so far; see `attemptsAfter`. */
  readonly attempts: number
  readonly createdAt: number
  /** When it was due as it was taken; a job that was put off since then is not done by its end. */
  readonly runAt: number
}

/** What the handler of a job works with. */
export interface JobContext {
  readonly job: QueuedJob
  /** Pass it to every commit made on the way. */
  readonly lane: LaneHold
  /**
   * Writes the changes and the job's end in one transaction.
   *
   * When it is refused the job is not done: the handler looks again and finishes otherwise, or returns and is tried
   * again later. A handler that returns without a committed finish has failed.
   */
  readonly finish: (changes: readonly Change[]) => Promise<CommitOutcome>
}

/** Does one job. Lasts seconds; never waits for an agent or a person. */
export type JobHandler = (context: JobContext) => Promise<void>

/** Who holds a lane: `<runner id>/<boot id>`. */
export interface LaneOwner {
  readonly runnerId: string
  /** New with every start of the process. */
  readonly bootId: string
}

/** Why a try failed. */
export interface JobFailure {
  /** Kept with the job, without secrets. */
  readonly reason: string
  /** True when GitHub or the database was away: then the job waits it out for a day before such failures use it up. */
  readonly isTransient: boolean
}

export interface Lanes {
  /** Takes a free lane whose job is due at `now`, the one that waited longest, or returns null. */
  claim(claim: {
    readonly owner: LaneOwner
    readonly now: number
    readonly leaseMs: number
  }): Promise<LaneHold | null>
  /** Prolongs the lease; false when somebody else has the lane. */
  renew(lane: LaneHold, leaseUntil: number): Promise<boolean>
  /** Gives the lane back; does nothing when somebody else has it. */
  release(lane: LaneHold): Promise<void>
  /** Returns the lane's first pending job that is due, or null. */
  nextJob(lane: LaneHold, now: number): Promise<QueuedJob | null>
  /** Writes the changes and the job's end in one transaction. Throws `LANE_LOST`. */
  finishJob(lane: LaneHold, job: QueuedJob, changes: readonly Change[]): Promise<CommitOutcome>
  /** Counts a failed try as `attemptsAfter` says: later again with a growing delay, or dead. Throws `LANE_LOST`. */
  failJob(lane: LaneHold, job: QueuedJob, failure: JobFailure): Promise<'retry' | 'dead'>
  /** Returns when the next job of a lane nobody holds is due, or when a lease on a lane with work ends; null without work. */
  nextDueAt(): Promise<number | null>
  /** Frees, under new fences, the lanes that earlier starts of this runner held. Returns how many. */
  releaseEarlierIncarnations(owner: LaneOwner): Promise<number>
}
