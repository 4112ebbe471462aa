// Tables of what people said and what Belay shows them: commands, comments seen, check runs, and the audit log.

import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

import type { Sha } from '../../../domain/ids.ts'
import type { AuditRow, CommandRow } from '../../../domain/records.ts'
import { projects } from './projects.ts'

/** Commands seen; the primary key is what makes each run once. */
export const commands = sqliteTable(
  'commands',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    verb: text('verb').notNull(),
    actor: text('actor').notNull(),
    commentUrl: text('comment_url').notNull(),
    state: text('state').$type<CommandRow['state']>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('commands_pull_request').on(table.projectId, table.prNumber)],
)

/** Last known bodies of comments. */
export const seenComments = sqliteTable(
  'seen_comments',
  {
    nodeId: text('node_id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    body: text('body').notNull(),
    wasEdited: integer('was_edited', { mode: 'boolean' }).notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('seen_comments_pull_request').on(table.projectId, table.prNumber)],
)

/** GitHub check runs of the logical check. */
export const checkRuns = sqliteTable(
  'check_runs',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    headSha: text('head_sha').$type<Sha>().notNull(),
    generation: integer('generation').notNull(),
    externalId: text('external_id').notNull(),
    isCompleted: integer('is_completed', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.prNumber, table.headSha, table.generation] })],
)

/** Who did what. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    via: text('via').notNull(),
    action: text('action').notNull(),
    target: text('target').notNull(),
    details: text('details', { mode: 'json' }).$type<AuditRow['details']>().notNull(),
  },
  (table) => [index('audit_log_at').on(table.at)],
)
