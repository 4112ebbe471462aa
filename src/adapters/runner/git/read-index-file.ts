// Git's index file to entries, without a process. Knows the format; whatever is not plain is left to git, and so is
// everything that only git can judge. An agent writes this file, so no length in it is believed.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { toBytePath } from './byte-path.ts'
import type { IndexEntry } from './index-entry.ts'
import { isNotThere, lookAt } from '../look-at.ts'

/** Larger files are left to git. */
const MAX_BYTES = 512_000_000

/** Returns every entry; null when git must be asked. No file is no entries. */
export async function readIndexFile(file: string): Promise<readonly IndexEntry[] | null> {
  const found = await lookAt(file)
  if (found === null) return []
  if (!found.isFile() || found.size > MAX_BYTES) return null
  try {
    return parseIndex(await readFile(file))
  } catch (error) {
    if (isNotThere(error) || error instanceof RangeError) return null
    throw error
  }
}

const HEADER = 12
const CHECKSUM = 20
/** Times, ids, mode and owner of a file, its object, and the flags. */
const FIXED = 62
const LONG_NAME = 0xfff

/** Returns the entries of an index of version 2 to 4, or null for one that is split, sparse, of a newer kind or damaged. */
export function parseIndex(bytes: Buffer): readonly IndexEntry[] | null {
  if (bytes.length < HEADER + CHECKSUM || bytes.toString('latin1', 0, 4) !== 'DIRC') return null
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) return null
  const count = bytes.readUInt32BE(8)
  const entries: IndexEntry[] = []
  const end = bytes.length - CHECKSUM
  let at = HEADER
  let before = ''
  for (let n = 0; n < count; n += 1) {
    const read = readEntry(bytes, { at, end, version, before })
    if (read === null) return null
    entries.push(read.entry)
    at = read.next
    before = read.entry.path
  }
  return hasPlainExtensions(bytes, at, end) && isWhole(bytes, end) ? entries : null
}

/** Git may leave the checksum out; it is zero then. */
function isWhole(bytes: Buffer, end: number): boolean {
  const checksum = bytes.subarray(end)
  const isLeftOut = checksum.every((byte) => byte === 0)
  return isLeftOut || createHash('sha1').update(bytes.subarray(0, end)).digest().equals(checksum)
}

interface Reading {
  readonly at: number
  readonly end: number
  readonly version: number
  /** The name before, which version 4 shortens names by. */
  readonly before: string
}

function readEntry(
  bytes: Buffer,
  { at, end, version, before }: Reading,
): { readonly entry: IndexEntry; readonly next: number } | null {
  if (at + FIXED > end) return null
  const flags = bytes.readUInt16BE(at + 60)
  const isExtended = (flags & 0x4000) !== 0
  if (isExtended && version < 3) return null
  const more = isExtended ? bytes.readUInt16BE(at + FIXED) : 0
  const start = at + FIXED + (isExtended ? 2 : 0)
  const name = version === 4 ? readShortened(bytes, { start, end, before }) : readName(bytes, start, flags)
  if (name === null || name.next > end) return null
  const isSparse = (more & 0x4000) !== 0
  const entry: IndexEntry = {
    path: toBytePath(name.path),
    mode: bytes
      .readUInt32BE(at + 24)
      .toString(8)
      .padStart(6, '0'),
    oid: bytes.toString('hex', at + 40, at + 60),
    stage: (flags >> 12) & 3,
    isHidden: (flags & 0x8000) !== 0 || isSparse,
    isSparse,
  }
  // Padded with one to eight zeros to a multiple of eight, but not in version 4.
  const next = version === 4 ? name.next : at + Math.ceil((name.next - at) / 8) * 8
  return next > end ? null : { entry, next }
}

interface Name {
  readonly path: string
  /** Behind the closing zero. */
  readonly next: number
}

function readName(bytes: Buffer, start: number, flags: number): Name | null {
  const length = flags & LONG_NAME
  const end = length < LONG_NAME ? start + length : bytes.indexOf(0, start)
  if (end < start || bytes[end] !== 0) return null
  return { path: bytes.toString('latin1', start, end), next: end + 1 }
}

/** How many bytes of the name before to drop, then what follows the rest of it. */
function readShortened(
  bytes: Buffer,
  { start, end, before }: { readonly start: number; readonly end: number; readonly before: string },
): Name | null {
  let at = start
  let byte = bytes.readUInt8(at)
  let dropped = byte & 127
  while ((byte & 128) !== 0 && at < end) {
    at += 1
    byte = bytes.readUInt8(at)
    dropped = (dropped + 1) * 128 + (byte & 127)
  }
  const stop = bytes.indexOf(0, at + 1)
  if (stop === -1 || dropped > before.length) return null
  const path = before.slice(0, before.length - dropped) + bytes.toString('latin1', at + 1, stop)
  return { path, next: stop + 1 }
}

/** A capital first letter marks what can be passed over; anything else changes what the entries mean. */
function hasPlainExtensions(bytes: Buffer, start: number, end: number): boolean {
  let at = start
  while (at + 8 <= end) {
    const letter = bytes.readUInt8(at)
    if (letter < 65 || letter > 90) return false
    at += 8 + bytes.readUInt32BE(at + 4)
  }
  return at === end
}
