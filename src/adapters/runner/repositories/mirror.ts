// The mirror of a project: bare, fetched refs and pins. Only Belay writes it, and it never forgets an object.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import { isSha, type Sha } from '../../../domain/ids.ts'
import { findForeignObjects } from './foreign-objects.ts'
import type { GitDoor } from '../git/git-door.ts'
import { lookAt, readSmallFile } from '../look-at.ts'
import { MIRROR_CONFIG } from './mirror-config.ts'
import { readRefFiles, readRefFilesBelow } from '../git/read-ref-files.ts'
import type { SessionPaths } from './session-paths.ts'
import { writeDurably } from '../write-durably.ts'

const READY = 'belay-ready'

/** Makes the mirror when it is not there; a half-made one is finished, and another version's settings become ours. */
export async function ensureMirror(door: GitDoor, mirror: string): Promise<void> {
  if (await isMirrorReady(mirror)) return keepConfig(mirror)
  await mkdir(mirror, { recursive: true })
  await door.run({
    at: { gitDir: mirror },
    args: ['init', '--bare', '--quiet', '--template=', '--initial-branch=none'],
  })
  await writeDurably(join(mirror, 'config'), MIRROR_CONFIG)
  await writeDurably(join(mirror, READY), '')
}

async function keepConfig(mirror: string): Promise<void> {
  const file = join(mirror, 'config')
  if ((await readSmallFile(file, 10_000)) !== MIRROR_CONFIG) await writeDurably(file, MIRROR_CONFIG)
}

/** Tells whether the mirror was made completely. */
export async function isMirrorReady(mirror: string): Promise<boolean> {
  return (await lookAt(join(mirror, READY))) !== null
}

/** Tells whether anything was ever fetched into the mirror. */
export async function hasFetched(mirror: string): Promise<boolean> {
  return (await lookAt(join(mirror, 'refs', 'remotes', 'origin'))) !== null
}

/** Returns the mirror's name of a remote branch. */
export function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`
}

/** Returns the commits of those of the refs that exist, by full name; starts a process only where files do not tell. */
export async function readNamedRefs(
  door: GitDoor,
  gitDir: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Sha>> {
  const found = await readRefFiles(gitDir, names)
  if (found !== null) return found
  return new Map([...(await readRefs(door, gitDir, names))].filter(([name]) => names.includes(name)))
}

/** Returns every ref below a folder of refs; starts a process only where files do not tell. */
export async function readRefsBelow(
  door: GitDoor,
  gitDir: string,
  prefix: 'refs/' | `refs/${string}/`,
): Promise<ReadonlyMap<string, Sha>> {
  return (await readRefFilesBelow(gitDir, prefix)) ?? (await readRefs(door, gitDir, [prefix]))
}

/** Returns the commits of the refs that exist, by full name, with one process. */
export async function readRefs(
  door: GitDoor,
  gitDir: string,
  patterns: readonly string[],
): Promise<ReadonlyMap<string, Sha>> {
  const text = await door.text({
    at: { gitDir },
    args: ['for-each-ref', '--format=%(objectname) %(refname)', '--', ...patterns],
  })
  return new Map(text.split('\n').flatMap(toRefPair))
}

function toRefPair(line: string): readonly (readonly [string, Sha])[] {
  const [oid, name] = [line.slice(0, 40), line.slice(41)]
  return isSha(oid) && name !== '' ? [[name, oid]] : []
}

/**
 * Brings objects of a session into the mirror, with all they reach.
 *
 * They are read through our own git directory of the session and checked on the way in: an agent can write anything
 * into its repository, and nothing unchecked may get into the mirror.
 */
export async function copyToMirror(
  door: GitDoor,
  paths: SessionPaths,
  oids: readonly string[],
): Promise<void> {
  if (oids.length === 0) return
  const foreign = await findForeignObjects(paths, 'files')
  if (foreign !== null) {
    throw new AppError('GIT_FAILED', { command: 'fetch', exitCode: null, detail: `${foreign} were changed` })
  }
  await door.run({
    at: { gitDir: paths.mirror },
    transport: 'local',
    args: [
      'fetch',
      '--no-tags',
      '--no-auto-gc',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--stdin',
      paths.control,
    ],
    input: `${[...new Set(oids)].join('\n')}\n`,
  })
}
