// The log of a program under test: pieces become lines, lines are found by name.
import { describe, expect, it } from 'vitest'
import { BelayLog } from './belay-log.ts'

describe('BelayLog', () => {
  it('joins pieces to lines, parses them, and keeps what is no JSON', () => {
    const log = new BelayLog()
    log.take('{"msg":"worktree_sync_out')
    log.take('come","case":"fast_forwarded"}\nWarning: x\n{"msg":"half')
    expect(log.lines).toHaveLength(2)
    expect(log.named('worktree_sync_outcome').map(({ fields }) => fields['case'])).toEqual(['fast_forwarded'])
    expect(log.tail(1)).toBe('Warning: x\n{"msg":"half')
  })
})
