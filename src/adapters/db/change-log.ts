// Reads the change log in order. Never writes it: triggers and commits do.

import { and, asc, eq, gt } from 'drizzle-orm'

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
