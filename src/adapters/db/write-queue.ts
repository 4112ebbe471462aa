// The one way to write: transactions one after the other on one connection, each handed over whole. Heals the client
// after a lock was met. Knows no table.

import { setTimeout as delay } from 'node:timers/promises'
import type { Client, InStatement, ResultSet } from '@libsql/client'

import { isAppError } from '../../domain/errors/app-error.ts'
import { classifyDriverError, toUnavailable } from './database-error.ts'

/** How long a locked database is tried again, in milliseconds; the caller's own retry takes over then. */
const PATIENCE_MS = 5_000

/** Longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE_MS = 60

export interface WriteQueue {
  /** Runs the statements as one transaction, after everything that was handed in before. */
  readonly write: (statements: readonly InStatement[]) => Promise<readonly ResultSet[]>
  /** Runs something else that needs the connection alone, such as migrations, with the same care. */
  readonly exclusive: <T>(work: (client: Client) => Promise<T>) => Promise<T>
  /** Resolves when everything handed in so far is through. */
  readonly idle: () => Promise<void>
}

/** Makes the queue of one client; `prepare` sets a fresh connection up. */
export function createWriteQueue(
  client: Client,
  prepare: () => Promise<void>,
  patienceMs = PATIENCE_MS,
): WriteQueue {
  const connection: Connection = { client, prepare, isSpoiled: false }
  let tail: Promise<unknown> = Promise.resolve()

  function exclusive<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const turn = tail.then(() => untilUnlocked(connection, work, patienceMs))
    tail = turn.catch(() => undefined)
    return turn
  }

  return {
    exclusive,
    write: (statements) => exclusive((writer) => writer.batch([...statements], 'write')),
    idle: async () => {
      await tail
    },
  }
}

interface Connection {
  readonly client: Client
  readonly prepare: () => Promise<void>
  /** True after a failure that was no broken rule: the driver's connection is not to be trusted any more. */
  isSpoiled: boolean
}

/**
 * Repeats the work while the database is locked.
 *
 * Danger: after one busy answer the driver's connection fails every later transaction and may keep a lock itself, so
 * it is replaced before anything else is tried.
 */
async function untilUnlocked<T>(
  connection: Connection,
  work: (client: Client) => Promise<T>,
  patienceMs: number,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    try {
      if (connection.isSpoiled) await renew(connection)
      return await work(connection.client)
    } catch (error) {
      if (isAppError(error)) throw error
      const fault = classifyDriverError(error)
      if (fault.kind === 'rule') throw fault.error
      connection.isSpoiled = true
      if (fault.kind !== 'busy' || performance.now() >= giveUpAt) throw toUnavailable(fault, error)
      await delay(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

async function renew(connection: Connection): Promise<void> {
  connection.client.reconnect()
  await connection.prepare()
  connection.isSpoiled = false
}
