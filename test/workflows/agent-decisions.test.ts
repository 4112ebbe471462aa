// Questions about an agent, and of an agent: it failed too often, or it wants to know something. And the requests to run a
// phase again, which nothing may use to go around a question.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineRequests } from '../../src/workflows/submit-request.ts'
import type { PipelineRequests } from '../../src/ports/requests.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
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
    'agent: climber\nphases:\n  - name: first\n    restarts: 1\n  - name: then\n    restarts: 0\n',
  )
})

afterAll(() => bench?.close())

const FAIL: readonly Act[] = [
  { do: 'write', path: 'half.txt', text: 'half\n' },
  { do: 'exit', code: 7 },
]

async function play(branch: string, attempts: readonly (readonly Act[])[]): Promise<FakePullRequest> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, attempts)
  await bench.say(pr, 'alice', '/belay run')
  await rest()
  return pr
}

/** Until nothing runs and nothing is due; restarts are waited out. */
async function rest(): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    await bench.finishAttempts()
    bench.clock.advance(10_000)
    await bench.settle()
  }
}

async function logOf(pr: FakePullRequest): Promise<readonly string[]> {
  const { id } = await bench.session(pr)
  const rows = (await bench.reader.changeLog()).filter(({ sessionId }) => sessionId === id)
  return rows.map(({ type }) => type).filter((type) => /^(pipeline|phase|decision)\./u.test(type))
}

describe('an agent that fails', () => {
  it('is tried as often as configured, and then a person is asked, with what is pinned', async () => {
    const pr = await play('fails', [FAIL, FAIL, []])
    const [question, ...others] = await bench.decisions(pr)
    expect(others).toEqual([])
    expect(question).toMatchObject({
      kind: 'agent_failed',
      context: 'agent_failed:first',
      details: { role: 'producer', attempts: 2, pins: [{ dirtyPaths: [] }] },
    })
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', failure: { code: 'agent_failed' } })
    expect((await logOf(pr)).slice(-3)).toEqual(['phase.failed', 'pipeline.failed', 'decision.created'])
    await bench.say(pr, 'alice', '/belay retry')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 3 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain('exit code 7')
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(bench.failures()).toEqual([])
  })

  it('is ended by /abort with everything kept, and can be taken up again by /belay retry', async () => {
    const pr = await play('aborted', [FAIL, FAIL, []])
    await bench.say(pr, 'alice', '/abort')
    await rest()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'cancelled' })
    expect((await bench.decisions(pr)).at(-1)).toMatchObject({ status: 'resolved', answer: 'abort' })
    await bench.say(pr, 'alice', '/belay retry')
    await rest()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(pr.headSha).toBe((await bench.session(pr)).lastPushedSha)
  })
})

describe('an agent that asks', () => {
  it('has its question put to people with its own choices, and starts again with the answer', async () => {
    const pr = await play('asks', [
      [
        { do: 'write', path: 'before.txt', text: 'before\n' },
        { do: 'door', args: ['ask', '-m', 'Which knot?', '--option', 'Bowline', '--option', 'Figure eight'] },
      ],
      [],
    ])
    const [question, ...others] = await bench.decisions(pr)
    expect(others).toEqual([])
    expect(question).toMatchObject({ kind: 'agent_question', status: 'pending' })
    expect(question?.options.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'Bowline'],
      ['b', 'Figure eight'],
      ['abort', 'Abort pipeline'],
    ])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'awaiting_human' })
    await bench.say(pr, 'alice', '/belay answer b')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain('Which knot?')
    expect(prompt).toContain('Figure eight')
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('an answer', () => {
  it('is told to every attempt until the phase is complete, also after one that failed', async () => {
    const ask: readonly Act[] = [
      { do: 'door', args: ['ask', '-m', 'Which rope?', '--option', 'The blue one'] },
    ]
    const pr = await play('told-on', [ask, FAIL, []])
    await bench.say(pr, 'alice', '/belay answer a')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 3 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt.indexOf('exit code 7')).toBeLessThan(prompt.indexOf('The blue one'))
    expect(prompt.indexOf('exit code 7')).toBeGreaterThan(0)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('a phase run again', () => {
  it('takes an earlier phase and everything behind it, under a new epoch', async () => {
    const pr = await play('rewound', [[], FAIL, [], []])
    const { id: pipelineId, runEpoch } = await bench.pipeline(pr)
    const [question] = await bench.decisions(pr)
    expect(await requests.restart({ pipelineId, phase: 'first', ...WHO })).toEqual({
      kind: 'decision_pending',
      decision: question?.id,
      context: 'agent_failed:then',
    })
    await bench.say(pr, 'alice', '/abort')
    expect(await requests.restart({ pipelineId, phase: 'nowhere', ...WHO })).toEqual({
      kind: 'phase_not_found',
      known: ['first', 'then'],
    })
    const said = await requests.restart({ pipelineId, phase: 'first', ...WHO })
    expect(said).toMatchObject({ kind: 'restarted', phase: 'first' })
    await rest()
    const after = await bench.pipeline(pr)
    expect(after).toMatchObject({ status: 'complete', currentPhase: 'then' })
    expect(after.runEpoch).toBeGreaterThan(runEpoch)
    expect(await bench.story.attemptCount(pr.number)).toBe(4)
    expect(await requests.restart({ pipelineId, phase: null, ...WHO })).toEqual({
      kind: 'not_restartable',
      status: 'complete',
    })
  })

  it('is not begun beside an agent at work', async () => {
    const pr = await bench.openPullRequest('busy')
    await bench.story.script(pr.number, [[{ do: 'meet', name: 'here' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'here')
    const { id: pipelineId } = await bench.pipeline(pr)
    expect(await requests.restart({ pipelineId, phase: null, ...WHO })).toMatchObject({
      kind: 'attempt_running',
    })
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'here')
    await rest()
  })
})

describe('a question withdrawn by the operator', () => {
  it('cancels what it held up, once', async () => {
    const pr = await play('withdrawn', [FAIL, FAIL])
    const { id: pipelineId } = await bench.pipeline(pr)
    const [question] = await bench.decisions(pr)
    const decisionId = question?.id ?? ''
    expect(await requests.cancelDecision({ pipelineId, decisionId, ...WHO })).toEqual({
      kind: 'cancelled',
      decision: decisionId,
    })
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'cancelled' })
    expect(await requests.cancelDecision({ pipelineId, decisionId, ...WHO })).toMatchObject({
      kind: 'superseded',
    })
    expect(await requests.cancelDecision({ pipelineId, decisionId: 'zzzzzz', ...WHO })).toEqual({
      kind: 'decision_not_found',
    })
  })
})
