// What of a merge group becomes an event.

import { describe, expect, it } from 'vitest'
import { toEvents } from '../../src/edge/to-event.ts'
import { exampleOf } from './published-examples.ts'

describe('toEvents for merge groups', () => {
  it('maps the request for checks, and nothing else of a group', () => {
    const payload = exampleOf('merge_group', 'checks_requested')
    expect(toEvents('merge_group', payload)).toEqual({
      kind: 'events',
      events: [
        {
          kind: 'merge_group_requested',
          repository: expect.objectContaining({ installationId: expect.any(Number) }),
          headSha: expect.stringMatching(/^[0-9a-f]{40}$/),
        },
      ],
    })
    const over = { ...payload, action: 'destroyed', reason: 'merged' }
    expect(toEvents('merge_group', over)).toEqual({ kind: 'ignored', reason: 'action_not_used' })
  })
})
