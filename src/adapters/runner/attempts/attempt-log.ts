// The log file of an attempt, bounded: the beginning and the end of what the agent printed, and how much is left out.

import { open, type FileHandle } from 'node:fs/promises'

export interface AttemptLog {
  /** Takes what the agent printed; writes are done in order. */
  add(piece: Buffer): void
  /** Writes the end and closes the file. */
  close(): Promise<void>
}

export interface LogLimits {
  readonly headBytes: number
  readonly tailBytes: number
}

/** Eight megabytes of beginning and two of end. */
const LIMITS: LogLimits = { headBytes: 8_000_000, tailBytes: 2_000_000 }

/** Starts an empty log. The end is kept in memory until `close`, so a killed runner loses only what is beyond the beginning. */
export async function openAttemptLog(file: string, limits: LogLimits = LIMITS): Promise<AttemptLog> {
  const handle = await open(file, 'w', 0o600)
  let headLeft = limits.headBytes
  let left = 0
  let tail: Buffer[] = []
  let tailBytes = 0
  let writing: Promise<unknown> = Promise.resolve()
  const write = (bytes: Buffer): void => {
    writing = writing.then(() => handle.write(bytes)).catch(() => undefined)
  }
  const keep = (bytes: Buffer): void => {
    tail.push(bytes)
    tailBytes += bytes.length
    if (tailBytes <= limits.tailBytes * 2) return
    const all = Buffer.concat(tail)
    tail = [all.subarray(all.length - limits.tailBytes)]
    left += all.length - limits.tailBytes
    tailBytes = limits.tailBytes
  }
  return {
    add(piece) {
      const toHead = piece.subarray(0, headLeft)
      headLeft -= toHead.length
      if (toHead.length > 0) write(toHead)
      if (toHead.length < piece.length) keep(piece.subarray(toHead.length))
    },
    async close() {
      await writing
      await writeTail(handle, { tail: Buffer.concat(tail), left, limit: limits.tailBytes })
      await handle.close()
    },
  }
}

async function writeTail(
  handle: FileHandle,
  { tail, left, limit }: { readonly tail: Buffer; readonly left: number; readonly limit: number },
): Promise<void> {
  const kept = tail.subarray(Math.max(0, tail.length - limit))
  const omitted = left + tail.length - kept.length
  if (omitted > 0) await handle.write(Buffer.from(`\n[${omitted} bytes left out]\n`))
  if (kept.length > 0) await handle.write(kept)
}
