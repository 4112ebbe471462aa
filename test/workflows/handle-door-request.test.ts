// From a runner's report to the effects in their order, on a real database file. Nothing here talks to GitHub.

import { describe, expect, it } from 'vitest'
import { insert, update } from '../../src/domain/changes.ts'
import type { Attempt } from '../../src/domain/records.ts'
import type { DoorRequest } from '../../src/domain/session/door.ts'
import { takeReport } from '../../src/workflows/handle-report.ts'
import { attempt, pullRequest } from '../adapters/db/rows.ts'
import { nudge, openDesk, report, thread } from '../support/door-desk.ts'

const TEXT = { id: 'text-1', body: 'Done.' }
const REPLY: DoorRequest = { verb: 'reply', threadId: 'PRRT_one', text: TEXT }
const RESOLVE: DoorRequest = { verb: 'resolve', threadId: 'PRRT_one', text: null }
const BOTH: DoorRequest = { verb: 'resolve', threadId: 'PRRT_one', text: TEXT }

describe('handleDoorRequest', () => {
  it('stores a report before it does anything, and turns it into a reply with its author named', async () => {
    const { deps, work, send, warnings } = await openDesk()
    await takeReport(deps, report(REPLY))
    expect(await send()).toEqual([])
    expect(await work()).toBe(1)
    expect(await send()).toEqual([
      {
        kind: 'thread_reply',
        target: 'thread:PRRT_one',
        repository: { installationId: 3, owner: 'quay', name: 'harbour' },
        prNumber: 5,
        threadId: 'PRRT_one',
        replyId: 'attempt-1:text-1',
        body: 'Done.\n\n<sub>Written by the agent `scripted`.</sub>',
      },
    ])
    expect(warnings).toEqual([])
  })

  it('replies first and resolves then, one after the other', async () => {
    const { deps, work, send } = await openDesk()
    await takeReport(deps, report(BOTH))
    await work()
    const sent = await send()
    expect(sent.map(({ kind, target }) => [kind, target])).toEqual([
      ['thread_reply', 'thread:PRRT_one'],
      ['resolve_thread', 'thread:PRRT_one'],
    ])
  })

  it('does the same request once, and a reply once that comes with two requests', async () => {
    const { deps, work, send } = await openDesk()
    for (const request of [REPLY, REPLY, BOTH, RESOLVE]) await takeReport(deps, report(request))
    expect(await work()).toBe(3)
    expect((await send()).map(({ kind }) => kind)).toEqual(['thread_reply', 'resolve_thread'])
    await takeReport(deps, report(REPLY))
    expect(await work()).toBe(0)
  })

  it('does them again for another attempt', async () => {
    const { deps, store, work, send } = await openDesk()
    await takeReport(deps, report(BOTH))
    await work()
    await send()
    const next: Attempt = attempt({ id: 'attempt-2', runEpoch: 2, status: 'running' })
    await store.commit(
      [
        update('attempts', { where: { id: 'attempt-1' }, set: { status: 'failed' } }),
        update('pipelines', { where: { id: 'harbour-1.1' }, set: { runEpoch: 2 } }),
        insert('attempts', next),
      ],
      null,
    )
    await takeReport(deps, report(BOTH, { attemptId: 'attempt-2', runEpoch: 2 }))
    await work()
    expect((await send()).map(({ kind }) => kind)).toEqual(['thread_reply', 'resolve_thread'])
  })

  it('still does what was accepted when the attempt has ended well by then', async () => {
    const { deps, store, work, send } = await openDesk()
    await takeReport(deps, report(REPLY))
    await store.commit(
      [
        update('attempts', { where: { id: 'attempt-1' }, set: { status: 'succeeded', endedAt: 5 } }),
        update('pipelines', { where: { id: 'harbour-1.1' }, set: { status: 'complete' } }),
      ],
      null,
    )
    await work()
    expect(await send()).toHaveLength(1)
  })

  it.each([
    ['an attempt that is not known', report(REPLY, { attemptId: 'attempt-9' }), 'unknown_attempt'],
    ['a wrong epoch', report(REPLY, { runEpoch: 2 }), 'older_run_epoch'],
    ['a thread nobody mirrored', report({ ...REPLY, threadId: 'PRRT_elsewhere' }), 'unknown_thread'],
    ['a thread that was not delivered', report({ ...REPLY, threadId: 'PRRT_silent' }), 'not_delivered'],
  ])('does nothing for %s, and says so in the log', async (_what, refused, refusal) => {
    const { deps, work, send, warnings } = await openDesk()
    await takeReport(deps, refused)
    expect(await work()).toBe(1)
    expect(await send()).toEqual([])
    expect(warnings).toMatchObject([{ refusal, attemptId: refused.attemptId }])
  })

  it('does nothing for a thread of another pull request, nor for one delivered to another pipeline', async () => {
    const { deps, store, work, send, warnings } = await openDesk()
    await store.commit(
      [
        insert('pullRequests', pullRequest({ number: 6, nodeId: 'PR_6', headRef: 'six' })),
        thread('PRRT_elsewhere', 6),
        nudge({ id: 'nudge-2', item: 'x', threadIds: ['PRRT_silent'], pipelineId: null }),
      ],
      null,
    )
    await takeReport(deps, report({ ...REPLY, threadId: 'PRRT_elsewhere' }))
    await takeReport(deps, report({ ...REPLY, threadId: 'PRRT_silent' }))
    await work()
    expect(await send()).toEqual([])
    expect(warnings).toMatchObject([{ refusal: 'unknown_thread' }, { refusal: 'not_delivered' }])
  })

  it.each([
    ['the run went on', { runEpoch: 2 }, 'older_run_epoch'],
    ['it was cancelled', { status: 'cancelled' }, 'cancelled'],
  ] as const)('does nothing when %s meanwhile', async (_what, set, refusal) => {
    const { deps, store, work, send, warnings } = await openDesk()
    await takeReport(deps, report(BOTH))
    await store.commit([update('pipelines', { where: { id: 'harbour-1.1' }, set })], null)
    await work()
    expect(await send()).toEqual([])
    expect(warnings).toMatchObject([{ refusal }])
  })

  it('takes nothing from a session that is not there', async () => {
    const { deps, work } = await openDesk()
    await expect(takeReport(deps, report(REPLY, { sessionId: 'harbour-9' }))).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    })
    expect(await work()).toBe(0)
  })
})
