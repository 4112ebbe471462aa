// A real server on a real port with a real database file, and plain sockets to talk to it.

import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../src/adapters/db/database.ts'
import { createInbox } from '../../src/adapters/db/inbox-store.ts'
import { migrate } from '../../src/adapters/db/migrate.ts'
import type { Inbox } from '../../src/ports/inbox.ts'
import type { Log, LogFields } from '../../src/ports/surroundings.ts'

export const SECRET = 'the-secret-of-the-tests-0123456789'

/** A log that keeps its lines, so that tests can look for what must not be in them. */
export interface KeptLog extends Log {
  readonly lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[]
}

export function keepLog(): KeptLog {
  const lines: KeptLog['lines'] = []
  const at = (level: string) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields, message })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

export interface TempInbox {
  readonly inbox: Inbox
  readonly database: Database
  close(): Promise<void>
}

/** Opens a migrated database file of its own. */
export async function openTempInbox(now: () => number = Date.now): Promise<TempInbox> {
  const folder = await mkdtemp(join(tmpdir(), 'belay-edge-'))
  const database = await openDatabase({ url: `file:${join(folder, 'belay.db')}`, now })
  await migrate(database)
  return {
    inbox: createInbox(database),
    database,
    async close() {
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function sign(body: string | Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** The headers GitHub sends with a body. */
export function webhookHeaders(body: string | Uint8Array, event = 'ping'): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body),
  }
}

/** Opens a bare connection and collects what comes back. */
export async function openSocket(
  port: number,
): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const answer = new Promise<string>((resolve, reject) => {
    socket.once('close', () => resolve(text)).once('error', reject)
  })
  return { socket, answer }
}

/** A promise that somebody else opens. */
export function makeGate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}
