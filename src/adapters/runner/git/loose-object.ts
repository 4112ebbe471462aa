// Git objects as single files: the same bytes git itself writes, made without a process. Knows the format, and nothing
// of packs; what is not found here may still be in one.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createDeflate, inflate } from 'node:zlib'
import { toSha, type Sha } from '../../../domain/ids.ts'
import { isNotThere, lookAt } from '../look-at.ts'

export type ObjectType = 'blob' | 'tree' | 'commit'

/** The tree of nothing; git knows it without a file, others do not. */
export const EMPTY_TREE = toSha('4b825dc642cb6eb9a060e54bf8d69288fbee4904')

/** Larger objects are left to git. */
const MAX_READ_BYTES = 16_000_000

const PIECE_BYTES = 262_144

/** Git's own choice for loose objects. */
const FAST = { level: 1 }

/** Tells whether the object lies in the folder as a file of its own. */
export async function hasLooseObject(objects: string, oid: string): Promise<boolean> {
  return (await lookAt(placeOf(objects, oid)))?.isFile() === true
}

/** Returns the content of a loose object of at most 16 MB, or null; one whose bytes are not its name's is none. */
export async function readLooseObject(objects: string, oid: Sha): Promise<LooseObject | null> {
  try {
    const whole = await promisify(inflateWhole)(await readFile(placeOf(objects, oid)))
    if (createHash('sha1').update(whole).digest('hex') !== oid) return null
    const end = whole.indexOf(0)
    const [type = ''] = whole.toString('latin1', 0, end).split(' ')
    return { type, bytes: whole.subarray(end + 1) }
  } catch (error) {
    if (isNotThere(error) || isUnreadable(error)) return null
    throw error
  }
}

export interface LooseObject {
  readonly type: string
  readonly bytes: Buffer
}

function inflateWhole(bytes: Buffer, done: (error: Error | null, whole: Buffer) => void): void {
  inflate(bytes, { maxOutputLength: MAX_READ_BYTES }, done)
}

/** A damaged or an oversized file; git will say what is wrong with it. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR_BUFFER_TOO_LARGE)/.test(String(error.code))
}

export interface ObjectOrder {
  /** The `objects` folder. */
  readonly objects: string
  readonly type: ObjectType
  readonly bytes: Buffer
  /** Whether it must outlive a power cut; a step of a computation need not. */
  readonly isLasting?: boolean
}

/** Writes an object and returns its id; an object that is there already is not written again. */
export async function writeObject({ objects, type, bytes, isLasting }: ObjectOrder): Promise<Sha> {
  const header = headerOf(type, bytes.length)
  const oid = objectId(type, bytes)
  if (await hasLooseObject(objects, oid)) return oid
  await store(objects, {
    isLasting: isLasting ?? true,
    fill: async (handle) => {
      await deflateInto(handle, [header, bytes])
      return oid
    },
  })
  return oid
}

/** Returns the id an object with these bytes has. */
export function objectId(type: ObjectType, bytes: Buffer): Sha {
  return toSha(createHash('sha1').update(headerOf(type, bytes.length)).update(bytes).digest('hex'))
}

export interface BlobOrder {
  readonly objects: string
  /** Open for reading, at its start. */
  readonly source: FileHandle
  /** How many bytes it has; another number of bytes is an error. */
  readonly size: number
}

/** Writes a file's bytes as they are, however large, and returns the blob's id; null when it has another size by now. */
export async function writeBlob({ objects, source, size }: BlobOrder): Promise<Sha | null> {
  return store(objects, {
    isLasting: true,
    fill: async (handle) => {
      const hash = createHash('sha1')
      let read = -headerOf('blob', size).length
      const counted = async function* (): AsyncGenerator<Buffer> {
        for await (const piece of withHeader(source, size)) {
          hash.update(piece)
          read += piece.length
          yield piece
        }
      }
      await deflateInto(handle, counted())
      return read === size ? toSha(hash.digest('hex')) : null
    },
  })
}

/** Returns the id a file's bytes would have as a blob; null when it has another size by now. */
export async function blobId(source: FileHandle, size: number): Promise<Sha | null> {
  const hash = createHash('sha1')
  let read = -headerOf('blob', size).length
  for await (const piece of withHeader(source, size)) {
    hash.update(piece)
    read += piece.length
  }
  return read === size ? toSha(hash.digest('hex')) : null
}

async function* withHeader(source: FileHandle, size: number): AsyncGenerator<Buffer> {
  yield headerOf('blob', size)
  for (let at = 0; ;) {
    // A new piece each time: the compressor still holds the one before.
    const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

function headerOf(type: ObjectType, size: number): Buffer {
  return Buffer.from(`${type} ${size}\0`)
}

async function deflateInto(
  handle: FileHandle,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  // A write stream of the handle that does not close it would keep `close` waiting for ever.
  const packed = createDeflate(FAST)
  await Promise.all([pipeline(pieces, packed), writeAll(handle, packed)])
}

async function writeAll(handle: FileHandle, pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const piece of pieces) await handle.writeFile(piece as Buffer)
}

interface Filling {
  readonly isLasting: boolean
  /** Writes the file and returns the object's id; null gives it up. */
  readonly fill: (handle: FileHandle) => Promise<Sha | null>
}

/** Written aside, synced, and then given its name, as git does it: a name never stands for half an object. */
async function store(objects: string, { isLasting, fill }: Filling): Promise<Sha | null> {
  const temporary = join(objects, `tmp_obj_${randomUUID()}`)
  try {
    const handle = await open(temporary, 'wx', 0o444)
    let oid: Sha | null
    try {
      oid = await fill(handle)
      if (oid !== null && isLasting) await handle.sync()
    } finally {
      await handle.close()
    }
    if (oid === null || (await hasLooseObject(objects, oid))) return oid
    await mkdir(join(objects, oid.slice(0, 2)), { recursive: true })
    await rename(temporary, placeOf(objects, oid))
    return oid
  } finally {
    await rm(temporary, { force: true })
  }
}

function placeOf(objects: string, oid: string): string {
  return join(objects, oid.slice(0, 2), oid.slice(2))
}
