// Speaks to an agent's door as anybody could who found the socket: bytes in, bytes out. And runs the real program.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import type { DoorAnswer } from '../../src/domain/session/door-line.ts'

export interface DoorAddress {
  readonly socket: string
  readonly tokenFile: string
  readonly bin: string
}

/** Sends bytes and returns everything that came back until the connection ended. */
export async function exchange(socket: string, bytes: string | Buffer): Promise<string> {
  const connection = createConnection(socket)
  connection.on('error', () => undefined)
  connection.write(bytes)
  return readAll(connection)
}

/** Returns everything that comes until the connection ends. */
export async function readAll(connection: Socket): Promise<string> {
  const pieces: Buffer[] = []
  connection.on('data', (piece: Buffer) => pieces.push(piece))
  connection.on('error', () => undefined)
  // Not `once`: an error before the end is part of being refused.
  if (!connection.closed) await new Promise((resolve) => connection.once('close', resolve))
  return Buffer.concat(pieces).toString('utf8')
}

/** Sends one well-formed call with the door's own token, or another one. */
export async function call(
  door: DoorAddress,
  args: readonly string[],
  over: { readonly token?: string; readonly input?: string | null } = {},
): Promise<DoorAnswer> {
  const token = over.token ?? (await readFile(door.tokenFile, 'utf8')).trim()
  const answer = await exchange(
    door.socket,
    `${JSON.stringify({ token, args, input: over.input ?? null })}\n`,
  )
  return JSON.parse(answer) as DoorAnswer
}

export interface ProgramRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `belay-agent` with no more of an environment than an agent's shell has. */
export async function runProgram(
  door: DoorAddress,
  args: readonly string[],
  over: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun> {
  const child = spawn('/bin/sh', ['-c', 'exec belay-agent "$@"', 'sh', ...args], {
    env: {
      PATH: `${door.bin}:/usr/bin:/bin`,
      BELAY_DOOR: door.socket,
      BELAY_DOOR_TOKEN_FILE: door.tokenFile,
      ...over.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (piece: Buffer) => (said.stdout += piece.toString('utf8')))
  child.stderr.on('data', (piece: Buffer) => (said.stderr += piece.toString('utf8')))
  child.stdin.on('error', () => undefined)
  child.stdin.end(over.input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}
