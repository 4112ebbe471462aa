import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import { toPublicReason } from '../../../src/domain/errors/public-reason.ts'

describe('toPublicReason', () => {
  it('gives the words of an error that users may read', () => {
    const error = new AppError('WORKSPACE_INVALID', { session: 'rope-1', reason: 'its worktree is gone.' })
    expect(toPublicReason(error)).toEqual({
      code: 'WORKSPACE_INVALID',
      reason: 'The workspace of rope-1 can not be used: its worktree is gone.',
    })
  })

  it('keeps the words of an operator’s error to itself and names its code', () => {
    const details = { command: 'fetch', exitCode: 128, detail: 'fatal: /srv/belay/mirrors/rope.git' }
    expect(toPublicReason(new AppError('GIT_FAILED', details))).toEqual({
      code: 'GIT_FAILED',
      reason: 'Something went wrong inside Belay. Nothing was discarded. (GIT_FAILED)',
    })
  })

  it('says nothing of an error nobody knows', () => {
    expect(toPublicReason(new Error('EACCES: /srv/belay/sessions'))).toEqual({
      code: 'INTERNAL_ERROR',
      reason: 'Something went wrong inside Belay. Nothing was discarded. (INTERNAL_ERROR)',
    })
  })
})
