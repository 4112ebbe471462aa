// The whole way of an answer: a comment on a line, the agent that is told of it, the door it answers through, and the
// thread on GitHub as people see it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { insert } from '../../src/domain/changes.ts'
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

it('passes an alert on, asks a person for the agent, and lets the next attempt mark the tasks', async () => {
  const ask = ['ask', '-m', 'Which knot, @bob?', '--option', 'A bow', '--option', 'A hitch']
  const { pr, session } = await playAttempt(bench, 'ask', [
    [
      { do: 'door', args: ['help'] },
      { do: 'door', args: ['alert', '-m', 'The rope is short.'] },
      { do: 'door', args: ['ask', '-m', 'May I?'] },
      { do: 'door', args: ask },
      { do: 'door', args: ask },
      { do: 'door', args: ['task', 'tie', 'done'] },
    ],
    [
      { do: 'door', args: ['help'] },
      { do: 'door', args: ['task', 'tie', 'done'] },
      { do: 'door', args: ['task', 'tie', 'doing', '-m', 'It slips.'] },
      { do: 'door', args: ['task', 'tie', 'done', '-m', 'It holds.'] },
      { do: 'door', args: ['task', 'gone', 'done'] },
      { do: 'door', args: ['task', 'pull', 'doing'] },
    ],
  ])
  const first = await bench.story.doorAnswers({ pr: pr.number, attempt: 1 })
  expect(first.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 1])
  expect(first[0]?.text).not.toContain('belay-agent task')
  expect(first[4]?.text).toContain('Accepted before')
  const sessionId = session.id
  const [attempt] = await bench.store.list('attempts', { sessionId })
  const question = { text: 'Which knot, @&#8203;bob?', choices: ['A bow', 'A hitch'] }
  expect(attempt).toMatchObject({ status: 'succeeded', question })
  expect(await bench.store.list('alerts', { sessionId })).toMatchObject([
    {
      code: 'agent_alert',
      details: { text: 'The rope is short.', attempt: attempt?.id, phase: 'implement' },
    },
  ])
  expect(await bench.decisions(pr)).toMatchObject([
    { kind: 'agent_question', status: 'pending', details: question },
  ])

  const pipelineId = attempt?.pipelineId ?? ''
  await bench.store.commit(
    (['tie', 'gone', 'pull'] as const).map((taskId, position) =>
      insert('contractTasks', {
        id: `${pipelineId}/${taskId}`,
        pipelineId,
        sessionId,
        taskId,
        position,
        title: `To ${taskId}`,
        acceptance: [],
        dependsOn: null,
        status: taskId === 'gone' ? 'dropped' : 'todo',
        note: '',
        updatedAt: 1,
      }),
    ),
    null,
  )
  await bench.say(pr, 'alice', '/belay answer a')
  await bench.finishAttempts()
  const second = await bench.story.doorAnswers({ pr: pr.number, attempt: 2 })
  expect(second.map(({ code }) => code)).toEqual([0, 0, 0, 0, 1, 0])
  expect(second[0]?.text).toContain('Tasks, by id:\n  tie: To tie\n  pull: To pull')
  expect(second.every(({ text }) => !text.includes('before'))).toBe(true)
  expect(await bench.store.list('contractTasks', { pipelineId })).toMatchObject([
    { taskId: 'tie', status: 'done', note: 'It holds.' },
    { taskId: 'gone', status: 'dropped', note: '' },
    { taskId: 'pull', status: 'doing', note: '' },
  ])
  const attempts = await bench.store.list('attempts', { sessionId })
  expect(attempts.map((one) => one.question)).toEqual([question, null])
  expect(bench.failures()).toEqual([])
})
