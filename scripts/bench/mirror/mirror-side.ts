// One side of a comparison: a database file of its own with all tables and triggers, and one pull request in it. Knows
// how to bring it to a state and what is in it, and no way to reconcile.

import { join } from 'node:path'
import type { ResultSet } from '@libsql/client'
import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { migrate } from '../../../src/adapters/db/migrate.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { insert } from '../../../src/domain/changes.ts'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import { project, pullRequest, session } from '../../../test/adapters/db/rows.ts'

/** A way to bring the tables of threads and comments to what was read; everything in one transaction. */
export type Reconcile = (database: Database, observation: Observation) => Promise<void>

/** All a reconcile may write, as text that can be compared: rows in the order of their keys, the log in its own. */
export interface Content {
  readonly threads: readonly string[]
  readonly comments: readonly string[]
  /** Without number and time, which two databases never have in common. */
  readonly log: readonly string[]
}

/** A database with one pull request; it begins without threads and without log. */
export class MirrorSide {
  readonly database: Database

  private constructor(database: Database) {
    this.database = database
  }

  static async open(folder: string, name: string): Promise<MirrorSide> {
    const database = await openDatabase({ url: `file:${join(folder, `${name}.db`)}`, now: Date.now })
    await migrate(database)
    const rows = [
      insert('projects', project()),
      insert('pullRequests', pullRequest({ sessionId: 'harbour-1' })),
      insert('sessions', session()),
    ]
    await createStore(database).commit(rows, null)
    const side = new MirrorSide(database)
    await side.rest()
    return side
  }

  /** Takes all threads and comments away, and the log with them. */
  async empty(): Promise<void> {
    await this.database.write(['DELETE FROM review_threads', 'DELETE FROM review_comments'])
    await this.rest()
  }

  /** Empties log and write-ahead log, so that every round finds the same. */
  async rest(): Promise<void> {
    await this.database.write(['DELETE FROM change_log'])
    await this.database.exclusive((client) => client.execute('PRAGMA wal_checkpoint(TRUNCATE)'))
  }

  async content(): Promise<Content> {
    const [threads, comments, log] = await this.database.exclusive((client) =>
      client.batch([
        'SELECT * FROM review_threads ORDER BY project_id, pr_number, id',
        'SELECT * FROM review_comments ORDER BY project_id, pr_number, id',
        'SELECT project_id, pr_number, session_id, type, payload, once_key FROM change_log ORDER BY seq',
      ]),
    )
    return { threads: linesOf(threads), comments: linesOf(comments), log: linesOf(log) }
  }

  close(): Promise<void> {
    return this.database.close()
  }
}

function linesOf(answer: ResultSet | undefined): readonly string[] {
  if (answer === undefined) throw new Error('The database gave no answer')
  return answer.rows.map((row) => JSON.stringify(row))
}
