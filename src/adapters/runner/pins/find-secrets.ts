// Which of the files of a pin look like secrets, by name and by content. Reads blobs of the mirror only.

import { hasSecretName } from '../../../domain/sync/leftovers.ts'
import type { LeftOutReason } from '../../../domain/sync/step.ts'
import { displayPath } from '../git/byte-path.ts'
import type { MirrorPlace, TreeChange } from './pin-diff.ts'
import { findTelling, sizesOf } from './telling-blobs.ts'

/** What GitHub takes of one file; a larger one is not read either. */
const LARGEST_FILE_BYTES = 100_000_000

/** Returns the paths that must not leave the machine, each with its reason. */
export async function findSecrets(
  { door, mirror }: MirrorPlace,
  changes: readonly TreeChange[],
): Promise<ReadonlyMap<string, LeftOutReason>> {
  const files = changes.filter(({ newMode }) => newMode.startsWith('100') || newMode === '120000')
  const refused = new Map<string, LeftOutReason>()
  for (const { path } of files) if (hasSecretName(displayPath(path))) refused.set(path, 'secret_like')
  const open = files.filter(({ path }) => !refused.has(path))
  const place = { door, at: { gitDir: mirror } }
  const sizes = await sizesOf(place, [...new Set(open.map(({ newOid }) => newOid))])
  const telling = await findTelling(place, sizes, LARGEST_FILE_BYTES)
  for (const { path, newOid } of open) {
    if (telling.has(newOid)) refused.set(path, 'secret_like')
    else if ((sizes.get(newOid) ?? Infinity) > LARGEST_FILE_BYTES) refused.set(path, 'too_large')
  }
  return refused
}
