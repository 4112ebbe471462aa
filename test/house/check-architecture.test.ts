import { describe, expect, it } from 'vitest'
import {
  PLANTED,
  checkArchitecture,
  cruise,
  plantedFaults,
  ruleNames,
} from '../../scripts/check-architecture.ts'
import { unseenFaults } from '../../scripts/check-outcome.ts'

describe('cruise', () => {
  it('reports what was planted in the domain: an adapter, a node: module, a package and a circle', async () => {
    const { violations } = await cruise(PLANTED)
    const ofDomain = violations.filter(({ from }) => from.startsWith('src/domain/'))
    expect(ofDomain.map(({ rule, from }) => `${from}: ${rule}`).toSorted()).toEqual([
      'src/domain/circle-a.ts: no-circular',
      'src/domain/imports-adapter.ts: domain-imports-itself-only',
      'src/domain/imports-built-in.ts: domain-no-built-in',
      'src/domain/imports-nowhere.ts: resolves',
      'src/domain/imports-package.ts: domain-pure-packages-only',
    ])
  })

  it('lets the allowed files of the planted tree pass', async () => {
    const { seen, violations } = await cruise(PLANTED)
    const allowed = seen.filter((file) => file.startsWith('src/') && file.endsWith('allowed.ts'))
    expect(allowed).toHaveLength(3)
    expect(violations.filter(({ from }) => allowed.includes(from) || from === 'src/main.ts')).toEqual([])
  })
})

describe('plantedFaults', () => {
  const expected = { one: ['a.ts'], two: ['b.ts'] }
  const both = [
    { rule: 'one', from: 'a.ts', to: 'x' },
    { rule: 'two', from: 'b.ts', to: 'x' },
  ]

  it('is content when every rule reports its file', () => {
    expect(plantedFaults(expected, ['one', 'two'], both)).toEqual([])
  })

  it('finds a rule that went silent', () => {
    expect(plantedFaults(expected, ['one', 'two'], both.slice(1))).toEqual([
      'the planted tree was not reported: one: a.ts',
    ])
  })

  it('finds a rule for which nothing was planted', () => {
    expect(plantedFaults(expected, ['one', 'two', 'three'], both)).toEqual([
      'no planted file breaks the rule three',
    ])
  })

  it('finds a rule that reports too much', () => {
    const more = [...both, { rule: 'two', from: 'c.ts', to: 'x' }]
    expect(plantedFaults(expected, ['one', 'two'], more)).toEqual([
      'reported without being planted: two: c.ts',
    ])
  })
})

describe('ruleNames', () => {
  it('reads the rules of the configuration', () => {
    expect(ruleNames()).toContain('domain-no-built-in')
  })
})

describe('unseenFaults', () => {
  it('names every file that a tool did not look at', () => {
    expect(unseenFaults(['a.ts', 'b.ts'], ['a.ts'])).toEqual([
      'b.ts: exists, but the tool did not look at it',
    ])
  })
})

describe('checkArchitecture', () => {
  it('fails on a tree without files instead of passing', async () => {
    const { faults } = await checkArchitecture(`${PLANTED}/dead-code/src`).catch((error: unknown) => ({
      faults: [String(error)],
    }))
    expect(faults).not.toEqual([])
  })
})
