// The tables that workflows read and write, by the name their record type has. Knows nothing of the machinery tables.

import type { TableName } from '../../../domain/records.ts'
import { auditLog, checkRuns, commands, seenComments } from './conversation.ts'
import { checks, mirrors, nudges, reviewComments, reviews, reviewThreads, watermarks } from './mirror.ts'
import { contracts, contractTasks, overseers, proposals, verdicts } from './phases.ts'
import { projects, pullRequests, sessions } from './projects.ts'
import { alerts, attempts, decisions, phaseRuns, pipelines } from './runs.ts'
import { backups, syncOperations, syncSteps } from './sync.ts'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

/** Every table of a record. */
export const RECORD_TABLES = {
  projects,
  pullRequests,
  sessions,
  pipelines,
  phaseRuns,
  attempts,
  decisions,
  alerts,
  backups,
  syncOperations,
  syncSteps,
  commands,
  seenComments,
  checkRuns,
  auditLog,
  mirrors,
  reviewThreads,
  reviewComments,
  reviews,
  checks,
  nudges,
  watermarks,
  proposals,
  verdicts,
  contracts,
  contractTasks,
  overseers,
} as const satisfies Record<TableName, SQLiteTable>
