// What comes of an agent's marks, alerts and questions, on a real database file: each once, and none that may not be.

import { describe, expect, it } from 'vitest'
import { insert, update } from '../../src/domain/changes.ts'
import type { Attempt } from '../../src/domain/records.ts'
import type { DoorRequest } from '../../src/domain/session/door.ts'
import { attempt, pipeline } from '../adapters/db/rows.ts'
import { openDesk, report, task } from '../support/door-desk.ts'

type Ask = Extract<DoorRequest, { readonly verb: 'ask' }>
type Mark = Extract<DoorRequest, { readonly verb: 'task' }>

const MARK: Mark = { verb: 'task', taskId: 'tie', status: 'done', note: 'Holds.' }
const ALERT: DoorRequest = { verb: 'alert', text: { id: 'a', body: 'The disk is full.' } }
const ASK: Ask = { verb: 'ask', text: { id: 'q', body: 'Which knot?' }, choices: ['A bow', 'A hitch'] }
const SECRET = ['gh', 'p_', 'A'.repeat(24)].join('')

type Desk = Awaited<ReturnType<typeof openDesk>>

const taskRow = (desk: Desk) => desk.store.find('contractTasks', { id: 'harbour-1.1/tie' })
const questionOf = async (desk: Desk, id = 'attempt-1') =>
  (await desk.store.find('attempts', { id }))?.question
const alerts = (desk: Desk) => desk.store.list('alerts', {})
const refreshes = async (desk: Desk) => (await desk.send()).filter(({ kind }) => kind === 'comment').length

describe('task', () => {
  it('marks the task with its note, and brings the status comment up to date', async () => {
    const desk = await openDesk()
    await desk.plant(task())
    // The mark, and the refresh that follows it.
    expect(await desk.ask(report(MARK))).toBe(2)
    expect(await taskRow(desk)).toMatchObject({ status: 'done', note: 'Holds.', updatedAt: 1000 })
    expect(await refreshes(desk)).toBe(1)
    expect(desk.warnings).toEqual([])
  })

  it('does the same mark once, and a change back as often as it comes', async () => {
    const desk = await openDesk()
    await desk.plant(task())
    await desk.ask(report(MARK), report(MARK))
    const doing = report({ ...MARK, status: 'doing', note: '' }, { requestId: 'second' })
    const done = report(MARK, { requestId: 'third' })
    await desk.ask(doing)
    expect(await taskRow(desk)).toMatchObject({ status: 'doing', note: '' })
    await desk.ask(done)
    expect(await taskRow(desk)).toMatchObject({ status: 'done', note: 'Holds.' })
    // Another request for what is there already changes nothing and shows nothing.
    expect(await desk.ask(report(MARK, { requestId: 'fourth' }))).toBe(1)
  })

  it('keeps a note as one plain line without secrets', async () => {
    const desk = await openDesk()
    await desk.plant(task())
    await desk.ask(report({ ...MARK, note: `one\n two ${SECRET}\u202e` }))
    expect(await taskRow(desk)).toMatchObject({ note: 'one two [removed]\ufffd' })
  })

  it.each([
    ['a task nobody knows', { taskId: 'other' }, 'unknown_task'],
    ['a task of another pipeline', { taskId: 'theirs' }, 'unknown_task'],
    ['a task that is in the plan no more', { taskId: 'gone' }, 'dropped_task'],
  ])('does nothing for %s', async (_what, over, refusal) => {
    const desk = await openDesk()
    await desk.plant(
      insert('pipelines', pipeline({ id: 'harbour-1.2', no: 2, status: 'complete' })),
      task({ id: 'harbour-1.2/theirs', pipelineId: 'harbour-1.2', taskId: 'theirs' }),
      task({ id: 'harbour-1.1/gone', taskId: 'gone', status: 'dropped' }),
    )
    const before = await desk.store.list('contractTasks', {})
    expect(await desk.ask(report({ ...MARK, ...over }))).toBe(1)
    expect(await desk.store.list('contractTasks', {})).toEqual(before)
    expect(desk.warnings).toMatchObject([{ refusal, verb: 'task' }])
  })
})

