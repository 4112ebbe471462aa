// Files of the worktree as blobs of the mirror, byte for byte: no filter, no line-end conversion. A file that changes
// while it is read is noticed, so that no blob ever holds half of one state and half of another.

import { constants } from 'node:fs'
import { open, readlink, type FileHandle } from 'node:fs/promises'
import type { Sha } from '../../../domain/ids.ts'
import { onDisk, type BytePath } from '../git/byte-path.ts'
import { signatureOf, type HashableFile, type HashedFile } from '../inspection/hash-files.ts'
import { isNotThere } from '../look-at.ts'
import { blobId, objectId, writeBlob, writeObject } from '../git/loose-object.ts'

export type Saving =
  | { readonly kind: 'saved'; readonly files: readonly HashedFile[] }
  /** The file is not what it was when it was looked at. */
  | { readonly kind: 'changed'; readonly path: BytePath }

export interface SaveOrder {
  /** The worktree. */
  readonly tree: string
  /** The mirror's objects. */
  readonly objects: string
  readonly files: readonly HashableFile[]
}

/** Few at once: each holds its file open and a compressor. */
const AT_ONCE = 4

/** Saves the files; throws when one can not be read. */
export async function saveFiles({ tree, objects, files }: SaveOrder): Promise<Saving> {
  const saved: HashedFile[] = []
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const part = files.slice(at, at + AT_ONCE)
    const oids = await Promise.all(part.map((file) => saveFile({ tree, objects }, file)))
    for (const [position, file] of part.entries()) {
      const oid = oids[position] ?? null
      if (oid === null) return { kind: 'changed', path: file.path }
      saved.push({ path: file.path, mode: file.mode, oid })
    }
  }
  return { kind: 'saved', files: saved }
}

/** Returns the blob a file's bytes would be, or null when the file is not what it was when it was looked at. */
export async function identify(tree: string, file: HashableFile): Promise<Sha | null> {
  if (file.kind === 'file') return readUnchanged(tree, file, (source) => blobId(source, file.size))
  const bytes = await readlink(onDisk(tree, file.path), { encoding: 'buffer' })
  return objectId('blob', bytes)
}

async function saveFile(
  { tree, objects }: Pick<SaveOrder, 'tree' | 'objects'>,
  file: HashableFile,
): Promise<Sha | null> {
  if (file.kind === 'file')
    return readUnchanged(tree, file, (source) => writeBlob({ objects, source, size: file.size }))
  const bytes = await readlink(onDisk(tree, file.path), { encoding: 'buffer' })
  return writeObject({ objects, type: 'blob', bytes })
}

/** The file opened must be the one looked at, and must still be so when it was read. */
async function readUnchanged(
  tree: string,
  file: HashableFile,
  read: (source: FileHandle) => Promise<Sha | null>,
): Promise<Sha | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let source: FileHandle
  try {
    source = await open(onDisk(tree, file.path), flags)
  } catch (error) {
    if (isNotThere(error) || isLoop(error)) return null
    throw error
  }
  try {
    if (signatureOf(await source.stat({ bigint: true })) !== file.signature) return null
    const oid = await read(source)
    return signatureOf(await source.stat({ bigint: true })) === file.signature ? oid : null
  } finally {
    await source.close()
  }
}

/** A link that took the file's place. */
function isLoop(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOOP'
}
