// The seed's review, B2, B3 and what was asked of the gap: a reset is told in the same way wherever it happens, both statuses
// are set with the question, and a second connection that looks after every commit never sees one without the other.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { update, type Change } from '../../src/domain/changes.ts'
import { probeGaps } from '../support/workbench/gap-probe.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { plantQuestion } from '../support/workbench/plant-question.ts'
import {
  configure,
  letAgentEnd,
  playAttempt,
  playUntilConflict,
  requestsOf,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
  await configure(
    bench,
    'agent: climber\nphases:\n  - name: plan\n    produces: contract\n    restarts: 1\n  - name: implement\n',
  )
})

afterEach(async () => {
  bench.watch.hook = () => undefined
  bench.onCommit = null
  if (bench.isDead) await bench.reboot()
})

afterAll(() => bench?.close())

/** The agent failed with a commit of its own, the next attempt waits, and alice pushed the same line unseen. */
async function playUntilKept(branch: string): Promise<Scene> {
  const scene = await playAttempt(bench, branch, [[...WORK, { do: 'exit', code: 1 }]])
  bench.github.faults.drop({ event: 'push', times: 1 })
  const files = { 'knot.txt': 'tied by alice\n' }
  await bench.repo.push({ by: 'alice', branch, files, message: 'Tie it better' })
  await bench.settle()
  return scene
}

interface Site {
  readonly site: string
  readonly play: (branch: string) => Promise<Scene>
  /** What brings the reset about. */
  readonly go: (scene: Scene) => Promise<void>
  /** Whether the program dies in it. */
  readonly dies?: true
}

const SITES: readonly Site[] = [
  {
    site: 'at the start of a phase',
    play: playUntilKept,
    async go() {
      bench.clock.advance(RESTART_DELAY_MS)
      await bench.settle()
    },
  },
  {
    site: 'at the end of a phase',
    play: (branch) => playUntilConflict(bench, branch),
    go: (scene) => letAgentEnd(bench, scene),
  },
  {
    site: 'by populate',
    play: playUntilKept,
    async go({ pr }) {
      const { id: pipelineId } = await bench.pipeline(pr)
      const said = await requestsOf(bench).populate({ pipelineId, actor: 'ci', via: 'rest' })
      expect(said).toMatchObject({
        kind: 'recovery_unacked',
        hardResetPerformed: true,
        alreadyPending: false,
      })
    },
  },
  {
    site: 'in the recovery at the next start',
    play: (branch) => playUntilConflict(bench, branch),
    dies: true,
    async go(scene) {
      bench.watch.hook = (moment, { order, sessionId }) => {
        if (moment === 'before' && order === 'move_branch' && sessionId === scene.session.id)
          throw bench.kill()
      }
      await letAgentEnd(bench, scene)
      expect(bench.isDead).toBe(true)
    },
  },
]

const EVENTS = /^(?:pipeline|phase|decision)\./u

async function toldSince(scene: Scene, mark: number): Promise<readonly string[]> {
  const rows = await bench.reader.changeLog()
  return rows
    .filter(({ seq, sessionId, type }) => seq > mark && sessionId === scene.session.id && EVENTS.test(type))
    .map(({ type }) => type)
}

async function logEnd(): Promise<number> {
  return (await bench.reader.changeLog()).at(-1)?.seq ?? 0
}

