// Tables of the mirror: copies of what GitHub lists of a pull request, how far they are, and the news made of them.
// Columns only.

import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { Sha } from '../../../domain/ids.ts'
import type {
  CheckConclusion,
  CheckStatus,
  Completeness,
  Mergeability,
  ReviewDecision,
  ReviewState,
} from '../../../domain/mirror/observation.ts'
import type { Check, NudgeKind, NudgeStatus } from '../../../domain/mirror/records.ts'
import { projects, sessions } from './projects.ts'

/** What is known of a pull request besides its own row, and how far its copies are. */
export const mirrors = sqliteTable(
  'mirrors',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    mergeability: text('mergeability').$type<Mergeability>().notNull(),
    reviewDecision: text('review_decision').$type<ReviewDecision>(),
    isInMergeQueue: integer('is_in_merge_queue', { mode: 'boolean' }).notNull(),
    hasAutoMerge: integer('has_auto_merge', { mode: 'boolean' }).notNull(),
    isStacked: integer('is_stacked', { mode: 'boolean' }).notNull(),
    headSha: text('head_sha').$type<Sha>().notNull(),
    headSeenAt: integer('head_seen_at').notNull(),
    checksChangedAt: integer('checks_changed_at'),
    threads: text('threads').$type<Completeness>().notNull(),
    reviews: text('reviews').$type<Completeness>().notNull(),
    checks: text('checks').$type<Completeness>().notNull(),
    fingerprint: text('fingerprint'),
    readAt: integer('read_at').notNull(),
    fullyReadAt: integer('fully_read_at'),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.prNumber] })],
)

/** Review threads. */
export const reviewThreads = sqliteTable(
  'review_threads',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    id: text('id').notNull(),
    path: text('path').notNull(),
    line: integer('line'),
    startLine: integer('start_line'),
    isResolved: integer('is_resolved', { mode: 'boolean' }).notNull(),
    isOutdated: integer('is_outdated', { mode: 'boolean' }).notNull(),
    resolvedBy: text('resolved_by'),
    observedAt: integer('observed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.prNumber, table.id] })],
)

/** Comments of review threads. */
export const reviewComments = sqliteTable(
  'review_comments',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    id: text('id').notNull(),
    threadId: text('thread_id').notNull(),
    author: text('author'),
    authorIsBot: integer('author_is_bot', { mode: 'boolean' }).notNull(),
    body: text('body').notNull(),
    url: text('url').notNull(),
    isMinimized: integer('is_minimized', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    editedAt: integer('edited_at'),
    observedAt: integer('observed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.prNumber, table.id] }),
    index('review_comments_thread').on(table.projectId, table.prNumber, table.threadId),
  ],
)

/** Submitted reviews. */
export const reviews = sqliteTable(
  'reviews',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    id: text('id').notNull(),
    author: text('author'),
    authorIsBot: integer('author_is_bot', { mode: 'boolean' }).notNull(),
    state: text('state').$type<ReviewState>().notNull(),
    body: text('body').notNull(),
    url: text('url').notNull(),
    commitSha: text('commit_sha').$type<Sha>(),
    submittedAt: integer('submitted_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    editedAt: integer('edited_at'),
    observedAt: integer('observed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.prNumber, table.id] })],
)

/** Check runs and commit statuses of heads. */
export const checks = sqliteTable(
  'checks',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    id: text('id').notNull(),
    headSha: text('head_sha').$type<Sha>().notNull(),
    source: text('source').$type<Check['source']>().notNull(),
    name: text('name').notNull(),
    appId: integer('app_id'),
    appSlug: text('app_slug'),
    databaseId: integer('database_id'),
    status: text('status').$type<CheckStatus>().notNull(),
    conclusion: text('conclusion').$type<CheckConclusion>(),
    summary: text('summary').notNull(),
    url: text('url'),
    startedAt: integer('started_at'),
    completedAt: integer('completed_at'),
    observedAt: integer('observed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.prNumber, table.id] })],
)

/** News for agents. */
export const nudges = sqliteTable(
  'nudges',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    prNumber: integer('pr_number').notNull(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    kind: text('kind').$type<NudgeKind>().notNull(),
    item: text('item').notNull(),
    signature: text('signature').notNull(),
    status: text('status').$type<NudgeStatus>().notNull(),
    text: text('text').notNull(),
    threadIds: text('thread_ids', { mode: 'json' }).$type<readonly string[]>().notNull(),
    // No foreign key: the pipeline that delivers it is written in the same transaction, in either order.
    pipelineId: text('pipeline_id'),
    createdAt: integer('created_at').notNull(),
    sentAt: integer('sent_at'),
  },
  (table) => [
    index('nudges_pull_request').on(table.projectId, table.prNumber),
    index('nudges_status').on(table.sessionId, table.status),
    // Invariant: the same news is told once.
    uniqueIndex('nudges_once').on(table.sessionId, table.kind, table.item, table.signature),
  ],
)

/** How far what runs by the clock has come. */
export const watermarks = sqliteTable('watermarks', {
  name: text('name').primaryKey(),
  at: integer('at').notNull(),
})
