// Paths as git means them: bytes. Kept as one character per byte, so that they compare, split and join exactly.

import { AppError } from '../../../domain/errors/app-error.ts'

/** A path below the worktree, one character per byte (latin1), `/` between its parts. */
export type BytePath = string & { readonly bytePath: true }

/** Returns the entries of output that ends each with NUL. */
export function splitNul(output: Buffer): readonly string[] {
  const text = output.toString('latin1')
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0').filter((entry) => entry !== '')
}

/** Takes one character per byte for a path. */
export function toBytePath(latin1: string): BytePath {
  return latin1 as BytePath
}

/** Returns the bytes git and the file system know. */
export function pathBytes(path: string): Buffer {
  return Buffer.from(path, 'latin1')
}

/** Returns the path for people; bytes that are no UTF-8 show as replacement characters. */
export function displayPath(path: string): string {
  return pathBytes(path).toString('utf8')
}

/**
 * Returns the file's place on the disk.
 *
 * Throws for a path that would lead out of the folder: git reads such entries from an index that was written by hand.
 */
export function onDisk(folder: string, path: string): Buffer {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    const detail = `the path ${displayPath(path)} leads out of the worktree`
    throw new AppError('GIT_FAILED', { command: 'ls-files', exitCode: null, detail })
  }
  return Buffer.concat([Buffer.from(`${folder}/`), pathBytes(path)])
}

/** Returns the folders above a path, the outermost first. */
export function parentsOf(path: BytePath): readonly BytePath[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, index) => toBytePath(parts.slice(0, index + 1).join('/')))
}

/** Tells whether one path lies at or below the other. */
export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
