// The file a reviewer leaves its verdict in: where it lies, and its text once the reviewer has ended. Judges no verdict.

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentExit } from '../../../domain/session/attempt.ts'
import { isSuccess } from '../../../domain/session/attempt.ts'
import type { AttemptOrder } from '../../../ports/runner.ts'
import { lookAt } from '../look-at.ts'

const MOST_BYTES = 64 * 1024

/** Returns the file of an attempt's own folder, or null for an attempt that gives no verdict. */
export function verdictFileOf({ role }: Pick<AttemptOrder, 'role'>, folder: string): string | null {
  return role === 'reviewer' ? join(folder, 'verdict.json') : null
}

/** Returns the text that a reviewer left when it ended well; null for anything but a plain file of UTF-8, 64 KiB at most. */
export async function readVerdict(file: string | null, exit: AgentExit): Promise<string | null> {
  if (file === null || !isSuccess(exit)) return null
  try {
    // Opening a pipe for reading would wait for a writer, and some devices act on being opened.
    if ((await lookAt(file))?.isFile() !== true) return null
    const bytes = await readPlain(file)
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not there, a link, not ours to read, or no UTF-8: none of them is a verdict.
    return null
  }
}

async function readPlain(file: string): Promise<Buffer | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) return null
    const bytes = Buffer.alloc(MOST_BYTES + 1)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return length > MOST_BYTES ? null : bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}
