// What a pin saw of a worktree, so small that it can be compared again before a reset: has anything been written since?
// Knows files by their signatures; reads bytes again only where a signature can not tell.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { onDisk, toBytePath } from '../git/byte-path.ts'
import { inspectFile, isHashable, type FoundFile } from '../inspection/hash-files.ts'
import { isNotThere } from '../look-at.ts'
import type { ParsedStatus } from '../git/parse-status.ts'
import { identify } from './save-files.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

const COVERED = z.object({
  target: z.string().nullable(),
  /** When the looking began, in Unix milliseconds. */
  sinceMs: z.number(),
  index: z.string(),
  status: z.string(),
  /** Path, what lay there, and the blob of what was read. */
  files: z.array(z.tuple([z.string(), z.string(), z.string().nullable()])),
  /** Path and names of folders that a reset may remove. */
  folders: z.array(z.tuple([z.string(), z.string()])),
})

/** Everything a reset to one target may write over, and what git's status said of the rest. */
export type CoveredState = z.infer<typeof COVERED>

/** Returns a stored state, or null when it is none. */
export function parseCovered(text: string): CoveredState | null {
  try {
    return COVERED.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Returns the digest of the index file's content; one of its own for no file. */
export async function digestIndex({ indexFile }: SessionPaths): Promise<string> {
  try {
    return digest(await readFile(indexFile))
  } catch (error) {
    if (isNotThere(error)) return 'nothing'
    throw error
  }
}

/** Returns the digest of everything git's status listed. */
export function digestStatus(status: ParsedStatus): string {
  const { changed, unmerged, untracked, nested } = status
  return digest(JSON.stringify([changed, unmerged, untracked, nested]))
}

/** Returns the digest of the names in a folder, in whatever order they come. */
export function digestNames(names: readonly Buffer[]): string {
  return digest(JSON.stringify(names.map((name) => name.toString('latin1')).toSorted()))
}

async function readNames(tree: string, folder: string): Promise<string> {
  try {
    return digestNames(await readdir(onDisk(tree, folder), { encoding: 'buffer' }))
  } catch (error) {
    if (isNotThere(error)) return 'nothing'
    throw error
  }
}

function digest(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Tells whether files and folders are still what they were; the index and the status are the caller's to compare. */
export async function isUnchanged(tree: string, state: CoveredState): Promise<boolean> {
  for (const [path, names] of state.folders) {
    if ((await readNames(tree, path)) !== names) return false
  }
  for (const [path, signature, oid] of state.files) {
    const found = await inspectFile(tree, toBytePath(path))
    if (found.signature !== signature) return false
    if (isYoung(found, state.sinceMs) && !(await isSameContent(tree, found, oid))) return false
  }
  return true
}

/**
 * How much older than the looking a file must be for its signature to be trusted.
 *
 * The kernel's clock for files ticks every few milliseconds, that of some file systems every two seconds; two writes
 * within one tick can not be told apart by their times.
 */
const TICK_MS = 3000

function isYoung({ signature }: FoundFile, sinceMs: number): boolean {
  const changedNs = signature.split(' ')[4]
  return changedNs !== undefined && Number(BigInt(changedNs) / 1_000_000n) > sinceMs - TICK_MS
}

async function isSameContent(tree: string, found: FoundFile, oid: string | null): Promise<boolean> {
  if (!isHashable(found)) return true
  return oid !== null && (await identify(tree, found)) === oid
}
