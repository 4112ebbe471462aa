import { describe, expect, it } from 'vitest'

import { diffChecks } from '../../../src/domain/mirror/diff-checks.ts'
import { nextMirror } from '../../../src/domain/mirror/next-mirror.ts'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import type { Mirror } from '../../../src/domain/mirror/records.ts'
import { check, comment, HEADS, listed, observation, thread } from './samples.ts'

const HOUR_MS = 60 * 60 * 1000
const NAME = { projectId: 'harbour', prNumber: 5 }
const NO_CHANGE = { checks: diffChecks([], listed([]), { ...NAME, readAt: 1, headSha: HEADS[0] }) }

function read(
  known: Mirror | null,
  fields: Partial<Observation> = {},
  fingerprint: string | null = 'f1',
): Mirror {
  return nextMirror({ ...NAME, known, observation: observation(fields), diff: NO_CHANGE, fingerprint })
}

describe('nextMirror', () => {
  const first = read(null, { readAt: 1_000 })

  it('says when everything was read to its end, and what a light look showed then', () => {
    expect(first).toMatchObject({
      ...NAME,
      headSha: HEADS[0],
      headSeenAt: 1_000,
      fingerprint: 'f1',
      readAt: 1_000,
      fullyReadAt: 1_000,
    })
  })

  it('is the very same row after a read that shows nothing new, so that nothing is written', () => {
    expect(read(first, { readAt: 2_000 })).toBe(first)
    expect(read(first, { readAt: 2_000, mergeability: 'unknown' })).toBe(first)
  })

  it('notes a full read once an hour', () => {
    expect(read(first, { readAt: 1_000 + HOUR_MS }).fullyReadAt).toBe(1_000 + HOUR_MS)
  })

  it('keeps the last mergeability that was known', () => {
    const conflicting = read(first, { readAt: 2_000, mergeability: 'conflicting' })
    expect(conflicting).toMatchObject({ mergeability: 'conflicting', readAt: 2_000 })
    expect(read(conflicting, { readAt: 3_000, mergeability: 'unknown' })).toBe(conflicting)
  })

  it.each<[string, Partial<Observation>]>([
    ['threads', { threads: listed([], 'partial') }],
    ['comments of one thread', { threads: listed([thread({ comments: listed([comment()], 'partial') })]) }],
    ['reviews', { reviews: listed([], 'failed') }],
    ['checks', { checks: listed([], 'partial') }],
  ])('does not vouch for a read that lacks %s', (_what, fields) => {
    const lacking = read(null, { readAt: 1_000, ...fields })
    expect(lacking).toMatchObject({ fingerprint: null, fullyReadAt: null })
    expect([lacking.threads, lacking.reviews, lacking.checks]).not.toEqual([
      'complete',
      'complete',
      'complete',
    ])
    expect(read(first, { readAt: 2_000, ...fields }, 'f2')).toMatchObject({
      fingerprint: 'f1',
      fullyReadAt: 1_000,
    })
  })

  it('starts a new head with its own times', () => {
    const { pullRequest } = observation()
    const moved = { readAt: 2_000, pullRequest: { ...pullRequest, headSha: HEADS[1] } }
    expect(read({ ...first, checksChangedAt: 1_500 }, moved)).toMatchObject({
      headSha: HEADS[1],
      headSeenAt: 2_000,
      checksChangedAt: null,
    })
    const at = { ...NAME, readAt: 2_000, headSha: HEADS[1] }
    const diff = { checks: diffChecks([], listed([check()]), at) }
    const withCheck = nextMirror({
      ...NAME,
      known: first,
      observation: observation(moved),
      diff,
      fingerprint: null,
    })
    expect(withCheck.checksChangedAt).toBe(2_000)
  })
})
