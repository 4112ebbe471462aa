import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import type { Contract, ContractTask, Proposal, Verdict } from '../../../src/domain/pipeline/records.ts'
import type { PopulateReply, RequestRefusal, RestartReply } from '../../../src/ports/requests.ts'
import { attempt, decision, groundwork, phaseRun, SHA_A, SHA_B } from '../../adapters/db/rows.ts'
import { openApiWorld, type ApiWorld } from './api-world.ts'

const BASE = '/api/v1/pipelines/harbour-1.1'
const OF_PIPELINE = { sessionId: 'harbour-1', pipelineId: 'harbour-1.1' }
const EPOCH_TIME = '1970-01-01T00:00:00.001Z'

const PROPOSAL: Proposal = {
  ...OF_PIPELINE,
  id: 'proposal-1',
  phaseRunId: 'phase-1',
  attemptId: 'attempt-1',
  round: 1,
  runEpoch: 2,
  commit: SHA_A,
  base: SHA_B,
  commits: [{ sha: SHA_A, patchId: null }],
  paths: ['crane.ts'],
  status: 'refused',
  createdAt: 1,
  endedAt: null,
}
const VERDICT: Verdict = {
  ...OF_PIPELINE,
  id: 'proposal-1/critic',
  proposalId: 'proposal-1',
  reviewer: 'critic',
  status: 'nack',
  reasons: ['No test.'],
  failures: 0,
  decidedAt: 1,
}
const CONTRACT: Contract = {
  ...OF_PIPELINE,
  projectId: 'harbour',
  phase: 'implement',
  path: 'docs/plan.md',
  digest: 'd'.repeat(64),
  head: SHA_A,
  populatedAt: 1,
}
const TASK: ContractTask = {
  ...OF_PIPELINE,
  id: 'harbour-1.1/hook',
  taskId: 'hook',
  position: 1,
  title: 'Fix the hook',
  acceptance: ['It holds.'],
  dependsOn: 'rope',
  status: 'todo',
  note: '',
  updatedAt: 1,
}
const ROPE = { ...TASK, id: 'harbour-1.1/rope', taskId: 'rope', position: 0, dependsOn: null }

let world: ApiWorld
let asked: object[]
let populated: PopulateReply
let restarted: RestartReply

beforeAll(async () => {
  const take =
    <T>(reply: () => T) =>
    async (request: object): Promise<T> => {
      asked.push(request)
      return reply()
    }
  const requests = {
    populate: take(() => populated),
    restart: take(() => restarted),
    cancelDecision: () => Promise.reject(new Error('Nobody asked for a decision.')),
  }
  world = await openApiWorld({ parts: { requests } })
  const stored = await world.store.commit(
    [
      ...groundwork(),
      insert('phaseRuns', phaseRun({ id: 'phase-2', name: 'review', position: 1, status: 'pending' })),
      insert('attempts', attempt({ status: 'succeeded', exit: { kind: 'exited', code: 0 }, endedAt: 1 })),
      insert('proposals', PROPOSAL),
      insert('verdicts', VERDICT),
      insert('contracts', CONTRACT),
      insert('contractTasks', TASK),
      insert('contractTasks', ROPE),
      insert('decisions', decision()),
      insert('decisions', decision({ id: 'old234', rootId: 'old234', status: 'cancelled' })),
      insert('alerts', {
        id: 'alert-1',
        code: 'overseer_stall',
        projectId: 'harbour',
        ...OF_PIPELINE,
        details: { phase: 'implement' },
        raisedAt: 1,
      }),
    ],
    null,
  )
  expect(stored).toEqual({ kind: 'committed' })
})
afterAll(() => world.close())
beforeEach(() => {
  asked = []
  populated = { kind: 'populated', phase: 'plan', tasks: 3, changed: true }
  restarted = { kind: 'restarted', phase: 'implement', runEpoch: 4 }
})

const post = (path: string, token = 'token-of-alice') =>
  world.call({ path: `${BASE}${path}`, method: 'POST', token })

describe('GET pipelines/{id}', () => {
  it('shows a pipeline with all that belongs to it', async () => {
    const { status, body } = await world.call({ path: BASE })
    expect(status).toBe(200)
    expect(body['pipeline']).toMatchObject({
      id: 'harbour-1.1',
      session: 'harbour-1',
      project: 'harbour',
      phase: 'implement',
      phases: [
        {
          name: 'implement',
          attempts: [{ id: 'attempt-1', exit: { kind: 'exited', code: 0 }, endedAt: EPOCH_TIME }],
          proposals: [
            {
              id: 'proposal-1',
              attempt: 'attempt-1',
              commits: [SHA_A],
              verdicts: [{ reviewer: 'critic', status: 'nack', reasons: ['No test.'] }],
            },
          ],
        },
        { name: 'review', attempts: [], proposals: [] },
      ],
      decision: { id: 'abc234' },
      contract: { path: 'docs/plan.md', tasks: [{ id: 'rope', dependsOn: null }, { id: 'hook' }] },
      alerts: [{ id: 'alert-1', code: 'overseer_stall', details: { phase: 'implement' } }],
      createdAt: EPOCH_TIME,
    })
  })

  it('shows nothing of the inside', async () => {
    const { body } = await world.call({ path: BASE })
    const text = JSON.stringify(body)
    for (const inner of ['phaseRunId', 'leaseUntil', 'pid', 'briefing', 'rootId', 'patchId'])
      expect(text).not.toContain(`"${inner}"`)
  })

  it.each([
    ['an unknown pipeline', { path: '/api/v1/pipelines/none-1.1' }, 404, 'PIPELINE_NOT_FOUND'],
    ['a wrong token', { path: BASE, token: 'wrong' }, 401, 'UNAUTHORIZED'],
  ])('refuses %s', async (_what, order, status, code) => {
    expect(await world.call(order)).toMatchObject({ status, body: { code } })
  })
})

