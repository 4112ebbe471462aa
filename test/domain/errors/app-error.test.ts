import { describe, expect, it } from 'vitest'
import { AppError, isAppError, toEnvelope } from '../../../src/domain/errors/app-error.ts'

const MISSING = new AppError('DECISION_NOT_FOUND', { decision: 'k3m9qx' })

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
    expect(isAppError(MISSING)).toBe(true)
    expect(isAppError(MISSING, 'DECISION_NOT_FOUND')).toBe(true)
    expect(isAppError(MISSING, 'LANE_LOST')).toBe(false)
    expect(isAppError(new Error('DECISION_NOT_FOUND'), 'DECISION_NOT_FOUND')).toBe(false)
  })
})

describe('toEnvelope', () => {
  it('is the wire form of an error of ours', () => {
    expect(toEnvelope(MISSING, 'r1')).toEqual({
      status: 404,
      body: {
        error: 'No such decision',
        code: 'DECISION_NOT_FOUND',
        message: 'There is no question with the id `k3m9qx`.',
        hint: 'Take the id from the question on the pull request, or run `belay decisions list`.',
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
