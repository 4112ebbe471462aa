// Tables that keep the program going and no workflow reads: change log, inbox, jobs, lanes, effects, kept replies, guards.

import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { Job } from '../../../domain/changes.ts'
import type { Effect } from '../../../domain/effects.ts'
import type { DeliveryStatus } from '../../../ports/inbox.ts'

/** What happened, in order; row changes come from triggers, lifecycle facts from workflows. */
export const changeLog = sqliteTable(
  'change_log',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    projectId: text('project_id').notNull(),
    prNumber: integer('pr_number'),
    sessionId: text('session_id'),
    type: text('type').notNull(),
    payload: text('payload', { mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    createdAt: integer('created_at').notNull(),
    onceKey: text('once_key').unique('change_log_once'),
  },
  (table) => [index('change_log_session').on(table.sessionId, table.seq)],
)

/** At most one row: the highest sequence number that was ever taken out of the change log. */
export const changeLogFloor = sqliteTable(
  'change_log_floor',
  { id: integer('id').primaryKey(), floor: integer('floor').notNull() },
  (table) => [check('change_log_floor_single', sql`${table.id} = 1`)],
)

/** Deliveries as they were signed. */
export const inbox = sqliteTable(
  'inbox',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    deliveryId: text('delivery_id').notNull().unique('inbox_delivery'),
    event: text('event').notNull(),
    action: text('action'),
    installationId: integer('installation_id'),
    repositoryId: integer('repository_id'),
    body: text('body').notNull(),
    bodySha256: text('body_sha256').notNull(),
    receivedAt: integer('received_at').notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    attempts: integer('attempts').notNull(),
    reason: text('reason'),
    notBefore: integer('not_before').notNull(),
  },
  (table) => [
    // The delivery id is not signed: words of a person that may be commands count once, whatever id they come under.
    // Everything else only hints at something to read, and the same hint can come twice: a thread resolved, reopened
    // and resolved again. For presses of a button see `isPress` in inbox-insert.ts.
    uniqueIndex('inbox_body')
      .on(table.event, table.bodySha256)
      .where(sql`event IN ('issue_comment', 'issues', 'pull_request_review', 'pull_request_review_comment')`),
    index('inbox_presses')
      .on(table.bodySha256, table.receivedAt)
      .where(sql`event = 'check_run' AND action = 'requested_action'`),
    index('inbox_pending')
      .on(table.notBefore)
      .where(sql`status = 'pending'`),
    index('inbox_status').on(table.status),
  ],
)

/** Lanes: who holds which, and when the next of its jobs is due. */
export const lanes = sqliteTable(
  'lanes',
  {
    key: text('key').primaryKey(),
    fence: integer('fence').notNull(),
    /** `<runner id>/<boot id>`; null when free. */
    owner: text('owner'),
    leaseUntil: integer('lease_until').notNull(),
    /** The earliest `run_at` of its pending jobs, so that a claim reads one index entry; null without pending jobs. */
    nextRunAt: integer('next_run_at'),
  },
  (table) => [
    index('lanes_due')
      .on(table.nextRunAt)
      .where(sql`next_run_at IS NOT NULL`),
  ],
)

/** Work of lanes. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    idem: text('idem').notNull().unique('jobs_idem'),
    lane: text('lane')
      .notNull()
      .references(() => lanes.key),
    kind: text('kind').$type<Job['kind']>().notNull(),
    payload: text('payload', { mode: 'json' }).$type<Job>().notNull(),
    state: text('state').$type<'pending' | 'done' | 'dead'>().notNull(),
    runAt: integer('run_at').notNull(),
    attempts: integer('attempts').notNull(),
    lastError: text('last_error'),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('jobs_pending')
      .on(table.lane, table.id)
      .where(sql`state = 'pending'`),
    index('jobs_due')
      .on(table.lane, table.runAt)
      .where(sql`state = 'pending'`),
    index('jobs_dead')
      .on(table.id)
      .where(sql`state = 'dead'`),
  ],
)

/** Writes to GitHub: the desired state of each, and how far it came. */
export const effects = sqliteTable(
  'effects',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    key: text('key').notNull().unique('effects_key'),
    target: text('target').notNull(),
    kind: text('kind').$type<Effect['kind']>().notNull(),
    payload: text('payload', { mode: 'json' }).$type<Effect>().notNull(),
    /** Grows with every change of the payload; only the newest is ever sent. */
    version: integer('version').notNull(),
    state: text('state').$type<'pending' | 'sending' | 'sent' | 'dead'>().notNull(),
    remoteId: text('remote_id'),
    /** True when a try may have reached GitHub without an answer. */
    mayExist: integer('may_exist', { mode: 'boolean' }).notNull(),
    /** True once a completed check run was handed to GitHub: it can not be reopened. */
    isFinal: integer('is_final', { mode: 'boolean' }).notNull(),
    /** Tries of the current version, for the delay of the next. */
    attempts: integer('attempts').notNull(),
    runAt: integer('run_at').notNull(),
    lastError: text('last_error'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('effects_target')
      .on(table.target, table.id)
      .where(sql`state IN ('pending', 'sending')`),
    index('effects_due')
      .on(table.runAt)
      .where(sql`state = 'pending'`),
    index('effects_dead')
      .on(table.id)
      .where(sql`state = 'dead'`),
  ],
)

/** Requests with an idempotency key, and what they were answered; a row without a reply is being answered, or nobody is left who does. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    method: text('method').notNull(),
    path: text('path').notNull(),
    bodySha256: text('body_sha256').notNull(),
    status: integer('status'),
    /** JSON, as it was sent. */
    reply: text('reply'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.actor, table.key] }),
    index('idempotency_keys_age').on(table.createdAt),
  ],
)

/** Never holds a row: inserting 0 here is how a transaction refuses itself. */
export const guards = sqliteTable('guards', { ok: integer('ok').notNull() }, (table) => [
  check('guard_holds', sql`${table.ok} = 1`),
])
