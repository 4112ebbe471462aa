// One writing process per database file, by a lock that the operating system releases when the process ends, however
// it ends. Knows nothing of what is written.

import { createClient, type Client, type Transaction } from '@libsql/client'

import { AppError } from '../../domain/errors/app-error.ts'
import { classifyDriverError, toUnavailable } from './database-error.ts'

export interface WriterLock {
  /** Lets another process take over. */
  release(): void
}

/** How often taking the lock is tried when others try at the same moment. */
const TRIES = 3

/**
 * Takes the lock of a database file or throws `DATABASE_IN_USE`.
 *
 * The lock is an open transaction on `<file>.lock`, a database of its own that holds the process id for the message.
 * Danger: never open that file by other means in this process; closing it would drop the lock.
 */
export async function takeWriterLock(file: string): Promise<WriterLock> {
  for (let left = TRIES; ; left -= 1) {
    const client = createClient({ url: `file:${file}.lock`, concurrency: 1, timeout: 250 })
    const taken = await tryToTake(client).catch((error: unknown) => {
      client.close()
      throw error
    })
    if (taken !== 'lost_race') return toWriterLock(client, taken, file)
    client.close()
    if (left <= 1) throw new AppError('DATABASE_IN_USE', { file, pid: null })
  }
}

type Taken =
  | { readonly kind: 'taken'; readonly transaction: Transaction }
  | { readonly kind: 'held'; readonly pid: number | null }

function toWriterLock(client: Client, taken: Taken, file: string): WriterLock {
  if (taken.kind === 'held') {
    client.close()
    throw new AppError('DATABASE_IN_USE', { file, pid: taken.pid })
  }
  return {
    release: () => {
      taken.transaction.close()
      client.close()
    },
  }
}

/** The process id is committed first, because others can not read it out of an open transaction. */
async function tryToTake(client: Client): Promise<Taken | 'lost_race'> {
  try {
    await client.batch(
      [
        'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL)',
        { sql: 'INSERT OR REPLACE INTO holder (id, pid) VALUES (1, ?)', args: [process.pid] },
      ],
      'write',
    )
    const transaction = await client.transaction('write')
    const written = await transaction.execute('SELECT pid FROM holder')
    if (Number(written.rows[0]?.['pid']) === process.pid) return { kind: 'taken', transaction }
    transaction.close()
    return 'lost_race'
  } catch (error) {
    const fault = classifyDriverError(error)
    if (fault.kind !== 'busy') throw toUnavailable(fault, error)
    return { kind: 'held', pid: await readHolder(client) }
  }
}

async function readHolder(client: Client): Promise<number | null> {
  try {
    client.reconnect()
    const written = await client.execute('SELECT pid FROM holder')
    const pid = written.rows[0]?.['pid']
    return typeof pid === 'number' ? pid : null
  } catch {
    // The holder is being written right now: the message does without its id.
    return null
  }
}
