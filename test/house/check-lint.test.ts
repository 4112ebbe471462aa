import { describe, expect, it } from 'vitest'
import { lintPlanted, silentRules } from '../../scripts/check-lint.ts'

describe('lintPlanted', () => {
  it('hears every rule we count on', async () => {
    expect(silentRules(await lintPlanted())).toEqual([])
  })
})

describe('silentRules', () => {
  it('names every rule when nothing is reported', () => {
    expect(silentRules([])).toContain('typescript(no-floating-promises) did not report the planted code')
    expect(silentRules([])).toContain('eslint(no-restricted-properties) reported 0 of 2 planted lines')
  })
})
