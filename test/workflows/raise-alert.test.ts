// Alerts on a real database file: the row, its line in the change log, and what counts as raised before.

import { describe, expect, it } from 'vitest'
import { insert } from '../../src/domain/changes.ts'
import { raiseAlert, raiseUnknownAnswer, type RaisedAlert } from '../../src/workflows/raise-alert.ts'
import { decision, pipeline } from '../adapters/db/rows.ts'
import { openDesk } from '../support/door-desk.ts'

const SUBJECT = { projectId: 'harbour', prNumber: 5, sessionId: 'harbour-1', pipelineId: 'harbour-1.1' }
const STALL: RaisedAlert = {
  code: 'overseer_stall',
  subject: SUBJECT,
  details: { about: 'attempt-1', silent_ms: 90_000 },
}

async function openAlerts() {
  const desk = await openDesk()
  const raise = async (alert: RaisedAlert): Promise<void> =>
    desk.plant(...(await raiseAlert(desk.deps, alert)))
  const raised = () => desk.store.list('alerts', {})
  const logged = async () => (await desk.changeLog()).filter(({ type }) => type === 'alert.raised')
  return { ...desk, raise, raised, logged }
}

describe('raiseAlert', () => {
  it('writes a row and a line of the change log with the name that watchers wait for', async () => {
    const { raise, raised, logged, warnings } = await openAlerts()
    await raise(STALL)
    const [row] = await raised()
    const { prNumber, ...about } = SUBJECT
    expect(row).toEqual({
      id: expect.stringMatching(/^al_/) as string,
      code: 'overseer_stall',
      ...about,
      details: STALL.details,
      raisedAt: 1000,
    })
    expect(await logged()).toMatchObject([
      {
        projectId: 'harbour',
        prNumber,
        sessionId: 'harbour-1',
        payload: {
          v: 1,
          alert_id: row?.id,
          code: 'overseer_stall',
          name: 'OVERSEER_ALERT',
          anomaly: 'overseer_stall',
          priority: 'high',
          about: 'attempt-1',
          silent_ms: 90_000,
        },
      },
    ])
    expect(warnings).toMatchObject([{ alert: row?.id, session: 'harbour-1', about: 'attempt-1' }])
  })

  it('lets no detail hide what the alert is', async () => {
    const { raise, raised, logged } = await openAlerts()
    await raise({ ...STALL, details: { name: 'x', anomaly: 'x', priority: 'x', alert_id: 'x', v: 2 } })
    const [row] = await raised()
    expect((await logged())[0]?.payload).toEqual({
      v: 1,
      alert_id: row?.id,
      code: 'overseer_stall',
      name: 'OVERSEER_ALERT',
      anomaly: 'overseer_stall',
      priority: 'high',
    })
  })

  it('is raised each time, unless it says what makes it the same', async () => {
    const { raise, raised, logged } = await openAlerts()
    await raise(STALL)
    await raise(STALL)
    expect(await raised()).toHaveLength(2)
    const once = { ...STALL, code: 'overseer_loop', once: ['about'] } as const
    await raise(once)
    await raise({ ...once, details: { ...once.details, silent_ms: 1 } })
    await raise({ ...once, details: { about: 'attempt-2' } })
    expect((await raised()).map(({ code }) => code)).toEqual([
      'overseer_stall',
      'overseer_stall',
      'overseer_loop',
      'overseer_loop',
    ])
    expect(await logged()).toHaveLength(4)
  })

  it('keeps codes, sessions and pipelines apart', async () => {
    const { raise, raised, plant } = await openAlerts()
    await plant(insert('pipelines', pipeline({ id: 'harbour-1.2', no: 2, status: 'complete' })))
    const once = { ...STALL, once: [] } as const
    const others = [
      { pipelineId: 'harbour-1.2' },
      { pipelineId: null },
      { sessionId: null, pipelineId: null },
    ]
    const all: readonly RaisedAlert[] = [
      once,
      { ...once, code: 'overseer_budget' },
      ...others.map((over) => ({ ...once, subject: { ...SUBJECT, ...over } })),
    ]
    for (const alert of [...all, ...all]) await raise(alert)
    expect(await raised()).toHaveLength(all.length)
  })
})

describe('raiseUnknownAnswer', () => {
  it('is raised for every such answer, with the words that were sent', async () => {
    const { deps, plant, raised, logged } = await openAlerts()
    const event = { decision: decision(), answer: 'maybe', actor: 'alice' }
    for (let no = 0; no < 2; no += 1) await plant(...raiseUnknownAnswer(deps, event))
    expect(await raised()).toHaveLength(2)
    expect((await logged())[0]?.payload).toMatchObject({
      anomaly: 'hard_reset_recovery_unknown_resolution',
      priority: 'high',
      decision_id: event.decision.id,
      context: event.decision.context,
      resolution: 'maybe',
      actor: 'alice',
    })
  })
})
