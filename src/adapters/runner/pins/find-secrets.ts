// Which of the files of a pin look like secrets, by name and by content. Reads blobs of the mirror only.

import { hasSecretName, holdsToken } from '../../../domain/sync/leftovers.ts'
import type { LeftOutReason } from '../../../domain/sync/step.ts'
import { displayPath } from '../git/byte-path.ts'
import type { MirrorPlace, TreeChange } from './pin-diff.ts'

/** What GitHub takes of one file; a larger one is not read either. */
const LARGEST_FILE_BYTES = 100_000_000
/** How much is read into memory at once, one large file aside. */
const READ_AT_ONCE_BYTES = 32_000_000

/** Returns the paths that must not leave the machine, each with its reason. */
export async function findSecrets(
  place: MirrorPlace,
  changes: readonly TreeChange[],
): Promise<ReadonlyMap<string, LeftOutReason>> {
  const files = changes.filter(({ newMode }) => newMode.startsWith('100') || newMode === '120000')
  const refused = new Map<string, LeftOutReason>()
  for (const { path } of files) if (hasSecretName(displayPath(path))) refused.set(path, 'secret_like')
  const open = files.filter(({ path }) => !refused.has(path))
  const sizes = await sizesOf(place, [...new Set(open.map(({ newOid }) => newOid))])
  const telling = await findTokens(place, sizes)
  for (const { path, newOid } of open) {
    if (telling.has(newOid)) refused.set(path, 'secret_like')
    else if ((sizes.get(newOid) ?? 0) > LARGEST_FILE_BYTES) refused.set(path, 'too_large')
  }
  return refused
}

async function sizesOf(
  { door, mirror }: MirrorPlace,
  oids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (oids.length === 0) return new Map()
  const text = await door.text({
    at: { gitDir: mirror },
    args: ['cat-file', '--batch-check=%(objectname) %(objectsize)'],
    input: `${oids.join('\n')}\n`,
  })
  return new Map(
    text.split('\n').map((line): readonly [string, number] => [line.slice(0, 40), Number(line.slice(41))]),
  )
}

async function findTokens(
  place: MirrorPlace,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let batch: string[] = []
  let bytes = 0
  for (const [oid, size] of sizes) {
    if (size > LARGEST_FILE_BYTES) continue
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

/** Returns which of the blobs hold something that looks like a token. */
async function readBatch({ door, mirror }: MirrorPlace, oids: readonly string[]): Promise<readonly string[]> {
  const input = `${oids.join('\n')}\n`
  const { stdout } = await door.run({ at: { gitDir: mirror }, args: ['cat-file', '--batch'], input })
  const telling: string[] = []
  let at = 0
  for (const oid of oids) {
    const start = stdout.indexOf('\n', at) + 1
    const [named, type, size] = stdout.toString('latin1', at, start - 1).split(' ')
    if (named !== oid || type !== 'blob') throw new Error(`Not the blob ${oid}: ${named ?? ''} ${type ?? ''}`)
    const end = start + Number(size)
    if (holdsToken(stdout.toString('latin1', start, end))) telling.push(oid)
    at = end + 1
  }
  return telling
}
