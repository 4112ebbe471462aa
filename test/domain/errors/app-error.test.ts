import { describe, expect, it } from 'vitest'
import { AppError, isAppError, toEnvelope } from '../../../src/domain/errors/app-error.ts'

const PENDING = new AppError('DECISION_PENDING', { decision: 'k3m9qx' })

describe('AppError', () => {
  it('takes status and texts from the catalogue and keeps what caused it', () => {
    const cause = new Error('a foreign one')
    const error = new AppError('GITHUB_REFUSED', { status: 403, route: 'GET /app' }, { cause })
    expect(error).toMatchObject({
      code: 'GITHUB_REFUSED',
      status: 502,
      message: 'GitHub answered GET /app with 403.',
      details: { status: 403, route: 'GET /app' },
      cause,
    })
    expect(error.hint).toContain('permissions')
  })
})

describe('isAppError', () => {
  it('tells ours from others, and one code from another', () => {
    expect(isAppError(PENDING)).toBe(true)
    expect(isAppError(PENDING, 'DECISION_PENDING')).toBe(true)
    expect(isAppError(PENDING, 'LANE_LOST')).toBe(false)
    expect(isAppError(new Error('DECISION_PENDING'), 'DECISION_PENDING')).toBe(false)
  })
})

describe('toEnvelope', () => {
  it('is the wire form of an error of ours', () => {
    expect(toEnvelope(PENDING, 'r1')).toEqual({
      status: 409,
      body: {
        error: 'A question is open',
        code: 'DECISION_PENDING',
        message: 'The question `k3m9qx` is open; nothing runs for this session until it is answered.',
        hint: 'Answer the question on the pull request.',
        requestId: 'r1',
        details: { decision: 'k3m9qx' },
      },
    })
  })

  it.each([new Error('password=hunter2'), 'a text', null, { status: 404, message: 'secret' }])(
    'says nothing of a foreign error (%#)',
    (foreign) => {
      const { status, body } = toEnvelope(foreign, 'r1')
      expect(status).toBe(500)
      expect(body).toMatchObject({ code: 'INTERNAL_ERROR', details: {} })
      expect(JSON.stringify(body)).not.toMatch(/hunter2|secret|a text/u)
    },
  )
})
