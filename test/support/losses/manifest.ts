// What a recorder saw, as JSON, so that the judgement can be a process of its own. Knows no git.
import { readFile, rename, writeFile } from 'node:fs/promises'

/** A commit that existed at some moment. */
export interface SeenCommit {
  readonly kind: 'commit'
  readonly oid: string
  readonly place: 'origin' | 'session_repository' | 'worktree_head'
  /** The moment, in the words of whoever recorded it. */
  readonly label: string
}

/** The exact bytes of a file or a staged entry that existed at some moment. */
export interface SeenBlob {
  readonly kind: 'blob'
  /** The id git gives these bytes. */
  readonly oid: string
  readonly path: string
  readonly place: 'index' | 'worktree'
  readonly label: string
}

export type Seen = SeenCommit | SeenBlob

/** Everything that was seen, in the order it was seen first. */
export interface Manifest {
  readonly version: 1
  readonly seen: readonly Seen[]
}

/** Writes a manifest so that a reader never meets half of it. */
export async function writeManifest(file: string, manifest: Manifest): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`
  await writeFile(unfinished, `${JSON.stringify(manifest, null, 1)}\n`)
  await rename(unfinished, file)
}

/** Reads a manifest; throws when the file is none. */
export async function readManifest(file: string): Promise<Manifest> {
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!isManifest(parsed)) throw new Error(`${file} is not a manifest of what was seen.`)
  return parsed
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('seen' in value)) return false
  return value.version === 1 && Array.isArray(value.seen) && value.seen.every(isSeen)
}

function isSeen(value: unknown): value is Seen {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('oid' in value)) return false
  return (value.kind === 'commit' || value.kind === 'blob') && /^[0-9a-f]{40}$/.test(String(value.oid))
}
