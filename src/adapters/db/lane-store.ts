// Lanes and jobs on libsql. A claim raises the fence, and every later write of the holder demands that fence.

import { sql, type SQL } from 'drizzle-orm'

import type { Change, Job } from '../../domain/changes.ts'
import { attemptsAfter, isLastTry } from '../../domain/is-last-try.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { JobFailure, LaneOwner, Lanes, QueuedJob } from '../../ports/lanes.ts'
import type { CommitOutcome, LaneHold } from '../../ports/store.ts'
import { backoffMs, outageWaitMs, type Random } from './backoff.ts'
import { condition, fenceOf, plain, type PlannedStatement } from './change-sql.ts'
import { laneLost, planChanges, runTransaction, wakeFor } from './commit-changes.ts'
import type { Database } from './database.ts'
import { refreshNextRun } from './enqueue-sql.ts'
import { read } from './read.ts'
import { toStatement } from './record-sql.ts'
import { numberIn, textIn } from './row-values.ts'
import { jobs } from './schema/machinery.ts'
import { toCommitOutcome } from './store.ts'

/** Longest error text that is kept, in characters. */
const LONGEST_REASON = 2_000

/** Makes the lanes of an open database. */
export function createLanes(database: Database, random: Random = Math.random): Lanes {
  return {
    claim: (claim) => claimLane(database, claim),
    renew: (lane, leaseUntil) => renewLane(database, lane, leaseUntil),
    release: (lane) => releaseLane(database, lane),
    nextJob: (lane, now) => nextJob(database, lane, now),
    finishJob: (lane, job, changes) => finishJob({ database, lane, job, changes }),
    failJob: (lane, job, failure) => failJob({ database, lane, job, failure, random }),
    nextDueAt: () => nextDueAt(database),
    releaseEarlierIncarnations: (owner) => releaseEarlierIncarnations(database, owner),
  }
}

/** The claim, exported so that a test can ask SQLite how it would run it. */
export function claimStatement(claim: Parameters<Lanes['claim']>[0]) {
  const { owner, now, leaseMs } = claim
  return toStatement(sql`UPDATE lanes SET fence = fence + 1, owner = ${ownerText(owner)}, lease_until = ${now + leaseMs}
    WHERE key = (
      SELECT key FROM lanes INDEXED BY lanes_due
      WHERE next_run_at IS NOT NULL AND next_run_at <= ${now} AND (owner IS NULL OR lease_until < ${now})
      ORDER BY next_run_at LIMIT 1
    ) RETURNING key, fence`)
}

async function claimLane(database: Database, claim: Parameters<Lanes['claim']>[0]): Promise<LaneHold | null> {
  const [answer] = await database.write([claimStatement(claim)])
  const row = answer?.rows[0]
  return row === undefined ? null : { key: textIn(row, 'key'), fence: numberIn(row, 'fence') }
}

async function renewLane(database: Database, lane: LaneHold, leaseUntil: number): Promise<boolean> {
  const [answer] = await database.write([
    toStatement(
      sql`UPDATE lanes SET lease_until = ${leaseUntil} WHERE key = ${lane.key} AND fence = ${lane.fence}`,
    ),
  ])
  return answer?.rowsAffected === 1
}

/** A lane that has more to do waits from now on like any other, or a busy one would starve the rest. */
async function releaseLane(database: Database, lane: LaneHold): Promise<void> {
  const now = database.now()
  await database.write([
    toStatement(sql`UPDATE lanes SET owner = NULL,
      next_run_at = CASE WHEN next_run_at < ${now} THEN ${now} ELSE next_run_at END
      WHERE key = ${lane.key} AND fence = ${lane.fence}`),
  ])
}

async function nextJob(database: Database, lane: LaneHold, now: number): Promise<QueuedJob | null> {
  const [row] = await read(database, (reads) =>
    reads
      .select()
      .from(jobs)
      .where(sql`lane = ${lane.key} AND state = 'pending' AND run_at <= ${now}`)
      .orderBy(jobs.id)
      .limit(1),
  )
  if (row === undefined) return null
  const { id, idem, payload, attempts, createdAt, runAt } = row
  return { id, idem, lane: row.lane, job: payload satisfies Job, attempts, createdAt, runAt }
}

