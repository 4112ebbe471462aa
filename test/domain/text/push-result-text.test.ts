import { describe, expect, it } from 'vitest'
import { isPushRefusal, pushRefusalText } from '../../../src/domain/text/push-result-text.ts'
import type { PushRefusal } from '../../../src/domain/text/push-result-text.ts'

const ALL: Readonly<Record<PushRefusal, true>> = {
  non_fast_forward: true,
  protected: true,
  ruleset: true,
  signature_required: true,
  secret_found: true,
  workflow_permission: true,
  too_large: true,
  archived: true,
  auth: true,
  network: true,
  unknown: true,
}

describe('pushRefusalText', () => {
  it('says for every refusal something of its own, with a way on', () => {
    const texts = (Object.keys(ALL) as PushRefusal[]).map((refusal) => pushRefusalText(refusal))
    expect(new Set(texts.map(({ meaning }) => meaning)).size).toBe(texts.length)
    for (const { meaning, cure } of texts) {
      expect(meaning).toMatch(/^[A-Z].*\.$/u)
      expect(cure).toMatch(/`continue`.*\.$/u)
    }
  })
})

describe('isPushRefusal', () => {
  it('knows every refusal and nothing else', () => {
    expect(Object.keys(ALL).every(isPushRefusal)).toBe(true)
    expect(['pushed', '', 'constructor', '__proto__'].some(isPushRefusal)).toBe(false)
  })
})
