// What lies at a path of the worktree, and which blob git would make of it. Follows no link, and stores nothing.

import { randomUUID } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { copyFile, lstat, mkdir, open, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../domain/ids.ts'
import { onDisk, parentsOf, pathBytes, type BytePath } from '../git/byte-path.ts'
import type { GitDoor, GitPlace } from '../git/git-door.ts'
import { isForbidden, isNotThere, lookAt } from '../look-at.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** What lies at a path of the worktree. */
export type FoundFile =
  | {
      readonly kind: 'file'
      readonly path: BytePath
      readonly mode: '100644' | '100755'
      readonly size: number
      readonly signature: string
    }
  | {
      readonly kind: 'link'
      readonly path: BytePath
      readonly mode: '120000'
      readonly size: number
      readonly signature: string
    }
  | { readonly kind: 'folder'; readonly path: BytePath; readonly signature: string }
  /** A socket, a pipe or a device: git does not know such things. */
  | { readonly kind: 'special'; readonly path: BytePath; readonly signature: string }
  | { readonly kind: 'nothing'; readonly path: BytePath; readonly signature: string }

export type HashableFile = Extract<FoundFile, { kind: 'file' | 'link' }>

export interface HashedFile {
  readonly path: BytePath
  readonly mode: string
  readonly oid: Sha
}

/**
 * Looks at one path of the worktree, following no link: beyond one that took the place of a folder there is nothing.
 *
 * The index is an agent's to write, so a path that leads out of the worktree names nothing either.
 */
export async function inspectFile(tree: string, path: BytePath): Promise<FoundFile> {
  const nothing = { kind: 'nothing', path, signature: 'nothing' } as const
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) return nothing
  for (const parent of parentsOf(path)) {
    if ((await lookAt(onDisk(tree, parent)))?.isDirectory() !== true) return nothing
  }
  const found = await lookClosely(onDisk(tree, path))
  if (found === null) return nothing
  const signature = signatureOf(found)
  const size = Number(found.size)
  if (found.isSymbolicLink()) return { kind: 'link', path, mode: '120000', size, signature }
  if (found.isDirectory()) return { kind: 'folder', path, signature: 'folder' }
  if (!found.isFile()) return { kind: 'special', path, signature }
  const isExecutable = (Number(found.mode) & constants.S_IXUSR) !== 0
  return { kind: 'file', path, mode: isExecutable ? '100755' : '100644', size, signature }
}

async function lookClosely(path: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true })
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

/** What changes when a file is written to or exchanged; nobody but the kernel sets the last of its times. */
export function signatureOf({ ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mode, mtimeNs, ctimeNs].join(' ')
}

/** A file whose bytes we may not have, because of its own mode or that of a folder above it. */
export interface UnreadableFile {
  readonly kind: 'unreadable'
  readonly path: BytePath
}

/** Looks at one path and finds out whether its bytes can be read, by opening it. */
export async function inspectReadable(tree: string, path: BytePath): Promise<FoundFile | UnreadableFile> {
  try {
    const found = await inspectFile(tree, path)
    if (found.kind !== 'file') return found
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    await (await open(onDisk(tree, path), flags)).close()
    return found
  } catch (error) {
    if (isForbidden(error)) return { kind: 'unreadable', path }
    throw error
  }
}

/** Tells whether the thing found has bytes that can become a blob. */
export function isHashable(file: FoundFile | UnreadableFile): file is HashableFile {
  return file.kind === 'file' || file.kind === 'link'
}

export interface HashOrder {
  readonly paths: SessionPaths
  /** Line ends are converted by this place's configuration. */
  readonly at: GitPlace
  readonly files: readonly HashableFile[]
}

/** Returns the blobs the index would have, in the files' order, with one process for all. Throws when one can not be read. */
export async function hashFiles(door: GitDoor, order: HashOrder): Promise<readonly HashedFile[]> {
  if (order.files.length === 0) return []
  const stage = join(order.paths.control, `stage-${randomUUID()}`)
  try {
    const names: Buffer[] = []
    for (const [position, file] of order.files.entries()) {
      names.push(await nameFor(order.paths.tree, file, join(stage, String(position))))
    }
    const { stdout } = await door.run({
      at: { ...order.at, cwd: order.paths.tree },
      args: ['hash-object', '--stdin-paths'],
      input: Buffer.concat(names),
    })
    const oids = stdout.toString('utf8').trimEnd().split('\n')
    if (oids.length !== order.files.length)
      throw new Error('git hashed another number of files than it was given')
    return order.files.map(({ path, mode }, position) => ({ path, mode, oid: toSha(oids[position] ?? '') }))
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/**
 * Returns the line that names the file's bytes to git.
 *
 * Git would follow a link and can not be given a name with a line end, so their bytes are laid beside under a plain
 * name. The leading dot keeps a name that starts with a quotation mark from being read as a quoted one.
 */
async function nameFor(tree: string, file: HashableFile, staged: string): Promise<Buffer> {
  const isPlain = file.kind === 'file' && !file.path.includes('\n')
  if (isPlain) return Buffer.concat([Buffer.from('./'), pathBytes(file.path), Buffer.from('\n')])
  await mkdir(join(staged, '..'), { recursive: true })
  const source = onDisk(tree, file.path)
  if (file.kind === 'link') await writeFile(staged, await readlink(source, { encoding: 'buffer' }))
  else await copyFile(source, staged)
  return Buffer.from(`${staged}\n`)
}
