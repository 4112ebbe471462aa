// Files of the worktree to blobs, byte for byte: no filter, no line-end conversion. Two ways: write, or only compare.

import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, open, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../domain/ids.ts'
import { onDisk, parentsOf, pathBytes, type BytePath } from './byte-path.ts'
import type { GitDoor, GitPlace } from './git-door.ts'
import { isForbidden, lookAt } from './look-at.ts'
import type { SessionPaths } from './session-paths.ts'

/** What lies at a path of the worktree. */
export type FoundFile =
  | {
      readonly kind: 'file'
      readonly path: BytePath
      readonly mode: '100644' | '100755'
      readonly size: number
    }
  | { readonly kind: 'link'; readonly path: BytePath; readonly mode: '120000'; readonly size: number }
  | { readonly kind: 'folder'; readonly path: BytePath }
  /** A socket, a pipe or a device: git does not know such things. */
  | { readonly kind: 'special'; readonly path: BytePath }
  | { readonly kind: 'nothing'; readonly path: BytePath }

export type HashableFile = Extract<FoundFile, { kind: 'file' | 'link' }>

export interface HashedFile {
  readonly path: BytePath
  readonly mode: string
  readonly oid: Sha
}

/** Looks at one path of the worktree, following no link: beyond one that took the place of a folder there is nothing. */
export async function inspectFile(tree: string, path: BytePath): Promise<FoundFile> {
  for (const parent of parentsOf(path)) {
    if ((await lookAt(onDisk(tree, parent)))?.isDirectory() !== true) return { kind: 'nothing', path }
  }
  const found = await lookAt(onDisk(tree, path))
  if (found === null) return { kind: 'nothing', path }
  if (found.isSymbolicLink()) return { kind: 'link', path, mode: '120000', size: found.size }
  if (found.isDirectory()) return { kind: 'folder', path }
  if (!found.isFile()) return { kind: 'special', path }
  const isExecutable = (found.mode & constants.S_IXUSR) !== 0
  return { kind: 'file', path, mode: isExecutable ? '100755' : '100644', size: found.size }
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
  /** Where the blobs go. */
  readonly at: GitPlace
  /** `write` stores the bytes as they are; `compare` converts line ends as the index would have and stores nothing. */
  readonly mode: 'write' | 'compare'
  readonly files: readonly HashableFile[]
}

/** Returns the blobs of the files, in their order, with one process for all of them. Throws when one can not be read. */
export async function hashFiles(door: GitDoor, order: HashOrder): Promise<readonly HashedFile[]> {
  if (order.files.length === 0) return []
  const stage = join(order.paths.control, `stage-${randomUUID()}`)
  try {
    const names: Buffer[] = []
    for (const [position, file] of order.files.entries()) {
      names.push(await nameFor(order.paths.tree, file, join(stage, String(position))))
    }
    const flags = order.mode === 'write' ? ['-w', '--no-filters'] : []
    const { stdout } = await door.run({
      at: { ...order.at, cwd: order.paths.tree },
      args: ['hash-object', ...flags, '--stdin-paths'],
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
