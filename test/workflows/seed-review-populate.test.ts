// The seed's review, B4: the populate route never reads after a reset, never says yes to one, really opens the question that
// it tells people to answer, and says the same as often as it is asked.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRequests, PopulateReply } from '../../src/ports/requests.ts'
import type { Act } from '../support/agents/story.ts'
import { git } from '../support/temp-repo.ts'
import { probeGaps } from '../support/workbench/gap-probe.ts'
import {
  configure,
  playAttempt,
  pressButton,
  questionTexts,
  requestsOf,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let requests: PipelineRequests

beforeAll(async () => {
  bench = await Workbench.start()
  requests = requestsOf(bench)
  await configure(
    bench,
    'agent: climber\nphases:\n  - name: plan\n    produces: contract\n    restarts: 1\n  - name: implement\n',
  )
})

afterAll(() => bench?.close())

const PLAN = '# Plan\n\n- [ ] **rope**: Buy a rope\n'
const FAILED: readonly Act[] = [...WORK, { do: 'exit', code: 1 }]

/** Between two tries of the plan phase; alice pushed the agent's line and a good plan, and nobody looked yet. */
async function playUntilDiverged(branch: string): Promise<Scene> {
  const scene = await playAttempt(bench, branch, [FAILED])
  bench.github.faults.drop({ event: 'push', times: 1 })
  const files = { 'knot.txt': 'tied by alice\n', '.belay/plan.md': PLAN }
  await bench.repo.push({ by: 'alice', branch, files, message: 'Tie it better' })
  await bench.settle()
  return scene
}

async function populate({ pr }: Scene): Promise<PopulateReply> {
  const { id: pipelineId } = await bench.pipeline(pr)
  return requests.populate({ pipelineId, actor: 'ci', via: 'rest' })
}

const contractsOf = ({ session }: Scene) => bench.store.list('contracts', { sessionId: session.id })
const syncsOf = ({ session }: Scene) => bench.store.list('syncOperations', { sessionId: session.id })

describe('B4: populate, where the sync before it resets the worktree', () => {
  let scene: Scene
  let first: PopulateReply

  beforeAll(async () => {
    scene = await playUntilDiverged('reset-by-populate')
    const probe = probeGaps(bench)
    first = await populate(scene)
    probe.stop()
    expect(probe.faults()).toEqual([])
    expect(probe.looks()).toBeGreaterThan(10)
  })

  it('reads no plan, though a good one lies in the worktree now', async () => {
    const tree = bench.tree(scene.session.id)
    expect(await git(tree, 'show', 'HEAD:.belay/plan.md')).toContain('Buy a rope')
    expect(await contractsOf(scene)).toEqual([])
    expect(await bench.store.list('contractTasks', { sessionId: scene.session.id })).toEqual([])
    expect((await bench.reader.changeLog()).filter(({ type }) => type === 'contract.populated')).toEqual([])
  })

  it('does not say that it was done: it names the question, the ref and the commits', async () => {
    const question = await bench.question(scene.pr)
    const [pin] = question.details.pins
    expect(first).toEqual({
      kind: 'recovery_unacked',
      hardResetPerformed: true,
      decision: question.id,
      backupRef: `${pin?.prefix}/head`,
      discarded: [expect.stringMatching(/^[0-9a-f]{7} Tie the knot$/u)],
      alreadyPending: false,
    })
    const pinned = await git(
      bench.mirror(scene.session.projectId),
      'log',
      '-1',
      '--format=%s',
      `${pin?.prefix}/head`,
    )
    expect(pinned).toBe('Tie the knot')
  })

  it('really opened the question: people can see it, and the pipeline waits for it', async () => {
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ context: 'hard_reset_recovery:plan', details: { moment: 'populate' } })
    expect(questionTexts(scene.pr)).toEqual([expect.stringContaining(`question \`${question.id}\``)])
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'failed' })
  })

  it('says the same as often as it is asked, and opens nothing twice', async () => {
    const syncs = await syncsOf(scene)
    for (let times = 0; times < 3; times += 1)
      expect(await populate(scene)).toEqual({ ...first, alreadyPending: true })
    expect(await syncsOf(scene)).toEqual(syncs)
    expect(await bench.decisions(scene.pr)).toHaveLength(1)
    expect(questionTexts(scene.pr)).toHaveLength(1)
    expect(await contractsOf(scene)).toEqual([])
  })

  it('does what was asked once a person said so, and the phase runs again', async () => {
    const question = await bench.question(scene.pr)
    await bench.story.script(scene.pr.number, [FAILED, [{ do: 'meet', name: 'again' }]])
    await pressButton(bench, { pr: scene.pr, question }, { by: 'alice', option: 'continue' })
    await bench.story.arrived({ pr: scene.pr.number, attempt: 2 }, 'again')
    expect(await contractsOf(scene)).toMatchObject([{ phase: 'plan', path: '.belay/plan.md' }])
    const tasks = await bench.store.list('contractTasks', { sessionId: scene.session.id })
    expect(tasks.map(({ taskId }) => taskId)).toEqual(['rope'])
    await bench.story.letGo({ pr: scene.pr.number, attempt: 2 }, 'again')
    await bench.finishAttempts()
    await bench.finishAttempts()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    expect(bench.failures()).toEqual([])
  })
})

describe('B4: populate, where no question is open', () => {
  it('names what is missing instead of an empty contract, and asks nothing', async () => {
    const scene = await playAttempt(bench, 'no-draft', [FAILED])
    expect(await populate(scene)).toEqual({ kind: 'draft_missing', path: '.belay/plan.md' })
    expect(await bench.decisions(scene.pr)).toEqual([])
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'running' })
    expect(await contractsOf(scene)).toEqual([])
  })

  it('is refused beside an agent at work', async () => {
    const pr = await bench.openPullRequest('at-work')
    await bench.story.script(pr.number, [[{ do: 'meet', name: 'here' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'here')
    const scene = { pr, session: await bench.session(pr) }
    const syncs = await syncsOf(scene)
    expect(await populate(scene)).toMatchObject({ kind: 'attempt_running', phase: 'plan' })
    expect(await syncsOf(scene)).toEqual(syncs)
    await bench.say(pr, 'alice', '/belay stop')
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'here')
    await bench.finishAttempts()
  })
})
