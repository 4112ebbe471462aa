// A Unix socket that takes one line from each connection and gives one line back. Whoever connects may be hostile: every
// line, wait and crowd is bounded. Knows nothing of what the lines say.

import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'

export interface DoorLimits {
  /** More connections at the same time are closed at once. */
  readonly connections: number
  /** All connections there ever are; with the last of them the door closes, so that a flood costs a bounded time. */
  readonly inAll: number
  readonly lineBytes: number
  /** From connecting to the end of the line. */
  readonly lineMs: number
  /** For taking the answer. */
  readonly answerMs: number
}

/** What a connection brought. */
export type DoorInput =
  | { readonly kind: 'line'; readonly bytes: Buffer }
  | { readonly kind: 'too_long' }
  | { readonly kind: 'too_slow' }
  /** The door was closed while the line was still under way. */
  | { readonly kind: 'over' }

export interface DoorServerOptions {
  readonly path: string
  readonly limits: DoorLimits
  /** Returns the answer's line without its end; never throws. */
  readonly answer: (input: DoorInput) => Promise<string>
  readonly onError: (error: unknown) => void
}

export interface DoorServer {
  /** Takes no more lines; resolves when what was taken is answered and every connection is closed. */
  close(): Promise<void>
}

/** Starts listening; throws when that is not possible. */
export async function startDoorServer(options: DoorServerOptions): Promise<DoorServer> {
  const { path, limits, onError } = options
  const serving = new Set<Promise<void>>()
  const closing = new AbortController()
  let taken = 0
  // The line's end counts, not the connection's: one that ends its side early still gets its answer.
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    taken += 1
    if (taken >= limits.inAll) server.close()
    const work = serve(connection, options, closing.signal).catch(onError)
    serving.add(work)
    void work.finally(() => serving.delete(work))
  })
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()))
  server.maxConnections = limits.connections
  await listen(server, path)
  server.on('error', onError)
  return {
    async close() {
      server.close()
      closing.abort()
      await Promise.all(serving)
      await closed
    },
  }
}

async function listen(server: Server, path: string): Promise<void> {
  const listening = once(server, 'listening')
  server.listen(path)
  await listening
  await chmod(path, 0o600)
}

async function serve(connection: Socket, options: DoorServerOptions, closing: AbortSignal): Promise<void> {
  connection.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => connection.once('close', () => resolve()))
  const input = await readLine(connection, options.limits, closing)
  if (input === null) {
    connection.destroy()
    return
  }
  const line = await options.answer(input)
  if (connection.destroyed) return
  // What else it sends is thrown away: closing over unread bytes would take the answer from it.
  connection.resume()
  connection.end(`${line}\n`)
  const patience = setTimeout(() => connection.destroy(), options.limits.answerMs)
  await gone
  clearTimeout(patience)
}

/** Returns the first line, or null when the connection ended without one. */
function readLine(connection: Socket, limits: DoorLimits, closing: AbortSignal): Promise<DoorInput | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let size = 0
    const finish = (input: DoorInput | null): void => {
      clearTimeout(patience)
      closing.removeEventListener('abort', over)
      connection.off('data', take).off('end', end).off('close', leave)
      connection.pause()
      resolve(input)
    }
    const take = (piece: Buffer): void => {
      const at = piece.indexOf(0x0a)
      const part = at < 0 ? piece : piece.subarray(0, at)
      size += part.length
      if (size > limits.lineBytes) return finish({ kind: 'too_long' })
      pieces.push(part)
      if (at >= 0) finish({ kind: 'line', bytes: Buffer.concat(pieces) })
    }
    const end = (): void => finish(size === 0 ? null : { kind: 'line', bytes: Buffer.concat(pieces) })
    const leave = (): void => finish(null)
    const over = (): void => finish({ kind: 'over' })
    const patience = setTimeout(() => finish({ kind: 'too_slow' }), limits.lineMs)
    if (closing.aborted) return over()
    closing.addEventListener('abort', over)
    connection.on('data', take).on('end', end).on('close', leave)
  })
}
