// Whether a session repository's objects are its own and the mirror's, and nobody else's. Looks at files alone; knows no
// object.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isNotThere, lookAt, readSmallFile } from '../look-at.ts'
import { borrowedBySession, type SessionPaths } from './session-paths.ts'

/**
 * Returns why objects of the session repository can not be trusted to be its own, or null.
 *
 * Git follows what a repository borrows from, so a session that borrowed from another project would have that project's
 * commits pinned and pushed. A link does the same: `folders` looks for links in place of folders and packs, `files` also
 * for links in place of single objects.
 */
export async function findForeignObjects(
  { repository, mirror }: Pick<SessionPaths, 'repository' | 'mirror'>,
  depth: 'folders' | 'files',
): Promise<string | null> {
  const objects = join(repository, 'objects')
  const alternates = join(objects, 'info', 'alternates')
  const borrowed = await readSmallFile(alternates, 5000)
  // Without the file git finds fewer objects, not foreign ones, and says so itself.
  const isForeign = borrowed !== borrowedBySession({ mirror }) && (await lookAt(alternates)) !== null
  if (isForeign) return 'the borrowed objects of the session repository'
  const isLinked =
    (await isLink(objects)) ||
    (await holdsLink(objects, depth === 'files')) ||
    (await holdsLink(join(objects, 'pack'), false)) ||
    (await holdsLink(join(objects, 'info'), false))
  return isLinked ? 'the objects of the session repository' : null
}

/** Tells whether a link lies at the path itself. */
export async function isLink(path: string): Promise<boolean> {
  return (await lookAt(path))?.isSymbolicLink() === true
}

/** Tells whether the folder holds a link, below it too when asked for; a missing folder holds none. */
export async function holdsLink(folder: string, isDeep: boolean): Promise<boolean> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.some((entry) => entry.isSymbolicLink())) return true
    if (!isDeep) return false
    for (const entry of entries) {
      if (entry.isDirectory() && (await holdsLink(join(folder, entry.name), true))) return true
    }
    return false
  } catch (error) {
    if (isNotThere(error)) return false
    throw error
  }
}
