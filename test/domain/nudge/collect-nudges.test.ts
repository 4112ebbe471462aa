// Checks and conflicts: what becomes news, what is a repeat, and what is over.

import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import { DEFAULT_CONFIG } from '../../../src/domain/config/parse-repository-config.ts'
import { collectNudges } from '../../../src/domain/nudge/collect-nudges.ts'
import type { CheckConclusion } from '../../../src/domain/mirror/observation.ts'
import { check, comment, facts, HEAD, stored, thread } from './news-samples.ts'

const NONE = { wanted: [], over: [] }
const conflicting = { headSha: HEAD, mergeability: 'conflicting' } as const

describe('news of checks', () => {
  it('are one piece for the head, with all that failed', () => {
    const checks = [
      check('lint'),
      check('test (1)'),
      check('test (2)'),
      check('build', { conclusion: 'success' }),
    ]
    const { wanted, over } = collectNudges(facts({ checks, logs: new Map([['CR_lint', 'no semicolon']]) }))
    expect(over).toEqual([])
    expect(wanted).toHaveLength(1)
    const [news] = wanted
    expect(news).toMatchObject({ kind: 'checks', item: HEAD, threadIds: [] })
    for (const words of ['`lint`', '`test (1)`', '`test (2)`', '`test`: 2 jobs', 'no semicolon'])
      expect(news?.text).toContain(words)
    expect(news?.text).not.toContain('build')
  })

  it.each<[CheckConclusion, boolean]>([
    ['failure', true],
    ['timed_out', true],
    ['action_required', true],
    ['startup_failure', true],
    ['cancelled', true],
    ['success', false],
    ['neutral', false],
    ['skipped', false],
    ['stale', false],
  ])('%s alone: %s', (conclusion, isNews) => {
    const { wanted } = collectNudges(facts({ checks: [check('one', { conclusion })] }))
    expect(wanted).toHaveLength(isNews ? 1 : 0)
  })

  it('leave a cancelled one out beside a failed one', () => {
    const checks = [check('failed'), check('sibling', { conclusion: 'cancelled' })]
    const [news] = collectNudges(facts({ checks })).wanted
    expect(news?.text).toContain('`failed`')
    expect(news?.text).not.toContain('sibling')
  })

  it('wait until the checks are settled, and say when they are not all there', () => {
    const checks = [check('lint'), check('slow', { status: 'in_progress', conclusion: null })]
    expect(collectNudges(facts({ checks, settling: { kind: 'pending', lookAgainAt: 1 } }))).toEqual(NONE)
    const [news] = collectNudges(facts({ checks, settling: { kind: 'settled', partial: true } })).wanted
    expect(news?.text).toContain('Other checks have not ended')
  })

  it('are no news when the same fails again at the same head, and news at the next one', () => {
    const checks = [check('lint')]
    const told = stored([], collectNudges(facts({ checks })), 'sent')
    expect(collectNudges(facts({ checks, nudges: told }))).toEqual(NONE)
    expect(collectNudges(facts({ checks: [check('lint', { id: 'CR_rerun' })], nudges: told }))).toEqual(NONE)
    const next = toSha('b'.repeat(40))
    const mirror = { headSha: next, mergeability: 'mergeable' } as const
    const after = collectNudges(facts({ checks: [check('lint', { headSha: next })], mirror, nudges: told }))
    expect(after.wanted).toHaveLength(1)
    expect(after.wanted[0]?.item).toBe(next)
  })

  it('replace what waits when more fails, and add nothing when less does than was told', () => {
    const [one, two] = [check('one'), check('two')]
    const waiting = stored([], collectNudges(facts({ checks: [one] })), 'suppressed')
    const more = collectNudges(facts({ checks: [one, two], nudges: waiting }))
    expect(more.over).toEqual(['n1'])
    expect(more.wanted).toHaveLength(1)
    const told = stored(waiting, more, 'sent')
    expect(collectNudges(facts({ checks: [two], nudges: told }))).toEqual(NONE)
    const other = collectNudges(facts({ checks: [two, check('three')], nudges: told }))
    expect(other.wanted).toHaveLength(1)
  })

  it.each(['pending', 'sent'] as const)(
    'are over when a %s one turns green, and come back when it fails again',
    (status) => {
      const checks = [check('flaky')]
      const first = stored([], collectNudges(facts({ checks })), status)
      const green = collectNudges(
        facts({ checks: [check('flaky', { conclusion: 'success' })], nudges: first }),
      )
      expect(green).toEqual({ wanted: [], over: ['n1'] })
      const nudges = stored(first, green, 'pending')
      const again = collectNudges(facts({ checks, nudges }))
      expect(again.wanted).toHaveLength(1)
      expect(again.wanted[0]?.signature).not.toBe(first[0]?.signature)
      expect(collectNudges(facts({ checks, nudges: stored(nudges, again, 'pending') }))).toEqual(NONE)
    },
  )

  it('of an older head are over as soon as the head moves', () => {
    const waiting = stored([], collectNudges(facts({ checks: [check('lint')] })), 'pending')
    const mirror = { headSha: toSha('b'.repeat(40)), mergeability: 'mergeable' } as const
    const settling = { kind: 'pending', lookAgainAt: 1 } as const
    expect(collectNudges(facts({ mirror, settling, nudges: waiting }))).toEqual({ wanted: [], over: ['n1'] })
  })

  it('are not told again once a person took them over', () => {
    const checks = [check('lint')]
    const taken = stored([], collectNudges(facts({ checks })), 'acknowledged')
    expect(collectNudges(facts({ checks, nudges: taken }))).toEqual(NONE)
  })
})

