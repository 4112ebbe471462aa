// Tables of what Belay watches: projects, their pull requests, and the sessions that work on them. Columns only.

import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { BranchName, Sha } from '../../../domain/ids.ts'
import type { Project, PullRequest, Session, SessionState } from '../../../domain/records.ts'

/** Repositories the App is installed on. */
export const projects = sqliteTable('projects', {
  id: text('id').primaryKey(),
  repositoryId: integer('repository_id').notNull().unique('projects_repository'),
  installationId: integer('installation_id').notNull(),
  owner: text('owner').notNull(),
  name: text('name').notNull(),
  isPrivate: integer('is_private', { mode: 'boolean' }).notNull(),
  defaultBranch: text('default_branch').notNull(),
  nextSessionNo: integer('next_session_no').notNull(),
  config: text('config', { mode: 'json' }).$type<Project['config'] & {}>(),
  configFaults: text('config_faults', { mode: 'json' }).$type<Project['configFaults']>().notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
})

/** Pull requests as last observed. */
export const pullRequests = sqliteTable(
  'pull_requests',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    number: integer('number').notNull(),
    nodeId: text('node_id').notNull(),
    title: text('title').notNull(),
    url: text('url').notNull(),
    author: text('author').notNull(),
    authorIsBot: integer('author_is_bot', { mode: 'boolean' }).notNull(),
    state: text('state').$type<PullRequest['state']>().notNull(),
    isDraft: integer('is_draft', { mode: 'boolean' }).notNull(),
    headRef: text('head_ref').notNull(),
    headSha: text('head_sha').$type<Sha>().notNull(),
    headRepositoryId: integer('head_repository_id'),
    baseRef: text('base_ref').notNull(),
    baseSha: text('base_sha').$type<Sha>().notNull(),
    // No foreign key: the session and its pull request name each other, and either may be written first.
    sessionId: text('session_id'),
    observedAt: integer('observed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.number] }),
    index('pull_requests_head').on(table.projectId, table.headRef),
    uniqueIndex('pull_requests_session')
      .on(table.sessionId)
      .where(sql`session_id IS NOT NULL`),
  ],
)

/** Sessions, ended ones included. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    no: integer('no').notNull(),
    state: text('state').$type<SessionState>().notNull(),
    prNumber: integer('pr_number').notNull(),
    branch: text('branch').$type<BranchName>().notNull(),
    baseRef: text('base_ref').notNull(),
    agent: text('agent').notNull(),
    startedBy: text('started_by').notNull(),
    runnerId: text('runner_id').notNull(),
    lastSyncedSha: text('last_synced_sha').$type<Sha>(),
    lastPushedSha: text('last_pushed_sha').$type<Sha>(),
    remoteMoved: text('remote_moved', { mode: 'json' }).$type<Session['remoteMoved'] & {}>(),
    reviewersDue: text('reviewers_due', { mode: 'json' }).$type<readonly string[]>().notNull(),
    personActedAt: integer('person_acted_at'),
    ending: text('ending', { mode: 'json' }).$type<Session['ending'] & {}>(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('sessions_number').on(table.projectId, table.no),
    // Invariant: a pull request has at most one session that holds resources.
    uniqueIndex('sessions_one_live')
      .on(table.projectId, table.prNumber)
      .where(sql`state IN ('spawning', 'live')`),
    // Invariant: a branch is checked out by at most one session that holds resources.
    uniqueIndex('sessions_one_branch')
      .on(table.projectId, table.branch)
      .where(sql`state IN ('spawning', 'live')`),
  ],
)
