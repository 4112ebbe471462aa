// Who may run what, as a table and as laws.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { commandSpec, VERBS } from '../../../src/domain/command/grammar.ts'
import { mayRun, neededRole } from '../../../src/domain/command/may-run.ts'
import { roleAtLeast, ROLES } from '../../../src/domain/permission.ts'

const facts = fc.record({
  verb: fc.constantFrom(...VERBS),
  role: fc.constantFrom(...ROLES),
  isPrivateRepository: fc.boolean(),
  configured: fc.dictionary(fc.constantFrom(...VERBS), fc.constantFrom(...ROLES)),
  option: fc.constantFrom('continue', 'abort', 'rescue', 'three_more_rounds', null),
})

describe('mayRun', () => {
  it.each([
    ['status', 'read', true, 'allowed'],
    ['status', 'read', false, 'stranger'],
    ['status', 'triage', false, 'allowed'],
    ['run', 'triage', true, 'refused'],
    ['run', 'write', false, 'allowed'],
    ['run', 'read', true, 'refused'],
    ['run', 'none', true, 'stranger'],
    ['abort', 'read', false, 'stranger'],
  ] as const)('answers %s by %s (private: %s) with %s', (verb, role, isPrivateRepository, kind) => {
    expect(mayRun({ verb, role, isPrivateRepository, configured: {} }).kind).toBe(kind)
  })

  it('says which role is needed', () => {
    const verdict = mayRun({
      verb: 'abort',
      role: 'write',
      isPrivateRepository: true,
      configured: { abort: 'maintain' },
    })
    expect(verdict).toEqual({ kind: 'refused', needs: 'maintain' })
  })

  it('never lets anybody below write change anything, whatever the repository says', () => {
    fc.assert(
      fc.property(facts, (each) => {
        if (mayRun(each).kind !== 'allowed' || !commandSpec(each.verb).changes) return
        expect(roleAtLeast(each.role, 'write')).toBe(true)
      }),
    )
  })

  it('only gets stricter through the configuration', () => {
    fc.assert(
      fc.property(facts, (each) => {
        if (mayRun(each).kind === 'allowed') expect(mayRun({ ...each, configured: {} }).kind).toBe('allowed')
      }),
    )
  })

  it('gives strangers no words', () => {
    fc.assert(
      fc.property(facts, (each) => {
        const isBelow = !roleAtLeast(each.role, each.isPrivateRepository ? 'read' : 'triage')
        expect(mayRun(each).kind === 'stranger').toBe(isBelow)
      }),
    )
  })
})

describe('neededRole', () => {
  it('asks as much for answer with an option as for its short form', () => {
    const configured = { abort: 'admin', answer: 'maintain' } as const
    expect(neededRole({ verb: 'answer', configured, option: 'abort' })).toBe('admin')
    expect(neededRole({ verb: 'answer', configured, option: 'rescue' })).toBe('maintain')
    expect(neededRole({ verb: 'abort', configured })).toBe('admin')
    expect(neededRole({ verb: 'rescue', configured, option: 'abort' })).toBe('write')
  })
})