describe('news of conflicts', () => {
  it('come once, and again after the conflict was cleared and came back', () => {
    const first = collectNudges(facts({ mirror: conflicting }))
    expect(first.wanted).toMatchObject([{ kind: 'conflict', item: 'main', threadIds: [] }])
    let nudges = stored([], first, 'sent')
    expect(collectNudges(facts({ mirror: conflicting, nudges }))).toEqual(NONE)
    const unknown = { headSha: HEAD, mergeability: 'unknown' } as const
    expect(collectNudges(facts({ mirror: unknown, nudges }))).toEqual(NONE)
    const cleared = collectNudges(facts({ nudges }))
    expect(cleared).toEqual({ wanted: [], over: ['n1'] })
    nudges = stored(nudges, cleared, 'pending')
    const second = collectNudges(facts({ mirror: conflicting, nudges }))
    expect(second.wanted).toHaveLength(1)
    expect(second.wanted[0]?.signature).not.toBe(first.wanted[0]?.signature)
  })

  it('are for the bottom of a stack only', () => {
    const above = facts({ mirror: conflicting, isBottomOfStack: false })
    expect(collectNudges(above)).toEqual(NONE)
    const waiting = stored([], collectNudges(facts({ mirror: conflicting })), 'pending')
    expect(collectNudges({ ...above, nudges: waiting })).toEqual({ wanted: [], over: ['n1'] })
  })

  it('are about one base: a new one is other news', () => {
    const waiting = stored([], collectNudges(facts({ mirror: conflicting })), 'pending')
    const moved = collectNudges(facts({ mirror: conflicting, baseRef: 'next', nudges: waiting }))
    expect(moved.over).toEqual(['n1'])
    expect(moved.wanted).toMatchObject([{ item: 'next' }])
  })
})

describe('switched off', () => {
  it('no kind is told, and what waits of it is over', () => {
    const world = facts({
      mirror: conflicting,
      checks: [check('lint')],
      threads: [thread('T1')],
      comments: [comment('C1', 'T1')],
    })
    const waiting = stored([], collectNudges(world), 'pending')
    expect(waiting.map(({ kind }) => kind)).toEqual(['checks', 'review', 'conflict'])
    const settings = { ...DEFAULT_CONFIG.nudges, checks: false, reviews: false, conflicts: false }
    expect(collectNudges({ ...world, settings, nudges: waiting })).toEqual({
      wanted: [],
      over: ['n1', 'n2', 'n3'],
    })
  })
})
