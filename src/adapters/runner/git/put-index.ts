// Exchanges the session's index for another file, under git's own lock. Knows nothing of what is in it.

import { open, readFile, rename } from 'node:fs/promises'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** Puts a copy of the file in the index's place; throws `EEXIST` while somebody holds the lock. */
export async function putIndex({ indexFile }: SessionPaths, source: string): Promise<void> {
  const lock = `${indexFile}.lock`
  const handle = await open(lock, 'wx', 0o644)
  try {
    await handle.writeFile(await readFile(source))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(lock, indexFile)
}
