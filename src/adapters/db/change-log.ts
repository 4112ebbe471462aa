// Reads the change log in order. Never writes it: triggers and commits do.

import { and, asc, eq, gt, sql, type SQL } from 'drizzle-orm'

import type { ChangeEvent, ChangeFilter, ChangePage } from '../../ports/change-feed.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { changeLog } from './schema/machinery.ts'

/** One row of the change log. */
export type ChangeLogRow = Readonly<typeof changeLog.$inferSelect>

/** Returns the rows after a sequence number, oldest first; of one session when it is named. */
export function listChangeLog(
  database: Database,
  query: { readonly after: number; readonly limit: number; readonly sessionId?: string },
): Promise<readonly ChangeLogRow[]> {
  const { after, limit, sessionId } = query
  const ofSession = sessionId === undefined ? undefined : eq(changeLog.sessionId, sessionId)
  return read(database, (reads) =>
    reads
      .select()
      .from(changeLog)
      .where(and(gt(changeLog.seq, after), ofSession))
      .orderBy(asc(changeLog.seq))
      .limit(limit),
  )
}

export interface ChangeQuery {
  /** Null: the end of the log. */
  readonly after: number | null
  readonly filter: ChangeFilter
  /** Most events of a page. */
  readonly limit: number
  /** Most sequence numbers one page looks at: a filter that matches nothing must not hold the process up. */
  readonly window: number
}

interface PageRow {
  readonly floor: number
  readonly head: number
  readonly oldest: number | null
  /** Where the page begins: `after`, or the floor when `after` is no place in this log. */
  readonly start: number
  /** Null in the only row of an empty page, as everything below. */
  readonly seq: number | null
  readonly projectId: string
  readonly prNumber: number | null
  readonly sessionId: string | null
  readonly type: string
  readonly payload: string
  readonly createdAt: number
}

/**
 * Returns one page of events and what is missing before it.
 *
 * Floor, head and rows come from one statement: a page read while rows are being deleted still tells of its gap.
 */
export async function readChangePage(database: Database, query: ChangeQuery): Promise<ChangePage> {
  const rows = await read(database, (reads) => reads.all<PageRow>(pageSql(query)))
  const [first] = rows
  if (first === undefined) throw new TypeError('The bounds of the change log are always one row')
  const { floor, head, oldest, start } = first
  const events = rows.flatMap((row) => (row.seq === null ? [] : [toEvent(row, row.seq)]))
  const last = events.at(-1)
  const isFull = events.length === query.limit && last !== undefined
  const position = isFull ? last.seq : Math.min(start + query.window, head)
  const { after } = query
  return {
    gap: after === null || after === start ? null : { after, floor, oldest },
    events,
    position,
    isEnd: position >= head,
  }
}

/** The head is the highest number ever given, also when its row is gone: AUTOINCREMENT keeps it in `sqlite_sequence`. */
function pageSql({ after, filter, limit, window }: ChangeQuery): SQL {
  return sql`WITH
    ends AS (SELECT
      COALESCE((SELECT floor FROM change_log_floor), 0) AS floor,
      COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'change_log'), 0) AS head,
      (SELECT MIN(seq) FROM change_log) AS oldest),
    place AS (SELECT ends.*, CASE
      WHEN ${after} IS NULL THEN head
      WHEN ${after} < floor OR ${after} > head THEN floor
      ELSE ${after} END AS start FROM ends),
    page AS (SELECT * FROM change_log
      WHERE seq > (SELECT start FROM place) AND seq <= (SELECT start FROM place) + ${window}${matching(filter)}
      ORDER BY seq LIMIT ${limit})
    SELECT place.floor, place.head, place.oldest, place.start, page.seq,
      page.project_id AS projectId, page.pr_number AS prNumber, page.session_id AS sessionId, page.type,
      CASE WHEN json_valid(page.payload) THEN page.payload ELSE json_quote(page.payload) END AS payload,
      page.created_at AS createdAt
    FROM place LEFT JOIN page ON TRUE ORDER BY page.seq`
}

function matching({ projectId, prNumber, sessionId }: ChangeFilter): SQL {
  const conditions = [
    projectId === null ? null : sql` AND project_id = ${projectId}`,
    prNumber === null ? null : sql` AND pr_number = ${prNumber}`,
    sessionId === null ? null : sql` AND session_id = ${sessionId}`,
  ]
  return sql.join(conditions.filter((condition) => condition !== null))
}

function toEvent(row: PageRow, seq: number): ChangeEvent {
  const { projectId, prNumber, sessionId, type, createdAt } = row
  const payload: unknown = JSON.parse(row.payload)
  return { seq, projectId, prNumber, sessionId, type, payload, createdAt }
}
