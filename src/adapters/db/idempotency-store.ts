// Kept replies on libsql. One process writes to a database, so a request that is not among this one's and has no reply was
// cut off by the end of its process. Knows no HTTP.

import { and, eq, sql } from 'drizzle-orm'

import type { Idempotency, KeptReply, KeyedRequest, KeyOutcome } from '../../ports/idempotency.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { toStatement } from './record-sql.ts'
import { idempotencyKeys } from './schema/machinery.ts'

/** A day: longer than any client goes on trying. */
const KEPT_MS = 24 * 60 * 60 * 1000
const BATCH = 500

/** Makes the store; it knows of no request that is being answered. */
export function createIdempotency(database: Database): Idempotency {
  const running = new Set<string>()
  return {
    begin: async (request) => {
      const isRunning = running.has(nameOf(request))
      // Held from before the first wait on: of two equal requests at the same time one is first.
      running.add(nameOf(request))
      try {
        const outcome = isRunning ? await besideRunning(database, request) : await claim(database, request)
        if (!isRunning && outcome.kind !== 'started') running.delete(nameOf(request))
        return outcome
      } catch (error) {
        if (!isRunning) running.delete(nameOf(request))
        throw error
      }
    },
    end: async (request, reply) => {
      try {
        await settle(database, request, reply)
      } finally {
        running.delete(nameOf(request))
      }
    },
  }
}

/** Deletes replies that are older than a day and returns their number. */
export async function pruneIdempotency(database: Database): Promise<number> {
  const before = database.now() - KEPT_MS
  const old = sql`SELECT rowid FROM idempotency_keys WHERE created_at <= ${before} LIMIT ${BATCH}`
  let deleted = 0
  for (;;) {
    const [answer] = await database.write([
      toStatement(sql`DELETE FROM idempotency_keys WHERE rowid IN (${old})`),
    ])
    const count = answer?.rowsAffected ?? 0
    deleted += count
    if (count < BATCH) return deleted
  }
}

async function besideRunning(database: Database, request: KeyedRequest): Promise<KeyOutcome> {
  const row = await findRow(database, request)
  return { kind: row === null || isSame(row, request) ? 'running' : 'other_request' }
}

async function claim(database: Database, request: KeyedRequest): Promise<KeyOutcome> {
  const { actor, key, method, path, bodySha256 } = request
  const now = database.now()
  const isSameRequest = sql`method = excluded.method AND path = excluded.path AND body_sha256 = excluded.body_sha256`
  const [answer] = await database.write([
    toStatement(sql`INSERT INTO idempotency_keys (actor, key, method, path, body_sha256, created_at)
      VALUES (${actor}, ${key}, ${method}, ${path}, ${bodySha256}, ${now})
      ON CONFLICT (actor, key) DO UPDATE SET
        method = excluded.method, path = excluded.path, body_sha256 = excluded.body_sha256,
        status = NULL, reply = NULL, created_at = excluded.created_at
      WHERE created_at <= ${now - KEPT_MS} OR (reply IS NULL AND ${isSameRequest})`),
  ])
  if ((answer?.rowsAffected ?? 0) > 0) return { kind: 'started' }
  const row = await findRow(database, request)
  // Nobody else writes while the key is held here, so what refused the claim is there, with its reply.
  if (row === null || !isSame(row, request)) return { kind: 'other_request' }
  if (row.status === null || row.reply === null) return { kind: 'running' }
  return { kind: 'answered', reply: { status: row.status, body: JSON.parse(row.reply) as unknown } }
}

async function settle(database: Database, request: KeyedRequest, reply: KeptReply | null): Promise<void> {
  const ofKey = sql`actor = ${request.actor} AND key = ${request.key} AND reply IS NULL`
  const query =
    reply === null
      ? sql`DELETE FROM idempotency_keys WHERE ${ofKey}`
      : sql`UPDATE idempotency_keys SET status = ${reply.status}, reply = ${JSON.stringify(reply.body)} WHERE ${ofKey}`
  await database.write([toStatement(query)])
}

type Row = typeof idempotencyKeys.$inferSelect

async function findRow(database: Database, { actor, key }: KeyedRequest): Promise<Row | null> {
  const [row] = await read(database, (reads) =>
    reads
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.actor, actor), eq(idempotencyKeys.key, key))),
  )
  return row ?? null
}

function isSame(row: Row, { method, path, bodySha256 }: KeyedRequest): boolean {
  return row.method === method && row.path === path && row.bodySha256 === bodySha256
}

function nameOf({ actor, key }: KeyedRequest): string {
  return JSON.stringify([actor, key])
}