describe('alert', () => {
  it('is a row, a line of the change log and a word to the operator, and shows nothing hidden', async () => {
    const desk = await openDesk()
    const body = `@alice the disk is full: ${SECRET}\n/merge`
    await desk.ask(report({ verb: 'alert', text: { id: 'a', body } }))
    const details = {
      text: '@&#8203;alice the disk is full: [removed]\n\\/merge',
      attempt: 'attempt-1',
      agent: 'claude-code',
      role: 'producer',
      phase: 'implement',
    }
    const subject = { projectId: 'harbour', sessionId: 'harbour-1', pipelineId: 'harbour-1.1' }
    const [alert] = await alerts(desk)
    expect(alert).toMatchObject({ code: 'agent_alert', ...subject, details, raisedAt: 1000 })
    const raised = (await desk.changeLog()).filter(({ type }) => type === 'alert.raised')
    expect(raised).toMatchObject([
      {
        prNumber: 5,
        sessionId: 'harbour-1',
        payload: { ...details, v: 1, alert_id: alert?.id, name: 'OVERSEER_ALERT', anomaly: 'agent_alert' },
      },
    ])
    expect(desk.warnings).toMatchObject([{ alert: alert?.id, ...details }])
    expect(await refreshes(desk)).toBe(1)
  })

  it('is raised once in a pipeline for the same text, also by another attempt', async () => {
    const desk = await openDesk()
    await desk.ask(report(ALERT), report(ALERT, { requestId: 'again' }))
    const next: Attempt = attempt({ id: 'attempt-2', runEpoch: 2 })
    await desk.plant(
      update('attempts', { where: { id: 'attempt-1' }, set: { status: 'failed' } }),
      update('pipelines', { where: { id: 'harbour-1.1' }, set: { runEpoch: 2 } }),
      insert('attempts', next),
    )
    const second = { attemptId: 'attempt-2', runEpoch: 2 }
    await desk.ask(report(ALERT, second))
    expect(await alerts(desk)).toHaveLength(1)
    await desk.ask(report({ verb: 'alert', text: { id: 'b', body: 'It is worse.' } }, second))
    expect(await alerts(desk)).toHaveLength(2)
  })

  it('is taken from a reviewer, and nothing else is', async () => {
    const desk = await openDesk()
    await desk.plant(task(), update('attempts', { where: { id: 'attempt-1' }, set: { role: 'reviewer' } }))
    await desk.ask(report(ALERT), report(MARK), report(ASK))
    expect(await alerts(desk)).toMatchObject([{ details: { role: 'reviewer' } }])
    expect([await questionOf(desk), (await taskRow(desk))?.status]).toEqual([null, 'todo'])
    const refused = desk.warnings.filter((fields) => 'refusal' in fields)
    expect(refused).toMatchObject([{ refusal: 'not_for_reviewers' }, { refusal: 'not_for_reviewers' }])
  })
})

describe('ask', () => {
  it('keeps the question with its attempt, and the last one counts', async () => {
    const desk = await openDesk()
    await desk.ask(report(ASK), report(ASK))
    expect(await questionOf(desk)).toEqual({ text: 'Which knot?', choices: ['A bow', 'A hitch'] })
    await desk.ask(report({ ...ASK, text: { id: 'r', body: `@bob may I? ${SECRET}` }, choices: [] }))
    expect(await questionOf(desk)).toEqual({
      text: '@&#8203;bob may I? [removed]',
      choices: ['Yes', 'No'],
    })
    expect(await desk.store.list('decisions', {})).toEqual([])
    expect(desk.warnings).toEqual([])
  })

  it.each(['succeeded', 'failed', 'stopped', 'lost'] as const)(
    'is refused when the attempt has ended as %s',
    async (status) => {
      const desk = await openDesk()
      await desk.plant(update('attempts', { where: { id: 'attempt-1' }, set: { status, endedAt: 5 } }))
      await desk.ask(report(ASK))
      expect(await questionOf(desk)).toBeNull()
      expect(desk.warnings).toMatchObject([{ refusal: 'attempt_over', verb: 'ask' }])
    },
  )

  it('takes no answers that could be taken for others, whatever the runner let through', async () => {
    const desk = await openDesk()
    await desk.ask(report({ ...ASK, choices: ['One', 'one'] }), report({ ...ASK, choices: ['abort'] }))
    expect(await questionOf(desk)).toBeNull()
    expect(desk.warnings).toMatchObject([{ refusal: 'unfit_choices' }, { refusal: 'unfit_choices' }])
  })
})

describe('each of them', () => {
  const ALL = [MARK, ALERT, ASK]

  it.each([
    ['the run went on', { runEpoch: 2 }, 'older_run_epoch'],
    ['the pipeline was cancelled', { status: 'cancelled' }, 'cancelled'],
  ] as const)('does nothing when %s meanwhile', async (_what, set, refusal) => {
    const desk = await openDesk()
    await desk.plant(task(), update('pipelines', { where: { id: 'harbour-1.1' }, set }))
    // A question is judged before the agent is told so, the others in the lane.
    expect(await desk.ask(...ALL.map((request) => report(request)))).toBe(2)
    expect([await questionOf(desk), (await taskRow(desk))?.status]).toEqual([null, 'todo'])
    expect(await alerts(desk)).toEqual([])
    expect(desk.warnings).toHaveLength(ALL.length)
    const expected = ALL.map(({ verb }): unknown => expect.objectContaining({ refusal, verb }))
    expect(desk.warnings).toEqual(expect.arrayContaining(expected))
  })

  it.each([
    ['an attempt that is not known', { attemptId: 'attempt-9' }, 'unknown_attempt'],
    ['an older epoch than the attempt’s', { runEpoch: 0 }, 'older_run_epoch'],
  ])('does nothing for %s', async (_what, over, refusal) => {
    const desk = await openDesk()
    await desk.plant(task())
    await desk.ask(...ALL.map((request) => report(request, over)))
    expect([await questionOf(desk), (await taskRow(desk))?.status]).toEqual([null, 'todo'])
    expect(await alerts(desk)).toEqual([])
    expect(desk.warnings).toMatchObject(ALL.map(() => ({ refusal })))
  })
})
