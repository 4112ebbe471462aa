// Tables of a phase's way from the agent's work to the next phase: proposals and verdicts, contract and tasks, overseers.
// Columns only.

import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { Sha } from '../../../domain/ids.ts'
import type { ContractTask, Overseer, Proposal, Verdict } from '../../../domain/pipeline/records.ts'
import { projects, sessions } from './projects.ts'
import { attempts, phaseRuns, pipelines } from './runs.ts'

const ofSession = () =>
  text('session_id')
    .notNull()
    .references(() => sessions.id)

const ofPipeline = () =>
  text('pipeline_id')
    .notNull()
    .references(() => pipelines.id)

const ofPhaseRun = () =>
  text('phase_run_id')
    .notNull()
    .references(() => phaseRuns.id)

/** Commits put before reviewers. */
export const proposals = sqliteTable(
  'proposals',
  {
    id: text('id').primaryKey(),
    sessionId: ofSession(),
    pipelineId: ofPipeline(),
    phaseRunId: ofPhaseRun(),
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempts.id),
    round: integer('round').notNull(),
    runEpoch: integer('run_epoch').notNull(),
    commit: text('commit').$type<Sha>().notNull(),
    base: text('base').$type<Sha>().notNull(),
    commits: text('commits', { mode: 'json' }).$type<Proposal['commits']>().notNull(),
    paths: text('paths', { mode: 'json' }).$type<Proposal['paths']>().notNull(),
    status: text('status').$type<Proposal['status']>().notNull(),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    // Invariant: a run epoch has one proposal, so that no verdict of another one can be taken for its own.
    uniqueIndex('proposals_epoch').on(table.pipelineId, table.runEpoch),
    index('proposals_phase_run').on(table.phaseRunId),
  ],
)

/** What reviewers say. */
export const verdicts = sqliteTable(
  'verdicts',
  {
    id: text('id').primaryKey(),
    proposalId: text('proposal_id')
      .notNull()
      .references(() => proposals.id),
    sessionId: ofSession(),
    pipelineId: ofPipeline(),
    reviewer: text('reviewer').notNull(),
    status: text('status').$type<Verdict['status']>().notNull(),
    reasons: text('reasons', { mode: 'json' }).$type<Verdict['reasons']>().notNull(),
    failures: integer('failures').notNull(),
    decidedAt: integer('decided_at'),
  },
  (table) => [uniqueIndex('verdicts_reviewer').on(table.proposalId, table.reviewer)],
)

/** Plans as they were read last. */
export const contracts = sqliteTable('contracts', {
  pipelineId: text('pipeline_id')
    .primaryKey()
    .references(() => pipelines.id),
  sessionId: ofSession(),
  projectId: text('project_id')
    .notNull()
    .references(() => projects.id),
  phase: text('phase').notNull(),
  path: text('path').notNull(),
  digest: text('digest').notNull(),
  head: text('head').$type<Sha>().notNull(),
  populatedAt: integer('populated_at').notNull(),
})

/** Tasks of contracts. */
export const contractTasks = sqliteTable(
  'contract_tasks',
  {
    id: text('id').primaryKey(),
    pipelineId: ofPipeline(),
    sessionId: ofSession(),
    taskId: text('task_id').notNull(),
    position: integer('position').notNull(),
    title: text('title').notNull(),
    acceptance: text('acceptance', { mode: 'json' }).$type<ContractTask['acceptance']>().notNull(),
    dependsOn: text('depends_on'),
    status: text('status').$type<ContractTask['status']>().notNull(),
    note: text('note').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [uniqueIndex('contract_tasks_task').on(table.pipelineId, table.taskId)],
)

/** Watches over phases. */
export const overseers = sqliteTable(
  'overseers',
  {
    id: text('id').primaryKey(),
    sessionId: ofSession(),
    pipelineId: ofPipeline(),
    phaseRunId: ofPhaseRun(),
    runEpoch: integer('run_epoch').notNull(),
    status: text('status').$type<Overseer['status']>().notNull(),
    raised: text('raised', { mode: 'json' }).$type<Overseer['raised']>().notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [index('overseers_pipeline').on(table.pipelineId), index('overseers_status').on(table.status)],
)
