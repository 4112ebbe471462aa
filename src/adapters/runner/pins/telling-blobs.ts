// Which blobs hold something that looks like a token. Reads them in portions that fit into memory; knows no path.

import { holdsToken } from '../../../domain/sync/leftovers.ts'
import type { GitDoor, GitPlace } from '../git/git-door.ts'

/** How much is read into memory at once, one large blob aside. */
const READ_AT_ONCE_BYTES = 32_000_000

export interface BlobPlace {
  readonly door: GitDoor
  readonly at: GitPlace
}

/** Returns the sizes in bytes of those of the blobs that are there, with one process. */
export async function sizesOf(
  { door, at }: BlobPlace,
  oids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (oids.length === 0) return new Map()
  const text = await door.text({
    at,
    args: ['cat-file', '--batch-check=%(objectname) %(objectsize)'],
    input: `${oids.join('\n')}\n`,
  })
  const sizes = text.split('\n').map((line) => [line.slice(0, 40), Number(line.slice(41))] as const)
  return new Map(sizes.filter(([, size]) => Number.isInteger(size)))
}

/** Returns those that hold something like a token; blobs larger than `maxBytes` are not read. */
export async function findTelling(
  place: BlobPlace,
  sizes: ReadonlyMap<string, number>,
  maxBytes: number,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let batch: string[] = []
  let bytes = 0
  for (const [oid, size] of sizes) {
    if (size > maxBytes) continue
    if (batch.length > 0 && bytes + size > READ_AT_ONCE_BYTES) {
      for (const telling of await readBatch(place, batch)) found.add(telling)
      batch = []
      bytes = 0
    }
    batch.push(oid)
    bytes += size
  }
  if (batch.length > 0) for (const telling of await readBatch(place, batch)) found.add(telling)
  return found
}

async function readBatch({ door, at }: BlobPlace, oids: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await door.run({ at, args: ['cat-file', '--batch'], input: `${oids.join('\n')}\n` })
  const telling: string[] = []
  let offset = 0
  for (const oid of oids) {
    const start = stdout.indexOf('\n', offset) + 1
    const [named, type, size] = stdout.toString('latin1', offset, start - 1).split(' ')
    if (named !== oid || type !== 'blob') throw new Error(`Not the blob ${oid}: ${named ?? ''} ${type ?? ''}`)
    const end = start + Number(size)
    if (holdsToken(stdout.toString('latin1', start, end))) telling.push(oid)
    offset = end + 1
  }
  return telling
}
