// Tables of the work itself: pipelines, phases, attempts, and the questions and alerts they lead to. Columns only.

import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

import type { Sha } from '../../../domain/ids.ts'
import type {
  Alert,
  AnswerChannel,
  Attempt,
  AttemptStatus,
  Decision,
  DecisionStatus,
  Failure,
  PhaseRun,
  Pipeline,
  RunStatus,
} from '../../../domain/records.ts'
import { projects, sessions } from './projects.ts'

/** Runs through the configured phases. */
export const pipelines = sqliteTable(
  'pipelines',
  {
    id: text('id').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    no: integer('no').notNull(),
    kind: text('kind').$type<Pipeline['kind']>().notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    currentPhase: text('current_phase').notNull(),
    runEpoch: integer('run_epoch').notNull(),
    config: text('config', { mode: 'json' }).$type<Pipeline['config']>().notNull(),
    prompt: text('prompt'),
    failure: text('failure', { mode: 'json' }).$type<Failure>(),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    uniqueIndex('pipelines_number').on(table.sessionId, table.no),
    // Invariant: at most one pipeline of a session is not terminal.
    uniqueIndex('pipelines_one_active')
      .on(table.sessionId)
      .where(sql`status IN ('pending', 'running', 'awaiting_human')`),
  ],
)

/** The phases of a pipeline. */
export const phaseRuns = sqliteTable(
  'phase_runs',
  {
    id: text('id').primaryKey(),
    pipelineId: text('pipeline_id')
      .notNull()
      .references(() => pipelines.id),
    name: text('name').notNull(),
    position: integer('position').notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    restarts: integer('restarts').notNull(),
    rounds: integer('rounds').notNull(),
    briefings: text('briefings', { mode: 'json' }).$type<PhaseRun['briefings']>().notNull(),
    result: text('result').$type<PhaseRun['result'] & {}>(),
    leftOut: text('left_out', { mode: 'json' }).$type<PhaseRun['leftOut']>().notNull(),
    failure: text('failure', { mode: 'json' }).$type<Failure>(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
  },
  (table) => [uniqueIndex('phase_runs_position').on(table.pipelineId, table.position)],
)

/** Processes of agents. */
export const attempts = sqliteTable(
  'attempts',
  {
    id: text('id').primaryKey(),
    phaseRunId: text('phase_run_id')
      .notNull()
      .references(() => phaseRuns.id),
    pipelineId: text('pipeline_id')
      .notNull()
      .references(() => pipelines.id),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    runEpoch: integer('run_epoch').notNull(),
    role: text('role').$type<Attempt['role']>().notNull(),
    agent: text('agent').notNull(),
    proposalId: text('proposal_id'),
    status: text('status').$type<AttemptStatus>().notNull(),
    pid: integer('pid'),
    exit: text('exit', { mode: 'json' }).$type<Attempt['exit'] & {}>(),
    leaseUntil: integer('lease_until').notNull(),
    activeAt: integer('active_at').notNull(),
    question: text('question', { mode: 'json' }).$type<Attempt['question'] & {}>(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('attempts_phase_run').on(table.phaseRunId),
    // Invariant: one agent works in a session's worktree at a time; reviewers have worktrees of their own.
    uniqueIndex('attempts_one_producer')
      .on(table.sessionId)
      .where(sql`status IN ('starting', 'running') AND role = 'producer'`),
    // Invariant: a reviewer looks at a proposal once at a time.
    uniqueIndex('attempts_one_review')
      .on(table.proposalId, table.agent)
      .where(sql`status IN ('starting', 'running') AND role = 'reviewer'`),
    index('attempts_lease')
      .on(table.leaseUntil)
      .where(sql`status IN ('starting', 'running')`),
  ],
)

/** Questions and their answers. */
export const decisions = sqliteTable(
  'decisions',
  {
    id: text('id').notNull(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id),
    pipelineId: text('pipeline_id')
      .notNull()
      .references(() => pipelines.id),
    prNumber: integer('pr_number').notNull(),
    phase: text('phase').notNull(),
    kind: text('kind').$type<Decision['kind']>().notNull(),
    concerns: text('concerns').$type<Decision['concerns']>().notNull(),
    context: text('context').notNull(),
    options: text('options', { mode: 'json' }).$type<Decision['options']>().notNull(),
    details: text('details', { mode: 'json' }).$type<Decision['details']>().notNull(),
    headSha: text('head_sha').$type<Sha>().notNull(),
    runEpoch: integer('run_epoch').notNull(),
    status: text('status').$type<DecisionStatus>().notNull(),
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredVia: text('answered_via').$type<AnswerChannel>(),
    answeredAt: integer('answered_at'),
    actedAt: integer('acted_at'),
    cancelReason: text('cancel_reason'),
    successorId: text('successor_id'),
    reminders: integer('reminders').notNull(),
    rootId: text('root_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.id] }),
    index('decisions_pipeline').on(table.pipelineId),
    // Invariant: at most one open question per session.
    uniqueIndex('decisions_one_pending')
      .on(table.sessionId)
      .where(sql`status = 'pending'`),
    // "Nothing goes around it" reads this index: an answer that has not taken effect yet holds up as much as none.
    index('decisions_holding')
      .on(table.sessionId)
      .where(sql`status = 'pending' OR (status = 'resolved' AND acted_at IS NULL)`),
  ],
)

/** Things an operator should look at. */
export const alerts = sqliteTable('alerts', {
  id: text('id').primaryKey(),
  code: text('code').$type<Alert['code']>().notNull(),
  projectId: text('project_id')
    .notNull()
    .references(() => projects.id),
  sessionId: text('session_id').references(() => sessions.id),
  pipelineId: text('pipeline_id').references(() => pipelines.id),
  details: text('details', { mode: 'json' }).$type<Alert['details']>().notNull(),
  raisedAt: integer('raised_at').notNull(),
})