interface JobEnd {
  readonly database: Database
  readonly lane: LaneHold
  readonly job: QueuedJob
}

async function finishJob(end: JobEnd & { readonly changes: readonly Change[] }): Promise<CommitOutcome> {
  const { database, lane, job, changes } = end
  const now = database.now()
  const outcome = await runTransaction(database, [
    ...holding(lane, job),
    ...planChanges(changes, now),
    plain(endOf(job, now)),
    plain(refreshNextRun(lane.key)),
  ])
  if (outcome.kind === 'committed') wakeFor(database, changes)
  return toCommitOutcome(outcome, lane)
}

/** A job that was put off since it was taken runs once more: what put it off came after it had begun. */
function endOf(job: QueuedJob, now: number): SQL {
  const isAsTaken = sql`run_at = ${job.runAt}`
  return sql`UPDATE jobs SET
    state = CASE WHEN ${isAsTaken} THEN 'done' ELSE 'pending' END,
    ended_at = CASE WHEN ${isAsTaken} THEN ${now} END,
    attempts = CASE WHEN ${isAsTaken} THEN attempts ELSE 0 END,
    last_error = NULL WHERE id = ${job.id}`
}

/** The lane is still ours and the job still to be done; otherwise somebody else did it. */
function holding(lane: LaneHold, job: QueuedJob): readonly PlannedStatement[] {
  const isPending = sql`EXISTS (SELECT 1 FROM jobs WHERE id = ${job.id} AND state = 'pending')`
  return [fenceOf(lane), condition(isPending, { kind: 'not_ours' })]
}

async function failJob(
  end: JobEnd & { readonly failure: JobFailure; readonly random: Random },
): Promise<'retry' | 'dead'> {
  const { database, lane, job, failure, random } = end
  const now = database.now()
  const failed = { attempts: job.attempts, isTransient: failure.isTransient, ageMs: now - job.createdAt }
  const attempts = attemptsAfter(failed)
  const waitMs = failure.isTransient
    ? outageWaitMs({ attempts, ageMs: failed.ageMs }, random)
    : backoffMs(attempts, random)
  const isDead = isLastTry(failed)
  const reason = redactSecrets(failure.reason).slice(0, LONGEST_REASON)
  const update = sql`UPDATE jobs SET attempts = ${attempts}, last_error = ${reason},
    run_at = ${now + waitMs}, state = ${isDead ? 'dead' : 'pending'}, ended_at = ${isDead ? now : null}
    WHERE id = ${job.id}`
  const outcome = await runTransaction(database, [
    ...holding(lane, job),
    plain(update),
    plain(refreshNextRun(lane.key)),
  ])
  if (outcome.kind === 'refused') throw laneLost(lane)
  return isDead ? 'dead' : 'retry'
}

async function nextDueAt(database: Database): Promise<number | null> {
  const [row] = await read(database, (reads) =>
    reads.all<{ readonly due: number | null }>(sql`SELECT
      MIN(CASE WHEN owner IS NULL THEN next_run_at ELSE MAX(next_run_at, lease_until + 1) END) AS due
      FROM lanes WHERE next_run_at IS NOT NULL`),
  )
  return row?.due ?? null
}

async function releaseEarlierIncarnations(database: Database, owner: LaneOwner): Promise<number> {
  const mine = `${owner.runnerId}/`
  const [answer] = await database.write([
    toStatement(sql`UPDATE lanes SET owner = NULL, fence = fence + 1
      WHERE substr(owner, 1, ${mine.length}) = ${mine} AND owner <> ${ownerText(owner)}`),
  ])
  return answer?.rowsAffected ?? 0
}

function ownerText(owner: LaneOwner): string {
  return `${owner.runnerId}/${owner.bootId}`
}
