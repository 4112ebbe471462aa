// The whole way of an answer: a comment on a line, the agent that is told of it, the door it answers through, and the
// thread on GitHub as people see it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { playAttempt } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

/** Longer than any burst of webhooks is waited for. */
const QUIET_MS = 120_000

it('lets an agent answer and resolve the thread it was told of, and no other', async () => {
  const { pr } = await playAttempt(bench, 'talk', [
    [{ do: 'write', path: 'talk.txt', text: 'more\n' }],
    [
      { do: 'door', args: ['reply', 't1', '-m', 'Because of the `knot`.'] },
      { do: 'door', args: ['reply', 't1', '-m', 'Because of the `knot`.'] },
      { do: 'door', args: ['resolve', 't1', '-m', 'Done now.'] },
      { do: 'door', args: ['reply', 't2', '-m', 'Me too.'] },
    ],
  ])
  const told = await pr.reviewComment('alice', { path: 'talk.txt', line: 1, body: 'Why more?' })
  await eventually(
    async () => {
      bench.clock.advance(QUIET_MS)
      await bench.settle()
      return (await bench.story.attemptCount(pr.number)) === 2
    },
    { what: 'the agent to be told', explain: () => bench.log.troubles() },
  )
  await bench.finishAttempts()

  const answers = await bench.story.doorAnswers({ pr: pr.number, attempt: 2 })
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 1])
  expect(answers.at(-1)?.text).toContain('was not delivered to this attempt. These were:\n  t1 (talk.txt:1)')
  expect(told.thread.comments.map(({ author, body }) => [author, body.split('\n')[0]])).toEqual([
    ['alice', 'Why more?'],
    ['belay[bot]', 'Because of the `knot`.'],
    ['belay[bot]', 'Done now.'],
  ])
  expect(told.thread).toMatchObject({ isResolved: true, resolvedBy: { login: 'belay[bot]' } })
  // What the agent wrote itself is seen, and no news for it.
  await eventually(
    async () => {
      bench.clock.advance(QUIET_MS)
      await bench.settle()
      return (await bench.store.list('reviewComments', { prNumber: pr.number })).length === 3
    },
    { what: 'the replies to be mirrored' },
  )
  expect(await bench.story.attemptCount(pr.number)).toBe(2)
  expect(bench.failures()).toEqual([])
})
