import { describe, expect, it } from 'vitest'
import { missingPermissions } from '../../../src/domain/permissions-needed.ts'
import { renderFinding } from '../../../src/domain/text/findings.ts'

const ALL = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
} as const

describe('missingPermissions', () => {
  it('misses nothing when everything needed is given, optional ones or not', () => {
    expect(missingPermissions(ALL)).toEqual([])
    expect(missingPermissions({ ...ALL, statuses: 'write', actions: 'admin' })).toEqual([])
  })

  it('names what is absent or too weak', () => {
    expect(missingPermissions({ ...ALL, checks: 'read', statuses: 'none' })).toEqual(['checks', 'statuses'])
  })
})

describe('renderFinding, access', () => {
  it('is good when every installation can be read', () => {
    expect(renderFinding({ check: 'access', faults: [] })).toEqual({
      check: 'access',
      verdict: 'good',
      detail: 'every installation can be read',
    })
  })

  it('says what each installation lacks and what to do', () => {
    const { verdict, detail } = renderFinding({
      check: 'access',
      faults: [
        { kind: 'permissions_missing', account: 'acme', missing: ['checks'] },
        { kind: 'suspended', account: 'umbrella' },
        { kind: 'unreachable', reason: 'GitHub does not answer' },
      ],
    })
    expect(verdict).toBe('bad')
    expect(detail).toMatchInlineSnapshot(
      `"acme does not give checks: write (the check run \`Belay\` and its buttons); accept the permissions of the App in its settings there; the installation of umbrella is suspended; its owner can lift that in the settings of GitHub; the installations could not be listed: GitHub does not answer"`,
    )
  })
})
