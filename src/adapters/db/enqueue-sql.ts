// How a job gets into its lane, as SQL: once for each key, or so that a burst becomes one job.

import { sql, type SQL } from 'drizzle-orm'

import type { Change } from '../../domain/changes.ts'

type Enqueue = Extract<Change, { readonly kind: 'enqueue' }>
/** How often a job gave up for a while makes it no other job. */
const TRIES = '$.failedReads'

type EnqueueQuiet = Extract<Change, { readonly kind: 'enqueue_quiet' }>

/** Returns the statements that store a job unless its key was ever stored. */
export function enqueueSql(change: Enqueue, now: number): readonly SQL[] {
  return [
    openLane(change.lane),
    sql`${insertJob} VALUES (${jobValues(change, { runAt: change.runAt, now })}) ON CONFLICT (idem) DO NOTHING`,
    refreshNextRun(change.lane),
  ]
}

/**
 * Returns the statements that store a job, or put off the same one that waits in the lane.
 *
 * A job that is due is left alone: it may be running, and have read already what this one is to read. Putting off never
 * hurries: a job that failed, or waits for a limit to end, keeps its time and reads what is new as well. One that was
 * made later than now is of a clock that was set back since, and its time may be far.
 */
export function enqueueQuietSql(change: EnqueueQuiet, now: number): readonly SQL[] {
  const { lane, job, quietMs, ceilingMs } = change
  const waiting = sql`SELECT id FROM jobs WHERE lane = ${lane} AND state = 'pending' AND kind = ${job.kind}
    AND json_remove(payload, ${TRIES}) = json(${JSON.stringify(job)}) AND run_at > ${now} AND created_at <= ${now}`
  const runAt = now + Math.min(quietMs, ceilingMs)
  return [
    openLane(lane),
    sql`${insertJob} SELECT ${jobValues(change, { runAt, now })} WHERE NOT EXISTS (${waiting})
      ON CONFLICT (idem) DO NOTHING`,
    sql`UPDATE jobs SET run_at = MAX(run_at, MIN(created_at + ${ceilingMs}, ${now + quietMs}))
      WHERE id = (${waiting} ORDER BY run_at LIMIT 1)`,
    refreshNextRun(lane),
  ]
}

/** Returns the statement that keeps a lane's `next_run_at` what its pending jobs say. */
export function refreshNextRun(lane: string): SQL {
  const next = sql`(SELECT MIN(run_at) FROM jobs WHERE lane = ${lane} AND state = 'pending')`
  return sql`UPDATE lanes SET next_run_at = ${next} WHERE key = ${lane} AND next_run_at IS NOT ${next}`
}

function openLane(lane: string): SQL {
  return sql`INSERT INTO lanes (key, fence, lease_until) VALUES (${lane}, 0, 0) ON CONFLICT (key) DO NOTHING`
}

const insertJob = sql`INSERT INTO jobs (idem, lane, kind, payload, state, run_at, attempts, created_at)`

function jobValues({ idem, lane, job }: Enqueue | EnqueueQuiet, at: { runAt: number; now: number }): SQL {
  return sql`${idem}, ${lane}, ${job.kind}, ${JSON.stringify(job)}, 'pending', ${at.runAt}, 0, ${at.now}`
}
