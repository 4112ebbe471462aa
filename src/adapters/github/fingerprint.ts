// A short hash of what a light look at a pull request showed. Knows nothing of what the fields mean, except that a
// mergeability which is not computed yet is no news.

import { createHash } from 'node:crypto'
import type { RawLook } from './glance-texts.ts'

const LENGTH = 22
/** About a hundred bytes each. */
const MOST_REMEMBERED = 20_000

/** Returns the fingerprint of a look; equal looks have equal ones. */
export type Fingerprint = (look: RawLook, olderThreads: readonly unknown[]) => string

/**
 * Makes the fingerprints of one process.
 *
 * While GitHub computes mergeability anew, the last known value of that pull request stands for it. A process that has
 * just started knows none; then the fingerprint differs once, and costs one full read.
 */
export function createFingerprints(): Fingerprint {
  const known = new Map<string, string>()
  return (look, olderThreads) => {
    const mergeable = look.mergeable === 'UNKNOWN' ? (known.get(look.id) ?? 'UNKNOWN') : look.mergeable
    known.delete(look.id)
    if (mergeable !== 'UNKNOWN') known.set(look.id, mergeable)
    const [oldest] = known.keys()
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest)
    // Cursors are opaque, and no fact.
    const reviewThreads = { ...look.reviewThreads, pageInfo: null }
    const text = JSON.stringify([{ ...look, mergeable, reviewThreads }, olderThreads])
    return createHash('sha256').update(text).digest('base64url').slice(0, LENGTH)
  }
}
