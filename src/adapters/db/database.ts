// Opens the database: one connection that writes, one that reads, and the checks without which nothing may be written.
// Knows no table.

import { chmodSync, existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createClient, type Client, type InStatement, type ResultSet } from '@libsql/client'
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql'

import { AppError, isAppError } from '../../domain/errors/app-error.ts'
import type { Wake } from '../../ports/surroundings.ts'
import { classifyDriverError, toUnavailable } from './database-error.ts'
import { databaseFile } from './database-url.ts'
import { createWriteQueue, type WriteQueue } from './write-queue.ts'
import { takeWriterLock, type WriterLock } from './writer-lock.ts'

export interface DatabaseOptions {
  /** `file:<path>`, or the address of a libsql server. */
  readonly url: string
  readonly authToken?: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** `read` takes no lock and refuses to write: for looking at a database that a running process writes. */
  readonly access?: 'write' | 'read'
  /** How long a locked database is tried again, in milliseconds. */
  readonly patienceMs?: number
}

/** An open database. */
export interface Database {
  readonly url: string
  /** Reads outside any transaction; sees what is committed and nothing else. */
  readonly reads: LibSQLDatabase
  /** Runs the statements as one transaction. Throws `RuleBroken` or `DATABASE_UNAVAILABLE`; then nothing was written. */
  readonly write: (statements: readonly InStatement[]) => Promise<readonly ResultSet[]>
  /** Runs work that needs the writing connection alone. */
  readonly exclusive: WriteQueue['exclusive']
  readonly now: () => number
  /** Has the listener called after every commit that left jobs or effects to do. */
  readonly onWork: (listener: Wake) => void
  /** Tells the listeners. */
  readonly wake: Wake
  /** Finishes what was handed in, then closes the file and gives the lock back. */
  readonly close: () => Promise<void>
}

/** How long SQLite itself waits for a lock, in milliseconds; the process stands still meanwhile. */
const BUSY_TIMEOUT_MS = 250

/** Opens a database for this process, or throws `DATABASE_IN_USE` or `DATABASE_UNAVAILABLE`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const file = databaseFile(options.url)
  const isWriter = options.access !== 'read'
  const lock = file !== null && isWriter ? await lockFile(file) : null
  try {
    return await connect(options, { file, lock, isWriter })
  } catch (error) {
    lock?.release()
    if (isAppError(error)) throw error
    throw toUnavailable(classifyDriverError(error), error)
  }
}

interface Ground {
  readonly file: string | null
  readonly lock: WriterLock | null
  readonly isWriter: boolean
}

async function connect(options: DatabaseOptions, ground: Ground): Promise<Database> {
  const writer = openClient(options)
  const reader = ground.file === null ? writer : openClient(options)
  const prepare =
    ground.file === null || !ground.isWriter ? () => Promise.resolve() : () => prepareFile(writer)
  const queue = createWriteQueue(writer, prepare, options.patienceMs)
  try {
    await queue.exclusive(prepare)
  } catch (error) {
    closeClients(writer, reader)
    throw error
  }
  if (ground.file !== null && ground.isWriter) chmodSync(ground.file, 0o600)
  const work = createWork()
  return {
    url: options.url,
    reads: drizzle(reader),
    write: ground.isWriter ? queue.write : refuseToWrite,
    exclusive: ground.isWriter ? queue.exclusive : refuseToWrite,
    now: options.now,
    ...work,
    close: async () => {
      await queue.idle()
      closeClients(writer, reader)
      ground.lock?.release()
    },
  }
}

function openClient(options: DatabaseOptions): Client {
  return createClient({
    url: options.url,
    concurrency: 1,
    timeout: BUSY_TIMEOUT_MS,
    ...(options.authToken === undefined ? {} : { authToken: options.authToken }),
  })
}

function closeClients(writer: Client, reader: Client): void {
  reader.close()
  if (!writer.closed) writer.close()
}

function refuseToWrite(): Promise<never> {
  return Promise.reject(new AppError('DATABASE_UNAVAILABLE', { reason: 'it was opened for reading only' }))
}

/** Resolves links first, so that one file has one lock whatever it is called. */
function lockFile(file: string): Promise<WriterLock> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const real = existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file))
    return takeWriterLock(real)
  } catch (error) {
    throw new AppError(
      'DATABASE_UNAVAILABLE',
      { reason: 'its folder can not be made or read' },
      { cause: error },
    )
  }
}

/** What every connection to a file must answer, or a commit could be lost or a reference dangle. */
const FILE_PRAGMAS = [
  { name: 'journal_mode', set: 'PRAGMA journal_mode = WAL', expected: 'wal' },
  { name: 'synchronous', set: 'PRAGMA synchronous = FULL', expected: 2 },
  { name: 'foreign_keys', set: 'PRAGMA foreign_keys = ON', expected: 1 },
] as const

async function prepareFile(client: Client): Promise<void> {
  for (const pragma of FILE_PRAGMAS) {
    await client.execute(pragma.set)
    const answer = await client.execute(`PRAGMA ${pragma.name}`)
    const found = answer.rows[0]?.[pragma.name]
    if (found === pragma.expected) continue
    const reason = `${pragma.name} can not be set to ${pragma.expected} on this file`
    throw new AppError('DATABASE_UNAVAILABLE', { reason })
  }
}

function createWork(): Pick<Database, 'onWork' | 'wake'> {
  const listeners: Wake[] = []
  return {
    onWork: (listener) => void listeners.push(listener),
    wake: {
      jobs: () => listeners.forEach((listener) => listener.jobs()),
      effects: () => listeners.forEach((listener) => listener.effects()),
    },
  }
}
