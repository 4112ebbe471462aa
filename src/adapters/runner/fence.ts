// The fence of a session on disk: whoever held a smaller one was replaced and may not touch the worktree any more.

import { readFile } from 'node:fs/promises'
import { AppError } from '../../domain/errors/app-error.ts'
import { isNotThere } from './look-at.ts'
import { writeDurably } from './write-durably.ts'
import type { SessionPaths } from './repositories/session-paths.ts'

/**
 * Accepts a fence that is not older than the newest seen, and remembers it over crashes.
 *
 * Throws `FENCE_TOO_OLD`.
 */
export async function raiseFence(paths: SessionPaths, fence: number): Promise<void> {
  const seen = await readFence(paths)
  if (seen !== null && fence < seen)
    throw new AppError('FENCE_TOO_OLD', { session: paths.sessionId, fence, seen })
  if (seen !== fence) await writeDurably(paths.fenceFile, `${fence}\n`)
}

async function readFence(paths: SessionPaths): Promise<number | null> {
  try {
    const value = Number.parseInt(await readFile(paths.fenceFile, 'utf8'), 10)
    return Number.isSafeInteger(value) ? value : null
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}
