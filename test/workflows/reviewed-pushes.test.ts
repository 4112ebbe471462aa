// Nothing the agent made reaches the branch past its reviewers, by whichever way; and whoever starts next is told what was
// set aside before.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineRequests } from '../../src/workflows/submit-request.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { configure, playUntilReset } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
const CONFIG = [
  'agent: climber',
  'phases:',
  '  - name: plan',
  '    restarts: 0',
  '  - name: implement',
  '    reviewers: [critic]',
  '    restarts: 0',
  '',
].join('\n')

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

const WORK: readonly Act[] = [
  { do: 'write', path: 'work.txt', text: 'work\n' },
  { do: 'commit', paths: ['work.txt'], message: 'Work' },
]
const FAILS: readonly Act[] = [...WORK, { do: 'exit', code: 1 }]
const ACK: readonly Act[] = [{ do: 'verdict', verdict: 'ack', reasons: [] }]

async function rest(): Promise<void> {
  for (let times = 0; times < 6; times += 1) {
    await bench.finishAttempts()
    bench.clock.advance(10_000)
    await bench.settle()
  }
}

async function playFailedWork(branch: string, then: readonly (readonly Act[])[]): Promise<FakePullRequest> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, [[], FAILS, ...then])
  await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'critic' }, [ACK, ACK])
  await bench.say(pr, 'alice', '/belay run')
  await rest()
  return pr
}

describe('commits that no reviewer has seen', () => {
  it('are not carried to the branch by an earlier phase that has no reviewers', async () => {
    await configure(bench, CONFIG)
    const pr = await playFailedWork('carried', [[{ do: 'exit', code: 0 }]])
    await bench.say(pr, 'alice', '/abort')
    const before = pr.headSha
    const { id: pipelineId, sessionId } = await bench.pipeline(pr)
    const requests = pipelineRequests(bench.deps, async (condition) => {
      await bench.settle()
      return condition()
    })
    await requests.restart({ pipelineId, phase: 'plan', actor: 'ci', via: 'rest' })
    await rest()
    const proposals = await bench.store.list('proposals', { sessionId })
    expect(proposals[0]).toMatchObject({ status: 'accepted', paths: ['work.txt'] })
    const [phase] = await bench.store.list('phaseRuns', { id: proposals[0]?.phaseRunId ?? '' })
    expect(phase?.name).toBe('plan')
    expect(pr.headSha).not.toBe(before)
    expect((await bench.session(pr)).reviewersDue).toEqual([])
  })

  it('stay here when a person has a deleted branch pushed again', async () => {
    await configure(bench, CONFIG)
    const pr = await playFailedWork('restored', [[]])
    const before = pr.headSha
    // Nobody hears of it, so the sync finds out; whoever tries the phase again has not given the branch up.
    await bench.say(pr, 'alice', '/abort')
    bench.github.faults.drop({ event: 'push', times: 1 })
    bench.github.faults.drop({ event: 'pull_request', times: 1 })
    await bench.repo.push({ by: 'alice', branch: 'restored', delete: true })
    await bench.say(pr, 'alice', '/belay sync')
    const asked = (await bench.decisions(pr)).at(-1)
    expect(asked).toMatchObject({ kind: 'branch_gone', status: 'pending' })
    await bench.say(pr, 'alice', '/continue')
    await bench.settle()
    expect(await bench.repo.git.resolve('refs/heads/restored')).toBe(before)
    expect((await bench.session(pr)).reviewersDue).toEqual(['critic'])
  })
})

describe('what was set aside', () => {
  it('is told to the attempt after an answer that started nothing', async () => {
    await configure(bench, 'agent: climber\nphases:\n  - name: implement\n    restarts: 0\n')
    const { pr, question } = await playUntilReset(bench, 'untold')
    await bench.say(pr, 'alice', '/abort')
    await bench.say(pr, 'alice', '/belay retry')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain(question.details.pins.at(-1)?.prefix)
    expect(prompt).toContain('Tie the knot')
  })

  it('is told to the agent of the next session when a session was stopped', async () => {
    const pr = await bench.openPullRequest('stopped')
    await bench.story.script(pr.number, [[...WORK.slice(0, 1), { do: 'meet', name: 'written' }], []])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'written')
    await bench.say(pr, 'alice', '/belay stop')
    await rest()
    await bench.say(pr, 'alice', '/belay run')
    await rest()
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    const [pin] = await bench.store.list('backups', { reason: 'stopped' })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain(pin?.prefix)
  })

  it('asks what the agent wanted to know even when nobody saw its end', async () => {
    const pr = await bench.openPullRequest('unseen')
    const ask: Act = { do: 'door', args: ['ask', '-m', 'Left or right?'] }
    await bench.story.script(pr.number, [[ask, { do: 'meet', name: 'asked' }, { do: 'sleep' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'asked')
    bench.kill()
    await bench.reboot()
    await bench.settle()
    expect(await bench.story.runningAgents()).toEqual([])
    expect((await bench.decisions(pr)).map(({ kind }) => kind)).toEqual(['agent_question'])
  })
})
