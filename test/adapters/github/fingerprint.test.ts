import { describe, expect, it } from 'vitest'
import { createFingerprints } from '../../../src/adapters/github/fingerprint.ts'
import type { RawLook } from '../../../src/adapters/github/glance-texts.ts'

function look(id: string, mergeable: string, cursor = 'a'): RawLook {
  const pageInfo = { hasPreviousPage: false, startCursor: cursor }
  return { id, mergeable, reviewThreads: { pageInfo, nodes: [] } }
}

describe('createFingerprints', () => {
  it('lets the last known mergeability stand while it is computed anew', () => {
    const fingerprint = createFingerprints()
    const conflicting = fingerprint(look('one', 'CONFLICTING'), [])
    expect(fingerprint(look('one', 'UNKNOWN'), [])).toBe(conflicting)
    expect(fingerprint(look('one', 'UNKNOWN'), [])).toBe(conflicting)
    expect(fingerprint(look('one', 'MERGEABLE'), [])).not.toBe(conflicting)
    expect(fingerprint(look('one', 'UNKNOWN'), [])).not.toBe(conflicting)
  })

  it('takes nothing from another pull request', () => {
    const fingerprint = createFingerprints()
    fingerprint(look('one', 'CONFLICTING'), [])
    expect(fingerprint(look('two', 'UNKNOWN'), [])).toBe(createFingerprints()(look('two', 'UNKNOWN'), []))
  })

  it('differs by every fact and not by a cursor', () => {
    const fingerprint = createFingerprints()
    const before = fingerprint(look('one', 'MERGEABLE', 'a'), [])
    expect(fingerprint(look('one', 'MERGEABLE', 'b'), [])).toBe(before)
    expect(fingerprint(look('one', 'MERGEABLE'), [{ id: 't', isResolved: true }])).not.toBe(before)
    expect(before).toMatch(/^[\w-]{22}$/u)
  })
})
