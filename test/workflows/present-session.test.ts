// What the status comment and the check run say of reviews, contract and alerts, from committed rows of a real database.

import { describe, expect, it } from 'vitest'
import { insert, update, upsert, type Change } from '../../src/domain/changes.ts'
import type { Effect } from '../../src/domain/effects.ts'
import type { Proposal } from '../../src/domain/pipeline/records.ts'
import { configOf } from '../../src/workflows/load-config.ts'
import { loadSession } from '../../src/workflows/queries.ts'
import { presentDecision, refreshStatus } from '../../src/workflows/present-session.ts'
import { attempt, decision, pipeline, project } from '../adapters/db/rows.ts'
import { alert, contract, proposal, verdict } from '../domain/text/review-samples.ts'
import { openDesk, task } from '../support/door-desk.ts'

const OURS = { sessionId: 'harbour-1', pipelineId: 'harbour-1.1' }

type Desk = Awaited<ReturnType<typeof openDesk>>

/** Plants rows, has everything shown anew, and returns what GitHub is told. */
async function shown(desk: Desk, ...rows: readonly Change[]): Promise<readonly Effect[]> {
  const { deps, store, plant, work, send } = desk
  await plant(...rows, refreshStatus(deps, await loadSession(store, 'harbour-1')))
  expect(await work()).toBe(1)
  return send()
}

function statusOf(effects: readonly Effect[]): string {
  const found = effects.find(({ kind, target }) => kind === 'comment' && target.startsWith('status:'))
  if (found?.kind !== 'comment') throw new Error('There is no status comment.')
  return found.body
}

function proposed(over: Partial<Proposal> = {}): Change {
  return insert('proposals', proposal({ ...OURS, phaseRunId: 'phase-1', attemptId: 'attempt-1', ...over }))
}

const OVER = update('attempts', {
  where: { id: 'attempt-1' },
  set: { status: 'succeeded', exit: { kind: 'exited', code: 0 }, endedAt: 900 },
})

describe('handleRefreshStatus', () => {
  it('shows the rounds of the phase and whom it waits for, in comment and check run', async () => {
    const desk = await openDesk()
    const effects = await shown(
      desk,
      OVER,
      proposed({ status: 'refused', createdAt: 1 }),
      proposed({ round: 2, createdAt: 2 }),
      insert('verdicts', verdict({ ...OURS, status: 'nack', reasons: ['There is no test.'] })),
      insert('verdicts', verdict({ ...OURS, proposalId: 'pp_2' })),
      insert('verdicts', verdict({ ...OURS, proposalId: 'pp_2', reviewer: 'careful', status: 'ack' })),
      insert('attempts', attempt({ id: 'review-1', role: 'reviewer', agent: 'strict', proposalId: 'pp_2' })),
    )
    const body = statusOf(effects)
    expect(body.split('\n')[0]).toBe(
      '**Phase `implement` is being reviewed**, round 2; it waits for `strict`. Nothing is needed from you.',
    )
    expect(body).toContain('| 1 | `4444444` | refuses |  | refused |')
    expect(body).toContain('| 2 | `5555555` | looks at it | accepts | under review |')
    expect(body).toContain('> - There is no test.')
    const check = effects.find(({ kind }) => kind === 'check_run')
    expect(check).toMatchObject({
      title: 'Phase implement is being reviewed, round 2',
      state: { status: 'in_progress' },
    })
  })

  it('shows the newest contract of the session, also while news are answered', async () => {
    const desk = await openDesk()
    const body = statusOf(
      await shown(
        desk,
        OVER,
        insert('contracts', contract({ ...OURS, projectId: 'harbour' })),
        task({ position: 1, status: 'done' }),
        task({ id: 'harbour-1.1/coil', taskId: 'coil', title: 'Coil the rope', position: 0 }),
        update('pipelines', { where: { id: 'harbour-1.1' }, set: { status: 'complete' } }),
        insert('pipelines', pipeline({ id: 'harbour-1.2', no: 2, kind: 'respond', createdAt: 5 })),
      ),
    )
    expect(body).toContain('**Contract:** 1 of 2 tasks done.')
    expect(body.indexOf('`coil`')).toBeLessThan(body.indexOf('`tie`'))
  })

  it('shows the five newest alerts of the session, and of no other', async () => {
    const desk = await openDesk()
    const raised = (id: number, over = {}): Change =>
      insert(
        'alerts',
        alert({
          id: `al_${id}`,
          projectId: 'harbour',
          ...OURS,
          details: { text: `Alert number ${id}` },
          raisedAt: id,
          ...over,
        }),
      )
    const rows = [1, 2, 3, 4, 5, 6].map((id) => raised(id))
    const body = statusOf(await shown(desk, ...rows, raised(7, { sessionId: null, pipelineId: null })))
    expect(body.match(/Alert number \d/gu)).toEqual([6, 5, 4, 3, 2].map((id) => `Alert number ${id}`))
    expect(body.match(/^- \*\*Warning\*\* of /gmu)).toHaveLength(5)
  })
})

describe('presentDecision', () => {
  it('says when a question that nobody answers is closed, if the repository wants that', async () => {
    const { deps, store, plant } = await openDesk()
    const bodyOf = async (): Promise<string> => {
      const context = await loadSession(store, 'harbour-1')
      const [change] = await presentDecision(deps, context, decision())
      if (change?.kind !== 'put_effect' || change.effect.kind !== 'comment') throw new Error('no comment')
      return change.effect.body
    }
    expect(await bodyOf()).toContain('If nobody answers, nothing happens')
    const config = { ...configOf(project()), decisions: { remindMs: null, expireMs: 48 * 3_600_000 } }
    await plant(upsert('projects', { ...project(), config }))
    expect(await bodyOf()).toContain('If nobody answers for 2 d, it is closed and the pipeline is cancelled')
  })
})
