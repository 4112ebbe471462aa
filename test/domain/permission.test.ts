// The ladder of roles.

import { describe, expect, it } from 'vitest'

import {
  higherRole,
  isStranger,
  roleAtLeast,
  roleFromPermission,
  ROLES,
} from '../../src/domain/permission.ts'

describe('roleAtLeast', () => {
  it('follows the ladder for every pair', () => {
    for (const [high, role] of ROLES.entries()) {
      for (const [low, floor] of ROLES.entries()) expect(roleAtLeast(role, floor)).toBe(high >= low)
    }
  })
})

describe('higherRole', () => {
  it('returns the higher one in either order', () => {
    expect(higherRole('write', 'maintain')).toBe('maintain')
    expect(higherRole('maintain', 'write')).toBe('maintain')
  })
})

describe('roleFromPermission', () => {
  it.each([
    ['admin', 'admin', 'admin'],
    ['write', 'maintain', 'maintain'],
    ['read', 'triage', 'triage'],
    ['write', 'security-champion', 'write'],
    ['read', 'Ops reader', 'read'],
    ['none', '', 'none'],
    ['owner', 'toString', 'none'],
  ])('reads permission %s with role name "%s" as %s', (permission, roleName, role) => {
    expect(roleFromPermission({ permission, roleName })).toBe(role)
  })
})

describe('isStranger', () => {
  it('counts plain read as a stranger on public repositories only', () => {
    const strangers = [true, false].map((isPrivateRepository) =>
      ROLES.filter((role) => isStranger({ role, isPrivateRepository })),
    )
    expect(strangers).toEqual([['none'], ['none', 'read']])
  })
})
