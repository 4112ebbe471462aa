// Removes a folder with all that is in it, however an agent left it. Follows no link.

import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isForbidden } from '../look-at.ts'

/** Removes it; done when it is not there. Tools make folders read-only, and what lies in one can not be removed then. */
export async function removeAll(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    if (!(error instanceof Error) || !isForbidden(error)) throw error
    await openFolders(path)
    await rm(path, { recursive: true, force: true })
  }
}

/** Follows no link. */
async function openFolders(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return
  await chmod(path, 0o700)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(path, entry.name))
  }
}
