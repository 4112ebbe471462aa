// What counts as the act of a person, and when the rounds are used up.

import { describe, expect, it } from 'vitest'
import { isBudgetUsedUp, isHumanAct, respondRoundsSince } from '../../../src/domain/nudge/budget.ts'
import type { Act } from '../../../src/domain/nudge/budget.ts'

const isTrusted = (login: string): boolean => login === 'alice'

describe('isHumanAct', () => {
  it.each<[string, Act, boolean]>([
    ['a command', { kind: 'command', wasRefused: false }, true],
    ['a refused command', { kind: 'command', wasRefused: true }, false],
    ['a push by a person', { kind: 'push', byBot: false, isOurs: false }, true],
    ['a push by another bot', { kind: 'push', byBot: true, isOurs: false }, false],
    ['our own push', { kind: 'push', byBot: true, isOurs: true }, false],
    ['our own push under a person’s name', { kind: 'push', byBot: false, isOurs: true }, false],
    ['words of a trusted person', { kind: 'words', author: 'alice', authorIsBot: false }, true],
    ['words of a stranger', { kind: 'words', author: 'mallory', authorIsBot: false }, false],
    [
      'words of a bot with the name of a trusted person',
      { kind: 'words', author: 'alice', authorIsBot: true },
      false,
    ],
    ['words of nobody', { kind: 'words', author: null, authorIsBot: false }, false],
    ['the result of a check', { kind: 'check_result' }, false],
  ])('%s', (_name, act, expected) => {
    expect(isHumanAct(act, { isTrusted })).toBe(expected)
  })
})

describe('isBudgetUsedUp', () => {
  it('allows exactly as many rounds as configured, and none with 0', () => {
    const allowed = (rounds: number): number[] =>
      [0, 1, 2, 3, 4].filter((done) => !isBudgetUsedUp({ rounds, respondRoundsSinceHumanAct: done }))
    expect(allowed(3)).toEqual([0, 1, 2])
    expect(allowed(0)).toEqual([])
  })

  it('allows one round where 0 are allowed, once a person said so', () => {
    const facts = { rounds: 0, wasToldToGoOn: true }
    expect(isBudgetUsedUp({ ...facts, respondRoundsSinceHumanAct: 0 })).toBe(false)
    expect(isBudgetUsedUp({ ...facts, respondRoundsSinceHumanAct: 1 })).toBe(true)
  })

  it('counts rounds after the last human act only', () => {
    expect(respondRoundsSince(null, [10, 20, 30])).toBe(3)
    expect(respondRoundsSince(20, [10, 20, 30])).toBe(1)
    expect(respondRoundsSince(40, [10, 20, 30])).toBe(0)
  })
})
