import { describe, expect, it } from 'vitest'
import { ERRORS } from '../../../src/domain/errors/catalogue.ts'
import type { DetailsOf, ErrorCode } from '../../../src/domain/errors/catalogue.ts'
import { redactSecrets } from '../../../src/domain/redact-secrets.ts'
import { SAMPLE_DETAILS } from './sample-details.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

describe('ERRORS', () => {
  it('is sorted by code', () => {
    expect(CODES).toEqual(CODES.toSorted((a, b) => a.localeCompare(b, 'en')))
    expect(CODES.length).toBeGreaterThan(30)
  })

  it.each(CODES)('%s has a name, a title, a message and a hint as a reader needs them', (code) => {
    const { title, message, hint } = textsOf(code, SAMPLE_DETAILS[code])
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/u)
    expect(title).toMatch(/^[A-Z].{2,48}[^.!?]$/u)
    expect(message).toMatch(/^\S.*[^.]\.$/su)
    expect(hint).toMatch(/^[A-Z].*[^.]\.$/su)
    expect(`${title} ${message} ${hint}`).not.toMatch(/!|undefined|\[object|\bNaN\b|\bError:|\bHint:|  /u)
  })

  it.each(CODES)('%s shows nothing that looks like a secret', (code) => {
    const { message, hint } = textsOf(code, SAMPLE_DETAILS[code])
    expect(redactSecrets(message)).toBe(message)
    expect(redactSecrets(hint)).toBe(hint)
  })

  it('never repeats a title', () => {
    const titles = CODES.map((code) => ERRORS[code].title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('asks nobody to try again what can not succeed', () => {
    for (const code of CODES) {
      const spec = ERRORS[code]
      if (spec.retry === 'later')
        expect(spec.status, code).toSatisfy((status: number) => status === 408 || status >= 500)
    }
  })
})

function textsOf<C extends ErrorCode>(
  code: C,
  details: DetailsOf<C>,
): Record<'title' | 'message' | 'hint', string> {
  // Every row takes the details of its own code; TypeScript can not follow that through the index.
  const spec = ERRORS[code] as unknown as {
    readonly title: string
    readonly message: (details: DetailsOf<C>) => string
    readonly hint: (details: DetailsOf<C>) => string
  }
  return { title: spec.title, message: spec.message(details), hint: spec.hint(details) }
}
