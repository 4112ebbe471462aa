// Looks at single files without following links. What is not there is an answer; any other trouble is thrown.

import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'

/** Returns what lies at the path itself, or null when nothing does. */
export async function lookAt(path: string | Buffer): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

/** Returns the text of a regular file of at most `maxBytes`, or null for everything else. */
export async function readSmallFile(path: string, maxBytes: number): Promise<string | null> {
  const found = await lookAt(path)
  if (found === null || !found.isFile() || found.size > maxBytes) return null
  return readIfThere(path)
}

/** Returns the text of a file, or null when it is gone. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

/** Returns what lies in a folder; nothing when the folder is gone. */
export async function listFolder(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (isNotThere(error)) return []
    throw error
  }
}

/** Tells whether an error of the file system means that nothing is at the path. */
export function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

/** Tells whether an error of the file system means that we may not look there. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
}
