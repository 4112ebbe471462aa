// Drains lanes: one job at a time per lane, several lanes side by side, each write fenced. Knows no workflow and no SQL.

import { isAppError } from '../../domain/errors/app-error.ts'
import { isTransient } from '../../domain/errors/is-transient.ts'
import type { JobContext, JobHandler, LaneOwner, Lanes, QueuedJob } from '../../ports/lanes.ts'
import type { CommitOutcome, LaneHold } from '../../ports/store.ts'
import type { Clock, Log } from '../../ports/surroundings.ts'
import { createWorkerLoop, type Worker } from './worker-loop.ts'

/** How long a lane stays ours without a sign of life, in milliseconds. */
const LEASE_MS = 30_000

/** How many jobs of one lane run before others get a turn. */
const JOBS_PER_HOLD = 50

/** How many lanes are drained at the same time. */
const LANES_AT_ONCE = 8

export interface LaneWorkerOptions {
  readonly lanes: Lanes
  readonly owner: LaneOwner
  readonly handle: JobHandler
  readonly clock: Clock
  readonly log: Log
  readonly leaseMs?: number
  readonly lanesAtOnce?: number
}

/** Makes the worker of all lanes. Call `lanes.releaseEarlierIncarnations` before it starts. */
export function createLaneWorker(options: LaneWorkerOptions): Worker {
  const leaseMs = options.leaseMs ?? LEASE_MS
  let isClosing = false
  const worker = createWorkerLoop(
    {
      name: 'lanes',
      concurrency: options.lanesAtOnce ?? LANES_AT_ONCE,
      take: async () => {
        const now = options.clock.now()
        const lane = await options.lanes.claim({ owner: options.owner, now, leaseMs })
        return lane === null
          ? []
          : [(): Promise<void> => holdLane({ ...options, leaseMs, lane, isClosing: () => isClosing })]
      },
      nextDueAt: () => options.lanes.nextDueAt(),
    },
    options,
  )
  return {
    ...worker,
    close: () => {
      isClosing = true
      return worker.close()
    },
  }
}

interface Hold extends LaneWorkerOptions {
  readonly lane: LaneHold
  readonly leaseMs: number
  readonly isClosing: () => boolean
}

/** Drains one lane and gives it back; stops in silence when somebody else took it over. */
async function holdLane(hold: Hold): Promise<void> {
  const lease = keepLease(hold)
  try {
    await drain(hold, lease)
  } catch (error) {
    if (isAppError(error, 'LANE_LOST')) return
    hold.log.error({ error, lane: hold.lane.key }, 'A lane could not be drained')
  } finally {
    lease.stop()
  }
  await hold.lanes.release(hold.lane)
}

async function drain(hold: Hold, lease: Lease): Promise<void> {
  for (let left = JOBS_PER_HOLD; left > 0 && !lease.isLost() && !hold.isClosing(); left -= 1) {
    const job = await hold.lanes.nextJob(hold.lane, hold.clock.now())
    if (job === null) return
    await runJob(hold, job)
  }
}

/** Runs one job; its failure is counted and the lane goes on with the next. */
async function runJob(hold: Hold, job: QueuedJob): Promise<void> {
  const { lanes, lane, log } = hold
  try {
    const run = startRun(lanes, lane, job)
    await hold.handle(run.context)
    if (!run.isFinished())
      throw new Error(`The handler of ${job.job.kind} returned without finishing its job`)
  } catch (error) {
    if (isAppError(error, 'LANE_LOST')) throw error
    const became = await lanes.failJob(lane, job, {
      reason: describe(error),
      isTransient: isTransient(error),
    })
    log[became === 'dead' ? 'error' : 'warn'](
      { error, lane: lane.key, job: job.id, kind: job.job.kind, became },
      'A job failed',
    )
  }
}

interface Run {
  readonly context: JobContext
  readonly isFinished: () => boolean
}

function startRun(lanes: Lanes, lane: LaneHold, job: QueuedJob): Run {
  let isFinished = false
  return {
    isFinished: () => isFinished,
    context: {
      job,
      lane,
      finish: async (changes): Promise<CommitOutcome> => {
        const outcome = await lanes.finishJob(lane, job, changes)
        if (outcome.kind === 'committed') isFinished = true
        return outcome
      },
    },
  }
}

interface Lease {
  readonly isLost: () => boolean
  readonly stop: () => void
}

/** Renews at a quarter of the lease, so that three renewals may fail before the lane is free for others. */
function keepLease({ lanes, lane, clock, log, leaseMs }: Hold): Lease {
  let isLost = false
  const renew = async (): Promise<void> => {
    try {
      isLost ||= !(await lanes.renew(lane, clock.now() + leaseMs))
    } catch (error) {
      log.warn({ error, lane: lane.key }, 'A lease could not be renewed')
    }
  }
  const timer = setInterval(() => void renew(), leaseMs / 4)
  timer.unref()
  return { isLost: () => isLost, stop: () => clearInterval(timer) }
}

function describe(error: unknown): string {
  if (isAppError(error)) return `${error.code}: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
