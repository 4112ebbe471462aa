import { describe, expect, it } from 'vitest'
import { isMerging, whyHeld, type HoldFacts } from '../../../src/domain/nudge/why-held.ts'

const MIRROR = {
  isInMergeQueue: false,
  hasAutoMerge: false,
  mergeability: 'mergeable',
  reviewDecision: null,
} as const
const GREEN = { status: 'completed', conclusion: 'success' } as const
const RED = { status: 'completed', conclusion: 'failure' } as const
const FREE: HoldFacts = { hasOpenQuestion: false, isBusy: false, mirror: MIRROR, checks: [GREEN] }

describe('whyHeld', () => {
  it('holds nothing back while the agent is free', () => {
    expect(whyHeld(FREE)).toBeNull()
    expect(whyHeld({ ...FREE, mirror: null })).toBeNull()
  })

  it('names a question before anything else, then the agent, then the merge', () => {
    const queued = { ...FREE, mirror: { ...MIRROR, isInMergeQueue: true } }
    expect(whyHeld({ ...queued, isBusy: true, hasOpenQuestion: true })).toBe('question_open')
    expect(whyHeld({ ...queued, isBusy: true })).toBe('agent_busy')
    expect(whyHeld(queued)).toBe('merging')
  })
})

describe('isMerging', () => {
  const auto = { ...MIRROR, hasAutoMerge: true }

  it('is so in a merge queue, and with automatic merge once every check is green', () => {
    expect(isMerging({ mirror: { ...MIRROR, isInMergeQueue: true }, checks: [RED] })).toBe(true)
    expect(isMerging({ mirror: auto, checks: [GREEN] })).toBe(true)
    expect(isMerging({ mirror: auto, checks: [GREEN, RED] })).toBe(false)
    expect(isMerging({ mirror: MIRROR, checks: [GREEN] })).toBe(false)
  })

  it('is not so while a conflict or a missing approval holds the automatic merge up', () => {
    expect(isMerging({ mirror: { ...auto, mergeability: 'conflicting' }, checks: [GREEN] })).toBe(false)
    expect(isMerging({ mirror: { ...auto, reviewDecision: 'review_required' }, checks: [GREEN] })).toBe(false)
    expect(isMerging({ mirror: { ...auto, reviewDecision: 'approved' }, checks: [GREEN] })).toBe(true)
  })
})
