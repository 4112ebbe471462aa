import { describe, expect, it } from 'vitest'
import { toChecks } from '../../../src/adapters/github/decode-checks.ts'
import type { RawCheckRun, RawStatus } from '../../../src/adapters/github/observation-texts.ts'

const OWN_APP = 4711
const ACTIONS = { databaseId: 15_368, slug: 'github-actions' }

let made = 0
function run(over: Partial<RawCheckRun> = {}): RawCheckRun {
  made += 1
  return {
    type: 'CheckRun',
    id: `CR_${made}`,
    databaseId: made,
    name: 'build',
    status: 'COMPLETED',
    conclusion: 'FAILURE',
    title: null,
    summary: null,
    detailsUrl: null,
    permalink: `https://github.com/acme/rocket/runs/${made}`,
    startedAt: '2026-01-01T00:00:00Z',
    completedAt: '2026-01-01T00:01:00Z',
    checkSuite: suiteOf(`CS_${made}`, 1),
    ...over,
  }
}

function suiteOf(
  id: string,
  workflow: number,
  event = 'pull_request',
): NonNullable<RawCheckRun['checkSuite']> {
  return { id, app: ACTIONS, workflowRun: { event, workflow: { databaseId: workflow } } }
}

function status(over: Partial<RawStatus>): RawStatus {
  return {
    type: 'StatusContext',
    context: 'ci',
    state: 'SUCCESS',
    description: null,
    targetUrl: null,
    createdAt: '2026-01-01T00:00:00Z',
    ...over,
  }
}

const idsOf = (checks: readonly (RawCheckRun | RawStatus)[]): readonly string[] =>
  toChecks(checks, OWN_APP).map(({ id }) => id)

describe('toChecks', () => {
  it('takes the newest run of a job, also when the workflow ran once more for the same commit', () => {
    const old = run({ checkSuite: suiteOf('one', 1) })
    const newer = run({ checkSuite: suiteOf('two', 1), startedAt: '2026-01-01T00:05:00Z' })
    expect(idsOf([newer, old])).toEqual([newer.id])
  })

  it('takes a run that waits for one newer than those that began', () => {
    const done = run({ checkSuite: suiteOf('one', 1) })
    const waiting = run({
      checkSuite: suiteOf('one', 1),
      status: 'WAITING',
      conclusion: null,
      startedAt: null,
    })
    expect(idsOf([waiting, done])).toEqual([waiting.id])
  })

  it('keeps jobs of one name apart by workflow, by event and by App', () => {
    const runs = [
      run({ checkSuite: suiteOf('one', 1) }),
      run({ checkSuite: suiteOf('two', 2) }),
      run({ checkSuite: suiteOf('three', 1, 'push') }),
      run({ checkSuite: { id: 'four', app: { databaseId: 1, slug: 'a' }, workflowRun: null } }),
      run({ checkSuite: { id: 'five', app: { databaseId: 2, slug: 'b' }, workflowRun: null } }),
      run({ checkSuite: { id: 'six', app: null, workflowRun: null } }),
    ]
    expect(idsOf(runs)).toEqual(runs.map(({ id }) => id))
  })

  it('leaves out our own App, whatever its run is called', () => {
    const own = { id: 'ours', app: { databaseId: OWN_APP, slug: 'belay' }, workflowRun: null }
    expect(toChecks([run({ checkSuite: own })], OWN_APP)).toEqual([])
  })

  it('takes the newest status of a context', () => {
    const pending = status({ state: 'PENDING' })
    const error = status({ state: 'ERROR', createdAt: '2026-01-01T00:05:00Z' })
    expect(toChecks([error, pending], OWN_APP)).toMatchObject([
      { status: 'completed', conclusion: 'failure' },
    ])
  })

  it.each([
    ['EXPECTED', 'queued', null],
    ['PENDING', 'in_progress', null],
    ['SUCCESS', 'completed', 'success'],
    ['FAILURE', 'completed', 'failure'],
  ])('reads the status %s', (state, expected, conclusion) => {
    expect(toChecks([status({ state })], OWN_APP)).toMatchObject([{ status: expected, conclusion }])
  })

  it.each([
    ['REQUESTED', null, 'queued', null],
    ['IN_PROGRESS', null, 'in_progress', null],
    ['COMPLETED', 'STARTUP_FAILURE', 'completed', 'startup_failure'],
    ['COMPLETED', 'SOMETHING_NEW', 'completed', 'neutral'],
  ])('reads a run that is %s %s', (given, gave, expected, conclusion) => {
    const [check] = toChecks([run({ status: given, conclusion: gave })], OWN_APP)
    expect(check).toMatchObject({ status: expected, conclusion })
  })

  it('finds the number of a run in its address when the field is too small for it', () => {
    const permalink = 'https://github.com/acme/rocket/actions/runs/5/job/98765432109876'
    const [check] = toChecks([run({ databaseId: null, permalink })], OWN_APP)
    expect(check?.databaseId).toBe(98_765_432_109_876)
  })

  it('says in one short line what the check says of itself', () => {
    const summary = `\nFirst line of many\u0000\nSecond\n`
    expect(toChecks([run({ summary })], OWN_APP)[0]?.summary).toBe('First line of many\ufffd')
    expect(toChecks([run({ title: 'x'.repeat(999), summary })], OWN_APP)[0]?.summary).toHaveLength(200)
  })
})
