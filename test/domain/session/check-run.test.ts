import { describe, expect, it } from 'vitest'
import type { CheckRunState } from '../../../src/domain/effects.ts'
import type { CheckRunRow } from '../../../src/domain/records.ts'
import { checkRunTarget, planCheckRun } from '../../../src/domain/session/check-run.ts'
import { LOCAL, REMOTE } from '../sync/worktree-facts.ts'

const WORKING: CheckRunState = { status: 'in_progress' }
const ASKING: CheckRunState = { status: 'completed', conclusion: 'action_required' }

function run(given: Partial<CheckRunRow>): CheckRunRow {
  return {
    projectId: 'rocket',
    prNumber: 7,
    headSha: LOCAL,
    generation: 1,
    externalId: 'rocket-1',
    isCompleted: false,
    createdAt: 0,
    ...given,
  }
}

describe('planCheckRun', () => {
  it('makes the first run of a commit', () => {
    const plan = planCheckRun([], { headSha: LOCAL, state: WORKING })
    expect(plan).toEqual({ current: { headSha: LOCAL, generation: 1 }, isNew: true, toClose: [] })
  })

  it('goes on with a run that is open', () => {
    expect(planCheckRun([run({})], { headSha: LOCAL, state: ASKING })).toMatchObject({
      current: { generation: 1 },
      isNew: false,
    })
  })

  it('makes a new run when work starts again, because a completed one can not reopen', () => {
    const plan = planCheckRun([run({ isCompleted: true })], { headSha: LOCAL, state: WORKING })
    expect(plan).toMatchObject({ current: { generation: 2 }, isNew: true, toClose: [] })
  })

  it('shows another completed state on the completed run', () => {
    const plan = planCheckRun([run({ isCompleted: true })], { headSha: LOCAL, state: ASKING })
    expect(plan).toMatchObject({ current: { generation: 1 }, isNew: false })
  })

  it('closes the open run of the old commit when the head moved', () => {
    const old = run({})
    const done = run({ headSha: REMOTE, isCompleted: true })
    const plan = planCheckRun([old], { headSha: REMOTE, state: WORKING })
    expect(plan).toEqual({ current: { headSha: REMOTE, generation: 1 }, isNew: true, toClose: [old] })
    expect(planCheckRun([done], { headSha: LOCAL, state: WORKING }).toClose).toEqual([])
  })

  it('takes the newest generation, in whatever order the rows come', () => {
    const rows = [run({ generation: 3, isCompleted: true }), run({ generation: 2, isCompleted: true })]
    expect(planCheckRun(rows, { headSha: LOCAL, state: WORKING }).current.generation).toBe(4)
  })
})

describe('checkRunTarget', () => {
  it('differs by commit and generation', () => {
    const targets = [run({}), run({ generation: 2 }), run({ headSha: REMOTE })].map(checkRunTarget)
    expect(new Set(targets).size).toBe(3)
  })
})
