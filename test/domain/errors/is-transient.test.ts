import { describe, expect, it } from 'vitest'

import { AppError } from '../../../src/domain/errors/app-error.ts'
import { ERRORS } from '../../../src/domain/errors/catalogue.ts'
import { isTransient, TRANSIENT_CODES } from '../../../src/domain/errors/is-transient.ts'

describe('isTransient', () => {
  it('is true for the outages of GitHub and the database, and for nothing else', () => {
    const away = [
      new AppError('GITHUB_UNAVAILABLE', { route: 'GET /app', reason: 'timeout' }),
      new AppError('GITHUB_RATE_LIMITED', { retryAfterMs: 1_000 }),
      new AppError('DATABASE_UNAVAILABLE', { reason: 'disk full' }),
    ]
    expect(away.map((error) => isTransient(error))).toEqual([true, true, true])
    const others = [
      new AppError('GIT_FAILED', { command: 'fetch', exitCode: 1, detail: '' }),
      new AppError('INTERNAL_ERROR', {}),
      new Error('GITHUB_UNAVAILABLE'),
      'GITHUB_UNAVAILABLE',
      null,
    ]
    expect(others.map((error) => isTransient(error))).toEqual(others.map(() => false))
  })

  it('names only codes that the catalogue calls worth trying again later', () => {
    expect(TRANSIENT_CODES.map((code) => ERRORS[code].retry)).toEqual(TRANSIENT_CODES.map(() => 'later'))
  })
})
