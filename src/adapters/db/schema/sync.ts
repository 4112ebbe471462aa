// Tables of git work: sync operations, the journal of their steps, and verified pins. Columns only.

import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

import type { BranchName, RefName, Sha } from '../../../domain/ids.ts'
import type { Backup, SyncOperation, SyncStepRow, SyncTrigger } from '../../../domain/records.ts'
import { projects, sessions } from './projects.ts'
import { pipelines } from './runs.ts'

/** Synchronisations of a worktree: facts, plan, result. */
export const syncOperations = sqliteTable(
  'sync_operations',
  {
    id: text('id').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    pipelineId: text('pipeline_id').references(() => pipelines.id),
    phase: text('phase'),
    trigger: text('trigger').$type<SyncTrigger>().notNull(),
    branch: text('branch').$type<BranchName>().notNull(),
    state: text('state').$type<SyncOperation['state']>().notNull(),
    purpose: text('purpose').$type<SyncOperation['purpose']>().notNull(),
    case: text('case').$type<SyncOperation['case'] & {}>(),
    facts: text('facts', { mode: 'json' }).$type<SyncOperation['facts'] & {}>(),
    plan: text('plan', { mode: 'json' }).$type<SyncOperation['plan']>().notNull(),
    localAhead: integer('local_ahead'),
    remoteAhead: integer('remote_ahead'),
    before: text('before').$type<Sha>(),
    after: text('after').$type<Sha>(),
    durationMs: integer('duration_ms'),
    resumes: text('resumes'),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('sync_operations_session').on(table.sessionId),
    index('sync_operations_unfinished')
      .on(table.sessionId)
      .where(sql`state IN ('planned', 'running')`),
  ],
)

/** The journal: one row per step, written before it starts and again before the next may start. */
export const syncSteps = sqliteTable(
  'sync_steps',
  {
    operationId: text('operation_id')
      .notNull()
      .references(() => syncOperations.id),
    position: integer('position').notNull(),
    kind: text('kind').$type<SyncStepRow['kind']>().notNull(),
    state: text('state').$type<SyncStepRow['state']>().notNull(),
    outcome: text('outcome', { mode: 'json' }).$type<SyncStepRow['outcome'] & {}>(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.operationId, table.position] })],
)

/** Verified pins. */
export const backups = sqliteTable(
  'backups',
  {
    id: text('id').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    // No foreign key: a pin found again after a crash is recorded even when its operation is not.
    operationId: text('operation_id').notNull(),
    reason: text('reason').$type<Backup['reason']>().notNull(),
    prefix: text('prefix').$type<RefName>().notNull(),
    head: text('head').$type<Sha>().notNull(),
    index: text('index').$type<Sha>().notNull(),
    worktree: text('worktree').$type<Sha>().notNull(),
    push: text('push').$type<Backup['push']>().notNull(),
    pushRefusal: text('push_refusal'),
    filesPush: text('files_push').$type<Backup['filesPush'] & {}>(),
    rescueBranch: text('rescue_branch'),
    dirtyRescueBranch: text('dirty_rescue_branch'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('backups_session').on(table.sessionId)],
)
