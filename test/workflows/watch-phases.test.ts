// The watch over a phase in the whole program: when it opens and ends, and that what it sees reaches people.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../src/domain/config/parse-repository-config.ts'
import type { Overseer } from '../../src/domain/pipeline/records.ts'
import { overseeAll } from '../../src/workflows/oversee.ts'
import { letAgentEnd, playUntilConflict, statusOf, type Scene } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

const watchesOf = ({ session }: Scene): Promise<readonly Overseer[]> =>
  bench.store.list('overseers', { sessionId: session.id })

/** How many watches are open and which rows tell of the failure, after each commit; the different sights in order. */
function watchFromOutside({ session, pr }: Scene): () => readonly string[] {
  const seen: string[] = []
  bench.onCommit = async () => {
    const [row] = await bench.reader.query(`SELECT
      (SELECT COUNT(*) FROM overseers WHERE session_id = '${session.id}' AND status = 'watching') AS watching,
      (SELECT status FROM pipelines WHERE session_id = '${session.id}') AS pipeline,
      (SELECT group_concat(type) FROM (SELECT type FROM change_log WHERE pr_number = ${pr.number}
        AND type IN ('phase.failed', 'pipeline.failed', 'decision.created') ORDER BY seq)) AS told`)
    const sight = [row?.['watching'], row?.['pipeline'], row?.['told']].map((each) => String(each)).join(' ')
    if (seen.at(-1) !== sight) seen.push(sight)
  }
  return () => seen
}

describe('the watch over a phase', () => {
  it('sees an agent that shows no life, and people see it in the status comment', async () => {
    const scene = await playUntilConflict(bench, 'silent')
    expect(await watchesOf(scene)).toMatchObject([{ status: 'watching', raised: [] }])
    expect(await overseeAll(bench.deps)).toBe(0)
    bench.clock.advance(DEFAULT_CONFIG.overseer.stallMs + 1)
    expect(await overseeAll(bench.deps)).toBe(1)
    await bench.settle()
    const [attempt] = await bench.store.list('attempts', { sessionId: scene.session.id })
    expect(await bench.store.list('alerts', { sessionId: scene.session.id })).toMatchObject([
      { code: 'overseer_stall', details: { attempt_id: attempt?.id } },
    ])
    expect(statusOf(scene.pr)).toContain('has shown no life since')
    expect(await overseeAll(bench.deps)).toBe(0)
    await letAgentEnd(bench, scene)
  })

  it('ends after the question was stored and before anybody is told, and a new start has its own', async () => {
    const scene = await playUntilConflict(bench, 'order')
    const seen = watchFromOutside(scene)
    await letAgentEnd(bench, scene)
    bench.onCommit = null
    expect(seen()).toEqual([
      '1 running null',
      '1 failed null',
      '0 failed null',
      '0 failed phase.failed,pipeline.failed,decision.created',
    ])
    const { pr } = scene
    await bench.story.script(pr.number, [[], [{ do: 'meet', name: 'again' }]])
    await bench.say(pr, 'alice', '/continue')
    await bench.story.arrived({ pr: pr.number, attempt: 2 }, 'again')
    const [first, second, ...more] = await watchesOf(scene)
    expect(first).toMatchObject({ status: 'over' })
    expect(second).toMatchObject({ status: 'watching', raised: [], phaseRunId: first?.phaseRunId })
    expect(more).toEqual([])
    await bench.story.letGo({ pr: pr.number, attempt: 2 }, 'again')
    await bench.finishAttempts()
    expect((await watchesOf(scene)).map(({ status }) => status)).toEqual(['over', 'over'])
  })
})