const REFUSALS: readonly (readonly [RequestRefusal, number, object])[] = [
  [{ kind: 'queued' }, 202, { pipeline: 'harbour-1.1', status: 'queued' }],
  [{ kind: 'pipeline_not_found' }, 404, { code: 'PIPELINE_NOT_FOUND' }],
  [{ kind: 'session_terminated', session: 'harbour-1' }, 409, { code: 'SESSION_TERMINATED' }],
  [
    { kind: 'decision_pending', decision: 'abc234', context: 'sync_blocked:plan' },
    409,
    { code: 'DECISION_PENDING', details: { decision_id: 'abc234', context: 'sync_blocked:plan' } },
  ],
  [
    { kind: 'attempt_running', attempt: 'attempt-1', phase: 'plan' },
    409,
    { code: 'ATTEMPT_RUNNING', details: { attempt: 'attempt-1', phase: 'plan' } },
  ],
  [{ kind: 'merging' }, 409, { code: 'MERGE_UNDER_WAY' }],
]

describe('POST pipelines/{id}/phases/{phase}/restart and pipelines/{id}/start', () => {
  it('hand in the phase, or the one the pipeline stands at, for the token’s name', async () => {
    const body = { pipeline: 'harbour-1.1', phase: 'implement', runEpoch: 4, status: 'restarted' }
    expect(await post('/phases/plan%2Ftwo/restart', 'token-of-ci')).toMatchObject({ status: 200, body })
    expect(await post('/start')).toMatchObject({ status: 200, body })
    expect(asked).toEqual([
      { pipelineId: 'harbour-1.1', phase: 'plan/two', actor: 'ci', via: 'rest' },
      { pipelineId: 'harbour-1.1', phase: null, actor: 'alice', via: 'rest' },
    ])
  })

  it.each<readonly [RestartReply, number, object]>([
    ...REFUSALS,
    [
      { kind: 'phase_not_found', known: ['plan', 'implement'] },
      404,
      { code: 'PHASE_NOT_FOUND', details: { phase: 'plan', known: ['plan', 'implement'] } },
    ],
    [
      { kind: 'not_restartable', status: 'complete' },
      409,
      { code: 'PIPELINE_NOT_RESTARTABLE', details: { status: 'complete' } },
    ],
  ])('answer %o', async (given, status, body) => {
    restarted = given
    expect(await post('/phases/plan/restart')).toMatchObject({ status, body })
    expect((await post('/start')).status).toBe(status)
  })
})

describe('POST pipelines/{id}/phase/populate-contract', () => {
  it('answers with what the contract holds now', async () => {
    const { status, body } = await post('/phase/populate-contract')
    expect({ status, body }).toEqual({ status: 200, body: { phase: 'plan', tasks: 3, changed: true } })
    expect(asked).toEqual([{ pipelineId: 'harbour-1.1', actor: 'alice', via: 'rest' }])
  })

  it.each([
    [true, 'HARD_RESET_RECOVERY_UNACKED', 'hard_reset_recovery_unacked'],
    [false, 'SYNC_REBASE_AND_RESET_FAILED', 'sync_rebase_and_reset_failed'],
  ])('is no success when a hard reset happened or failed (%s), first and repeated', async (...row) => {
    const [hardResetPerformed, code, reason] = row
    for (const alreadyPending of [false, true]) {
      populated = {
        kind: 'recovery_unacked',
        hardResetPerformed,
        decision: 'abc234',
        backupRef: 'refs/belay/backup/harbour-1/1-ab2c/head',
        discarded: [SHA_A],
        alreadyPending,
      }
      const details = {
        reason,
        hard_reset_performed: hardResetPerformed,
        backup_ref: 'refs/belay/backup/harbour-1/1-ab2c/head',
        discarded_commit_shas: [SHA_A],
        decision_id: 'abc234',
        already_pending: alreadyPending,
      }
      const { status, body } = await post('/phase/populate-contract')
      expect({ status, code: body['code'], details: body['details'] }).toEqual({ status: 409, code, details })
    }
  })

  it.each<readonly [PopulateReply, number, object]>([
    ...REFUSALS,
    [{ kind: 'no_contract_phase' }, 404, { code: 'NO_CONTRACT_PHASE' }],
    [
      { kind: 'draft_missing', path: 'docs/plan.md' },
      404,
      { code: 'DRAFT_MISSING', details: { reason: 'draft_missing', path: 'docs/plan.md' } },
    ],
    [
      { kind: 'parse_failed', path: 'docs/plan.md', faults: [{ line: 3, message: 'No title.' }] },
      422,
      {
        code: 'PARSE_FAILED',
        details: {
          reason: 'parse_failed',
          path: 'docs/plan.md',
          faults: [{ line: 3, message: 'No title.' }],
        },
      },
    ],
    [
      { kind: 'empty_result', path: 'docs/plan.md' },
      422,
      { code: 'EMPTY_RESULT', details: { reason: 'empty_result', path: 'docs/plan.md' } },
    ],
  ])('answers %o', async (given, status, body) => {
    populated = given
    expect(await post('/phase/populate-contract')).toMatchObject({ status, body })
  })
})
