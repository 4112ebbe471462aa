// The mirror of a project: bare, fetched refs and pins. Only Belay writes it, and it never forgets an object.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSha, type Sha } from '../../domain/ids.ts'
import type { GitDoor } from './git-door.ts'
import { lookAt } from './look-at.ts'
import type { SessionPaths } from './session-paths.ts'
import { writeDurably } from './write-durably.ts'

/**
 * Objects are checked when they come in. Old faults that GitHub itself accepts are let through, or repositories that
 * have them in their history could not be used.
 */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = false
[gc]
\tauto = 0
\tpruneExpire = never
[fetch]
\tfsckObjects = true
[fetch "fsck"]
\tzeroPaddedFilemode = ignore
\tbadTimezone = ignore
\tbadEmail = ignore
\tmissingEmail = ignore
\tmissingNameBeforeEmail = ignore
\tmissingSpaceBeforeEmail = ignore
\tmissingSpaceBeforeDate = ignore
\tmultipleAuthors = ignore
`

const READY = 'belay-ready'

/** Makes the mirror when it is not there; a half-made one is finished. */
export async function ensureMirror(door: GitDoor, mirror: string): Promise<void> {
  if (await isMirrorReady(mirror)) return
  await mkdir(mirror, { recursive: true })
  await door.run({
    at: { gitDir: mirror },
    args: ['init', '--bare', '--quiet', '--template=', '--initial-branch=none'],
  })
  await writeDurably(join(mirror, 'config'), CONFIG)
  await writeDurably(join(mirror, READY), '')
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
