// When the checks of a head have come to rest.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settleChecks } from '../../../src/domain/nudge/settled.ts'
import type { SettlingFacts } from '../../../src/domain/nudge/settled.ts'

const PUSH = 1_000_000_000
const SECOND = 1000
const MINUTE = 60 * SECOND
const DONE = { status: 'completed', startedAt: PUSH } as const
const RUNNING = { status: 'in_progress', startedAt: PUSH } as const
const QUEUED = { status: 'queued', startedAt: null } as const

function facts(over: Partial<SettlingFacts>, sincePush: number): SettlingFacts {
  return {
    checks: [],
    headSeenAt: PUSH + 2 * SECOND,
    pushedAt: PUSH,
    checksChangedAt: null,
    now: PUSH + sincePush,
    ...over,
  }
}

describe('settleChecks', () => {
  it.each<[string, Partial<SettlingFacts>, number, ReturnType<typeof settleChecks>]>([
    ['no check yet', {}, 89_999, { kind: 'pending', lookAgainAt: PUSH + 90_000 }],
    ['no check ever', {}, 90_000, { kind: 'settled', partial: false }],
    ['a push that was not seen', { pushedAt: null }, 91_000, { kind: 'pending', lookAgainAt: PUSH + 92_000 }],
    [
      'all done, a moment ago',
      { checks: [DONE], checksChangedAt: PUSH + 30_000 },
      49_999,
      { kind: 'pending', lookAgainAt: PUSH + 50_000 },
    ],
    [
      'all done and quiet, long before 90 s',
      { checks: [DONE, DONE], checksChangedAt: PUSH + 30_000 },
      50_000,
      { kind: 'settled', partial: false },
    ],
    [
      'the last check went away',
      { checksChangedAt: PUSH + 85_000 },
      100_000,
      { kind: 'pending', lookAgainAt: PUSH + 105_000 },
    ],
    [
      'one still runs, however quiet',
      { checks: [DONE, RUNNING], checksChangedAt: PUSH + 30_000 },
      59 * MINUTE,
      { kind: 'pending', lookAgainAt: PUSH + 60 * MINUTE },
    ],
    [
      'one still runs after an hour',
      { checks: [DONE, RUNNING], checksChangedAt: PUSH + 30_000 },
      60 * MINUTE,
      { kind: 'settled', partial: true },
    ],
    [
      'one never started',
      { checks: [QUEUED], checksChangedAt: PUSH + 30_000 },
      60 * MINUTE,
      { kind: 'settled', partial: true },
    ],
    [
      'one was run again after two hours',
      {
        checks: [DONE, { status: 'in_progress', startedAt: PUSH + 120 * MINUTE }],
        checksChangedAt: PUSH + 120 * MINUTE,
      },
      130 * MINUTE,
      { kind: 'pending', lookAgainAt: PUSH + 180 * MINUTE },
    ],
  ])('%s', (_name, over, sincePush, expected) => {
    expect(settleChecks(facts(over, sincePush))).toEqual(expected)
  })

  it('is settled at the time it named, when nothing changed until then', () => {
    const check = fc.constantFrom(DONE, RUNNING, QUEUED)
    const time = fc.integer({ min: 0, max: 200 * MINUTE })
    const world = fc.record({
      checks: fc.array(check, { maxLength: 4 }),
      changed: fc.option(time),
      sincePush: time,
    })
    fc.assert(
      fc.property(world, ({ checks, changed, sincePush }) => {
        const checksChangedAt = changed === null ? null : PUSH + changed
        const now = settleChecks(facts({ checks, checksChangedAt }, sincePush))
        if (now.kind === 'settled') return
        expect(now.lookAgainAt).toBeGreaterThan(PUSH + sincePush)
        const later = settleChecks(facts({ checks, checksChangedAt }, now.lookAgainAt - PUSH))
        expect(later.kind).toBe('settled')
      }),
    )
  })
})
