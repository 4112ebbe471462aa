// The recovery transaction, watched from another connection after every commit: nobody ever sees a failed phase without
// its question, nor a question without the job that announces it.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Act } from '../support/agents/story.ts'
import {
  DETACH,
  letAgentEnd,
  playAttempt,
  playUntilConflict,
  questionTexts,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import { git, writeFiles } from '../support/temp-repo.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.onCommit = null
})

afterAll(() => bench?.close())

/** What somebody else sees of a session's pipeline at one moment. */
interface Sight {
  readonly pipeline: unknown
  readonly phase: unknown
  readonly open: unknown
  readonly announcements: unknown
  readonly openOperations: unknown
  readonly announced: unknown
}

/** Looks after every commit; returns the different sights in their order. */
function watchFromOutside(sessionId: () => Promise<string>): () => readonly Sight[] {
  const seen: string[] = []
  bench.onCommit = async () => {
    const id = await sessionId()
    const [row] = await bench.reader.query(`SELECT
      (SELECT status FROM pipelines WHERE session_id = '${id}') AS pipeline,
      (SELECT r.status FROM phase_runs r JOIN pipelines p ON p.id = r.pipeline_id WHERE p.session_id = '${id}') AS phase,
      (SELECT COUNT(*) FROM decisions WHERE session_id = '${id}' AND status = 'pending') AS open,
      (SELECT COUNT(*) FROM jobs j JOIN decisions d ON d.session_id = '${id}'
        WHERE j.idem = 'announce:' || d.project_id || ':' || d.id) AS announcements,
      (SELECT COUNT(*) FROM sync_operations WHERE session_id = '${id}' AND state = 'running') AS open_operations,
      (SELECT group_concat(type) FROM (SELECT type FROM change_log WHERE session_id = '${id}'
        AND type IN ('phase.failed', 'pipeline.failed', 'decision.created') ORDER BY seq)) AS announced`)
    const sight = JSON.stringify(row)
    if (seen.at(-1) !== sight) seen.push(sight)
  }
  return () => seen.map((text) => JSON.parse(text) as Sight)
}

/** Leaves the agent's commit unpushed: the attempt failed, and the next one waits. */
async function playUntilKept(branch: string): Promise<Scene> {
  const failing: readonly Act[] = [...WORK, { do: 'exit', code: 1 }]
  const scene = await playAttempt(bench, branch, [failing])
  const push = { by: 'alice', branch, files: { 'knot.txt': 'tied by alice\n' }, message: 'Tie it better' }
  bench.github.faults.drop({ event: 'push', times: 1 })
  await bench.repo.push(push)
  await bench.settle()
  return scene
}

const RESETS = [
  {
    place: 'at the end of a phase',
    async play(branch: string) {
      const scene = await playUntilConflict(bench, branch)
      return { scene, go: () => letAgentEnd(bench, scene) }
    },
  },
  {
    place: 'at the start of a phase',
    async play(branch: string) {
      const scene = await playUntilKept(branch)
      const go = async (): Promise<void> => {
        bench.clock.advance(RESTART_DELAY_MS)
        await bench.settle()
      }
      return { scene, go }
    },
  },
] as const

describe('openDecision', () => {
  it.each(RESETS)('stores state, question and announcement together, $place', async ({ place, play }) => {
    const { scene, go } = await play(place.replaceAll(' ', '-'))
    const sights = watchFromOutside(async () => scene.session.id)
    await go()
    bench.onCommit = null
    const running = { pipeline: 'running', phase: 'running', open: 0, announcements: 0, announced: null }
    const asked = { pipeline: 'failed', phase: 'failed', open: 1, announcements: 1, openOperations: 0 }
    const before = sights().filter(({ open }) => open === 0)
    expect(before.length).toBeGreaterThanOrEqual(2)
    for (const sight of before) expect(sight).toMatchObject(running)
    expect(sights().slice(before.length)).toEqual([
      { ...asked, announced: null },
      { ...asked, announced: 'phase.failed,pipeline.failed,decision.created' },
    ])
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({
      kind: 'hard_reset_recovery',
      context: 'hard_reset_recovery:implement',
      status: 'pending',
      headSha: scene.pr.headSha,
      details: { isReset: true, conflictingPaths: ['knot.txt'], discarded: [{ subject: 'Tie the knot' }] },
    })
    expect(await git(bench.tree(scene.session.id), 'rev-parse', 'HEAD')).toBe(scene.pr.headSha)
  })

  it('leaves a phase that is only blocked waiting for a person, also in one step', async () => {
    const pr = await bench.openPullRequest('blocked')
    await bench.story.script(pr.number, [[...DETACH, { do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    const scene = { pr, session: await bench.session(pr) }
    const sights = watchFromOutside(async () => scene.session.id)
    await letAgentEnd(bench, scene)
    bench.onCommit = null
    const asked = { pipeline: 'awaiting_human', phase: 'awaiting_human', open: 1, announcements: 1 }
    const after = sights().filter(({ open }) => open === 1)
    expect(after).toEqual([
      { ...asked, openOperations: 0, announced: null },
      { ...asked, openOperations: 0, announced: 'decision.created' },
    ])

    // Announcing it a second time adds nothing.
    const { projectId, id: decisionId } = await bench.question(pr)
    const log = await bench.reader.changeLog()
    const texts = questionTexts(pr)
    await bench.enqueue(pr, { kind: 'announce_failure', projectId, decisionId })
    await bench.settle()
    expect(await bench.reader.changeLog()).toEqual(log)
    expect(questionTexts(pr)).toEqual(texts)
    expect(texts).toHaveLength(1)
  })

  it('says nothing of a failed pipeline when the pipeline was through before', async () => {
    const scene = await playAttempt(bench, 'through')
    const tree = bench.tree(scene.session.id)
    await writeFiles(tree, { 'knot.txt': 'tied by hand\n' })
    await git(tree, 'commit', '--quiet', '--all', '--message=Tie by hand')
    await bench.repo.push({ by: 'alice', branch: 'through', files: { 'knot.txt': 'tied by alice\n' } })
    await bench.settle()
    expect(await bench.question(scene.pr)).toMatchObject({ kind: 'hard_reset_recovery' })
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete', failure: null })
    const types = (await bench.reader.changeLog())
      .filter(({ sessionId }) => sessionId === scene.session.id)
      .map(({ type }) => type)
    expect(types).toContain('decision.created')
    expect(types).toContain('pipeline.completed')
    expect(types).not.toContain('pipeline.failed')
    expect(types).not.toContain('phase.failed')
  })
})
