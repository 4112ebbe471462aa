// What could be planted to make our git read or write outside of a session: borrowed objects, links, other settings.
// Looks at files alone and starts no process. Knows nothing of the worktree's own state.

import { join } from 'node:path'
import { borrowedByControl, controlConfig, readIdentity } from './control-directory.ts'
import { findForeignObjects, holdsLink, isLink } from './foreign-objects.ts'
import { lookAt, readSmallFile } from '../look-at.ts'
import { MIRROR_CONFIG } from './mirror-config.ts'
import type { SessionPaths } from './session-paths.ts'

/**
 * Returns what was changed, in words for people, or null.
 *
 * The session's configuration, hooks and attributes are the agent's to change: nothing of ours reads them.
 */
export async function findTampering(paths: SessionPaths): Promise<string | null> {
  return (
    (await findForeignFolder(paths)) ??
    (await findForeignObjects(paths, 'folders')) ??
    (await findLinkedRefs(paths)) ??
    (await findChangedFile(paths)) ??
    (await findPlantedFile(paths))
  )
}

/** Folders that git goes through whatever it does; a link in place of one would lead all of it elsewhere. */
async function findForeignFolder({ repository, worktreeGitDir }: SessionPaths): Promise<string | null> {
  for (const folder of [repository, join(repository, 'worktrees'), worktreeGitDir]) {
    const found = await lookAt(folder)
    if (found !== null && !found.isDirectory()) return 'a folder of the session repository'
  }
  return null
}

/** A link below the refs would show us foreign commits, one below the reflogs make us write into foreign files. */
async function findLinkedRefs({ repository }: SessionPaths): Promise<string | null> {
  for (const name of ['refs', 'logs']) {
    const folder = join(repository, name)
    if ((await isLink(folder)) || (await holdsLink(folder, true))) return `a link in the folder ${name}`
  }
  return (await isLink(join(repository, 'packed-refs'))) ? 'the packed refs' : null
}

async function findChangedFile(paths: SessionPaths): Promise<string | null> {
  const { control, mirror } = paths
  const ours: readonly (readonly [string, string])[] = [
    [join(control, 'config'), controlConfig(await readIdentity(paths))],
    [join(control, 'objects', 'info', 'alternates'), borrowedByControl(paths)],
    [join(mirror, 'config'), MIRROR_CONFIG],
  ]
  for (const [file, content] of ours) {
    if ((await readSmallFile(file, 10_000)) !== content) return "Belay's own git configuration"
  }
  return null
}

/** Files git obeys without any configuration that names them; none of ours has one. */
async function findPlantedFile({ control, mirror, repository }: SessionPaths): Promise<string | null> {
  const obeyed = ['commondir', 'shallow', 'info/attributes', 'info/grafts']
  const planted = [
    join(repository, 'commondir'),
    join(control, 'info/exclude'),
    join(mirror, 'objects/info/alternates'),
    ...[control, mirror].flatMap((folder) => obeyed.map((name) => join(folder, name))),
  ]
  for (const file of planted) {
    if ((await lookAt(file)) !== null) return `a file ${file.slice(file.lastIndexOf('/') + 1)} beside our own`
  }
  return null
}
