import { describe, expect, it } from 'vitest'
import { waitingNewsLine } from '../../../src/domain/text/waiting-news.ts'

const FREE = { hasOpenQuestion: false, isMerging: false }

describe('waitingNewsLine', () => {
  it('says nothing when nothing waits', () => {
    expect(waitingNewsLine({ ...FREE, waiting: [] })).toBeNull()
  })

  it('counts what waits, by what it is about, and says when it will be told', () => {
    const waiting = [
      { kind: 'review' },
      { kind: 'checks' },
      { kind: 'review' },
      { kind: 'conflict' },
    ] as const
    expect(waitingNewsLine({ ...FREE, waiting })).toBe(
      '**News waits for the agent:** conflicts with the base, failing checks and 2 review remarks. The agent hears of it as soon as it is free.',
    )
    expect(waitingNewsLine({ ...FREE, waiting, hasOpenQuestion: true })).toContain(
      'The agent hears of it once the question is answered.',
    )
    expect(waitingNewsLine({ ...FREE, waiting, isMerging: true })).toContain('about to be merged')
  })
})