describe.each(SITES)('a hard reset $site', ({ site, play, go, dies }) => {
  it('B2, B3: fails phase and pipeline with the question, and tells it in the one order', async () => {
    const scene = await play(site.replaceAll(' ', '-'))
    const mark = await logEnd()
    let probe = probeGaps(bench)
    await go(scene)
    const seen = [...probe.faults()]
    let looks = probe.looks()
    probe.stop()
    if (dies) {
      bench.watch.hook = () => undefined
      await bench.reboot()
      probe = probeGaps(bench)
      await bench.settle()
      seen.push(...probe.faults())
      looks += probe.looks()
      probe.stop()
    }
    expect(seen).toEqual([])
    expect(looks).toBeGreaterThan(10)

    expect(await toldSince(scene, mark)).toEqual(['phase.failed', 'pipeline.failed', 'decision.created'])
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({
      kind: 'hard_reset_recovery',
      context: 'hard_reset_recovery:plan',
      status: 'pending',
      concerns: 'pipeline',
      details: { isReset: true, discarded: [{ subject: 'Tie the knot' }] },
    })
    expect(question.options.map(({ id }) => id)).toEqual(['continue', 'abort', 'rescue'])
    const failure = { code: 'hard_reset_recovery' }
    const pipeline = await bench.pipeline(scene.pr)
    expect(pipeline).toMatchObject({ status: 'failed', currentPhase: 'plan', failure })
    const [phase] = await bench.store.list('phaseRuns', { pipelineId: pipeline.id, name: 'plan' })
    expect(phase).toMatchObject({ status: 'failed', failure })
    expect(phase?.endedAt).not.toBeNull()
    expect(await bench.decisions(scene.pr)).toHaveLength(1)
  })
})

describe('the probe itself', () => {
  it('sees a failed pipeline without its question, and a failed phase in a pipeline that runs', async () => {
    const scene = await playUntilConflict(bench, 'planted')
    const { id } = await bench.pipeline(scene.pr)
    const [phase] = await bench.store.list('phaseRuns', { pipelineId: id, status: 'running' })
    const phaseId = phase?.id ?? ''
    const probe = probeGaps(bench)
    await plant(update('phaseRuns', { where: { id: phaseId }, set: { status: 'failed' } }))
    await plant(update('pipelines', { where: { id }, set: { status: 'failed' } }))
    expect(probe.faults()).toEqual([
      `a failed phase in a running pipeline: ${phaseId}`,
      `failed without a question: ${id}`,
    ])
    probe.stop()
    await plant(update('phaseRuns', { where: { id: phaseId }, set: { status: 'running' } }))
    await plant(update('pipelines', { where: { id }, set: { status: 'running' } }))
    await stop(scene)
  })

  it('sees a question that nobody will announce, and an agent at work beside it', async () => {
    const scene = await playUntilConflict(bench, 'planted-questions')
    const probe = probeGaps(bench)
    const question = await plantQuestion(bench, scene)
    const [attempt] = await bench.store.list('attempts', { sessionId: scene.session.id })
    expect(probe.faults()).toEqual(
      expect.arrayContaining([
        `a question that nobody will announce: ${question.id}`,
        `a question that stops a pipeline which runs: ${question.id}`,
        `an agent at work beside a question: ${attempt?.id}`,
      ]),
    )
    probe.stop()
    for (const { projectId, id } of await bench.decisions(scene.pr))
      await plant(update('decisions', { where: { projectId, id }, set: { status: 'cancelled' } }))
    await stop(scene)
  })

  it('sees a failure that is told while somebody still watches', async () => {
    const scene = await playUntilConflict(bench, 'planted-watch')
    const { id, runEpoch, projectId, sessionId } = await bench.pipeline(scene.pr)
    const probe = probeGaps(bench)
    const payload = { v: 1, pipeline_id: id, run_epoch: runEpoch }
    const about = { projectId, prNumber: scene.pr.number, sessionId, once: null }
    await plant({ kind: 'log', type: 'pipeline.failed', ...about, payload })
    const [watch] = await bench.store.list('overseers', { sessionId, status: 'watching' })
    expect(probe.faults()).toEqual([`told while somebody watches: ${watch?.id}`])
    probe.stop()
    await stop(scene)
  })

  async function plant(change: Change): Promise<void> {
    expect(await bench.store.commit([change], null)).toMatchObject({ kind: 'committed' })
  }

  async function stop(scene: Scene): Promise<void> {
    await bench.say(scene.pr, 'alice', '/belay stop')
    await bench.finishAttempts()
  }
})
