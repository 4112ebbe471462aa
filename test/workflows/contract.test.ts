// A plan becomes a contract: tasks that people see and agents mark. A plan without tasks is a loud question, and nothing
// is ever read from a worktree that a sync left unsafe.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineRequests } from '../../src/workflows/submit-request.ts'
import type { PipelineRequests } from '../../src/ports/requests.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { commitInTree } from '../support/workbench/by-hand.ts'
import { configure } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let requests: PipelineRequests
const WHO = { actor: 'ci', via: 'rest' } as const

beforeAll(async () => {
  bench = await Workbench.start()
  requests = pipelineRequests(bench.deps, async (condition) => {
    await bench.settle()
    return condition()
  })
  await configure(
    bench,
    'agent: climber\nphases:\n  - name: plan\n    produces: contract\n    restarts: 0\n  - name: implement\n    restarts: 0\n',
  )
})

afterAll(() => bench?.close())

const PLAN = (text: string): readonly Act[] => [
  { do: 'write', path: '.belay/plan.md', text },
  { do: 'commit', paths: ['.belay/plan.md'], message: 'Plan' },
]
const GOOD = '# Plan\n\n- [ ] **rope**: Buy a rope\n  - [ ] **knot**: Tie a knot\n'
const OTHER = '# Plan\n\n- [ ] **rope**: Buy a longer rope\n- [ ] **harness**: Find the harness\n'

async function play(branch: string, attempts: readonly (readonly Act[])[]): Promise<FakePullRequest> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, attempts)
  await bench.say(pr, 'alice', '/belay run')
  await rest()
  return pr
}

async function rest(): Promise<void> {
  for (let times = 0; times < 4; times += 1) await bench.finishAttempts()
}

async function tasksOf(pr: FakePullRequest): Promise<readonly (readonly [string, string])[]> {
  const { id: sessionId } = await bench.session(pr)
  const tasks = await bench.store.list('contractTasks', { sessionId })
  return tasks.map(({ taskId, status }) => [taskId, status])
}

function statusComment(pr: FakePullRequest): string {
  return pr.comments.find(({ body }) => body.includes('/belay status'))?.body ?? ''
}

describe('a phase that produces a contract', () => {
  it('turns its plan into tasks, shows them, tells the next phase, and lets it mark them', async () => {
    const pr = await play('planned', [
      PLAN(GOOD),
      [
        { do: 'door', args: ['task', 'rope', 'done', '-m', 'bought'] },
        { do: 'write', path: 'rope.txt', text: 'rope\n' },
      ],
    ])
    expect(await tasksOf(pr)).toEqual([
      ['rope', 'done'],
      ['knot', 'todo'],
    ])
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt).toContain('Tie a knot')
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete', currentPhase: 'implement' })
    const shown = statusComment(pr)
    expect(shown).toContain('- [x]')
    expect(shown).toContain('Tie a knot')
    expect(bench.failures()).toEqual([])
  })

  it.each([
    ['no plan at all', [], 'draft_missing'],
    ['a plan without tasks', PLAN('# Plan\n\nLater.\n'), 'empty_result'],
    ['a plan that repeats an id', PLAN('- [ ] **a**: One\n- [ ] **a**: Two\n'), 'parse_failed'],
  ] as const)('asks about %s, and starts no next phase', async (_what, acts, reason) => {
    const pr = await play(`bad-${reason.replaceAll('_', '-')}`, [acts])
    const [question] = await bench.decisions(pr)
    expect(question).toMatchObject({
      kind: 'empty_contract',
      context: 'empty_contract:plan',
      status: 'pending',
      details: { reason, gate: 'phase_end', path: '.belay/plan.md' },
    })
    expect(question?.options.map(({ label }) => label)).toEqual([
      'Repopulate contract from plan draft and retry',
      'Restart plan phase',
      'Abort pipeline',
    ])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', currentPhase: 'plan' })
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
  })

  it('reads the plan again when a person corrected it and says so', async () => {
    const pr = await play('corrected', [PLAN('Nothing yet.\n')])
    await bench.repo.push({
      by: 'alice',
      branch: 'corrected',
      files: { '.belay/plan.md': GOOD },
      message: 'Tasks',
    })
    await bench.settle()
    await bench.say(pr, 'alice', '/belay populate')
    await rest()
    expect(await tasksOf(pr)).toHaveLength(2)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(await bench.story.attemptCount(pr.number)).toBe(2)
  })

  it('runs the phase again, told what was wrong, when that is the answer', async () => {
    const pr = await play('replanned', [PLAN('Nothing yet.\n'), PLAN(GOOD)])
    await bench.say(pr, 'alice', '/belay retry')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain('.belay/plan.md')
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('populate', () => {
  it('fills from the plan as it is on the branch now, keeps what was done, and is the same when repeated', async () => {
    const pr = await play('filled', [PLAN(GOOD), [{ do: 'door', args: ['task', 'rope', 'done'] }]])
    const { id: pipelineId } = await bench.pipeline(pr)
    await bench.repo.push({
      by: 'alice',
      branch: 'filled',
      files: { '.belay/plan.md': OTHER },
      message: 'Replan',
    })
    await bench.settle()
    const first = await requests.populate({ pipelineId, ...WHO })
    expect(first).toEqual({ kind: 'populated', phase: 'plan', tasks: 2, changed: true })
    expect(await tasksOf(pr)).toEqual([
      ['rope', 'done'],
      ['knot', 'dropped'],
      ['harness', 'todo'],
    ])
    expect(await requests.populate({ pipelineId, ...WHO })).toMatchObject({
      kind: 'populated',
      changed: false,
    })
  })

  it('reads nothing after a hard reset, says so with the ref and the commits, and says it again', async () => {
    const pr = await play('diverged', [PLAN(GOOD), []])
    const { id: pipelineId, sessionId } = await bench.pipeline(pr)
    // A person works in the worktree by hand, and the branch moves in the same file.
    await commitInTree(bench, sessionId, { '.belay/plan.md': 'Mine.\n' })
    await bench.repo.push({
      by: 'alice',
      branch: 'diverged',
      files: { '.belay/plan.md': OTHER },
      message: 'Theirs',
    })
    const before = await tasksOf(pr)
    const said = await requests.populate({ pipelineId, ...WHO })
    await bench.settle()
    const [question, ...others] = await bench.decisions(pr)
    expect(others).toEqual([])
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', status: 'pending' })
    expect(await tasksOf(pr)).toEqual(before)
    expect([said.kind, (await requests.populate({ pipelineId, ...WHO })).kind]).toContain('recovery_unacked')
    expect(await requests.populate({ pipelineId, ...WHO })).toMatchObject({
      kind: 'recovery_unacked',
      hardResetPerformed: true,
      decision: question?.id,
      alreadyPending: true,
      discarded: [expect.stringContaining('By hand')],
    })
    expect(await bench.decisions(pr)).toHaveLength(1)
  })
})
