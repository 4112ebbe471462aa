// Starts the program that syncs once as a real process, and tells how it ended. Knows nothing of what it works on.

import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programArguments } from '../program-arguments.ts'
import type { LanesOrder } from './drain-lanes.ts'

export interface SyncOnceEnd {
  readonly wasKilled: boolean
  readonly exitCode: number | null
  /** The durable steps it passed, by name; when it was killed, the last one is where. */
  readonly steps: readonly string[]
  readonly errors: string
}

const PROGRAM = join(import.meta.dirname, 'programs', 'sync-once.ts')
/** A program that hangs is a failure of its own. */
const DEADLINE_MS = 60_000

/** Runs the program to its end, or to its `killAt`-th durable step. `folder` takes the file with the order. */
export async function syncOnce(folder: string, order: LanesOrder, killAt: number): Promise<SyncOnceEnd> {
  const file = join(folder, `sync-once-${process.hrtime.bigint()}.json`)
  await writeFile(file, JSON.stringify(order))
  const child = spawn(process.execPath, [...programArguments(PROGRAM), file, String(killAt)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
  })
  const out: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => out.push(piece))
  child.stderr.on('data', (piece: Buffer) => errors.push(piece))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      const lines = Buffer.concat(out).toString().split('\n')
      resolve({
        wasKilled: signal === 'SIGKILL',
        exitCode,
        steps: lines.filter((line) => line.startsWith('step ')).map((line) => line.slice('step '.length)),
        errors: Buffer.concat(errors).toString(),
      })
    })
  })
}
