// The floor: SQL written by hand, one upsert and one delete for each table, all rows as one JSON parameter. Reads
// nothing before it, so it sends every row to the database whether it changed or not.

import type { InStatement } from '@libsql/client'
import type { ObservedThread } from '../../../src/domain/mirror/observation.ts'
import { PULL_REQUEST } from './observed.ts'
import type { Reconcile } from './mirror-side.ts'

const UPSERT_THREADS = `INSERT INTO review_threads
  (project_id, pr_number, id, path, line, start_line, is_resolved, is_outdated, resolved_by, observed_at)
  SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, ?3
  FROM json_each(?4) WHERE true
  ON CONFLICT (project_id, pr_number, id) DO UPDATE SET
    path = excluded.path, line = excluded.line, start_line = excluded.start_line,
    is_resolved = excluded.is_resolved, is_outdated = excluded.is_outdated,
    resolved_by = excluded.resolved_by, observed_at = excluded.observed_at
  WHERE (path, line, start_line, is_resolved, is_outdated, resolved_by)
    IS NOT (excluded.path, excluded.line, excluded.start_line, excluded.is_resolved, excluded.is_outdated, excluded.resolved_by)
  AND excluded.observed_at >= observed_at`

const UPSERT_COMMENTS = `INSERT INTO review_comments
  (project_id, pr_number, id, thread_id, author, author_is_bot, body, url, is_minimized, created_at, updated_at, edited_at, observed_at)
  SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
    value ->> 8, value ->> 9, ?3
  FROM json_each(?4) WHERE true
  ON CONFLICT (project_id, pr_number, id) DO UPDATE SET
    thread_id = excluded.thread_id, author = excluded.author, author_is_bot = excluded.author_is_bot,
    body = excluded.body, url = excluded.url, is_minimized = excluded.is_minimized, created_at = excluded.created_at,
    updated_at = excluded.updated_at, edited_at = excluded.edited_at, observed_at = excluded.observed_at
  WHERE (thread_id, author, author_is_bot, body, url, is_minimized, created_at, updated_at, edited_at)
    IS NOT (excluded.thread_id, excluded.author, excluded.author_is_bot, excluded.body, excluded.url,
      excluded.is_minimized, excluded.created_at, excluded.updated_at, excluded.edited_at)
  AND excluded.observed_at >= observed_at AND excluded.updated_at >= updated_at`

const DELETE_MISSING = (table: string): string => `DELETE FROM ${table}
  WHERE project_id = ?1 AND pr_number = ?2 AND id NOT IN (SELECT value FROM json_each(?3))`

export const bySql: Reconcile = async (database, { threads: { items }, readAt }) => {
  const { projectId, prNumber } = PULL_REQUEST
  const comments = items.flatMap(commentRows)
  const upsert = (sql: string, rows: readonly Row[]): InStatement => ({
    sql,
    args: [projectId, prNumber, readAt, JSON.stringify(rows)],
  })
  const deleteMissing = (table: string, rows: readonly Row[]): InStatement => ({
    sql: DELETE_MISSING(table),
    args: [projectId, prNumber, JSON.stringify(rows.map(([id]) => id))],
  })
  const threads = items.map(threadRow)
  await database.write([
    upsert(UPSERT_THREADS, threads),
    deleteMissing('review_threads', threads),
    upsert(UPSERT_COMMENTS, comments),
    deleteMissing('review_comments', comments),
  ])
}

type Row = readonly (string | number | null)[]

function threadRow({ id, path, line, startLine, isResolved, isOutdated, resolvedBy }: ObservedThread): Row {
  return [id, path, line, startLine, Number(isResolved), Number(isOutdated), resolvedBy]
}

function commentRows({ id: threadId, comments }: ObservedThread): readonly Row[] {
  return comments.items.map(({ id, author, body, url, isMinimized, createdAt, updatedAt, editedAt }) => {
    const writer = [author?.login ?? null, Number(author?.isBot ?? false)]
    return [id, threadId, ...writer, body, url, Number(isMinimized), createdAt, updatedAt, editedAt]
  })
}
