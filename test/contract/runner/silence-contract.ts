// What counts as life of an agent, told with every heartbeat, and the end of one that streams and shows none.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunnerReport } from '../../../src/domain/events.ts'
import { eventually } from '../../support/eventually.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { ReviewScene, UNTIL_GO } from './review-scene.ts'
import type { StartWorld } from './runner-contract.ts'
import { gone, pidIn } from './script-process.ts'

const LIMIT_MS = 1000

type Beat = Extract<RunnerReport, { readonly kind: 'attempt_heartbeat' }>

function beatsOf({ reports }: RunnerWorld, attemptId: string): readonly Beat[] {
  return reports.flatMap((report) =>
    report.kind === 'attempt_heartbeat' && report.attemptId === attemptId ? [report] : [],
  )
}

/** For how long, at least, it was seen to do something since its first heartbeat. */
function activeForMs(world: RunnerWorld, attemptId: string): number {
  const seen = beatsOf(world, attemptId).map(({ activeAt }) => activeAt)
  return (seen.at(-1) ?? 0) - (seen[0] ?? 0)
}

/** Agents that show one sign of life each, until `go` lies in their worktree. */
const SIGNS = {
  prints: 'until [ -e go ]; do echo working; sleep 0.1; done',
  computes: 'until [ -e go ]; do :; done',
  'left-its-group': `setsid sh -c 'until [ -e go ]; do :; done' >/dev/null 2>&1 & exec sleep 300`,
  /** The test does this for it: writing costs an agent some computing. */
  'files-change': 'exec sleep 300',
} as const

export function describeSilence(start: StartWorld): void {
  describe('an agent that streams', () => {
    it('is ended when nothing is seen of it, with everything it started, even if it does not listen', async () => {
      const { world } = await ReviewScene.prepare(start)
      const prompt = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > child; sleep 300' & while :; do sleep 300; done`
      await world.runner.startAttempt(world.attempt({ agent: 'streaming', silenceMs: 600, prompt }))
      const child = await pidIn(world, 'child')
      expect((await world.ended()).exit).toEqual({ kind: 'silent', afterMs: 600 })
      await gone(child)
    })

    it('goes on while it prints, computes, has others compute, or files of its worktree change', async () => {
      const scene = await ReviewScene.prepare(start)
      const { world } = scene
      const signs = Object.entries(SIGNS)
      for (const [id, prompt] of signs) {
        const order = scene.order(id, { agent: 'streaming', silenceMs: LIMIT_MS, prompt })
        await world.runner.startAttempt(order)
      }
      let size = 0
      const areLongAlive = async (): Promise<boolean> => {
        size += 1
        await writeFile(join(scene.tree('files-change'), 'src/deep.txt'), 'x'.repeat(size))
        return signs.every(([id]) => activeForMs(world, id) > 2 * LIMIT_MS)
      }
      await eventually(areLongAlive, { what: 'activity beyond the limit' })
      for (const id of ['prints', 'computes', 'left-its-group'])
        await writeFile(join(scene.tree(id), 'go'), '')
      const ends = await Promise.all(signs.map(([id]) => world.ended(id)))
      const [well, silent] = [
        { kind: 'exited', code: 0 },
        { kind: 'silent', afterMs: LIMIT_MS },
      ]
      expect(ends.map(({ exit }) => exit)).toEqual([well, well, silent, silent])
    })
  })

  describe('an agent that does not stream', () => {
    it('may be silent, and its heartbeats say since when', async () => {
      const { world } = await ReviewScene.prepare(start)
      const startedAt = Date.now()
      const order = world.attempt({ silenceMs: 300, prompt: 'sleep 300 & echo $! > child; wait' })
      await world.runner.startAttempt(order)
      const child = await pidIn(world, 'child')
      const beats = (): readonly number[] => beatsOf(world, order.attemptId).map(({ activeAt }) => activeAt)
      await eventually(() => Date.now() - (beats().at(-1) ?? Infinity) > 900, { what: 'a long silence' })
      expect(beats().every((activeAt) => activeAt >= startedAt)).toBe(true)
      process.kill(child, 'SIGTERM')
      expect((await world.ended()).exit.kind).toBe('exited')
    })
  })

  describe('heartbeats', () => {
    it('tell of their own attempt alone, beside others and after them', async () => {
      const scene = await ReviewScene.prepare(start)
      const { world } = scene
      await scene.begin('one.review.1', 'exec sleep 300')
      await scene.begin('two.review.1', 'until [ -e go ]; do :; done')
      const of = (attemptId: string) => beatsOf(world, attemptId)
      const lastOf = (attemptId: string): number => of(attemptId).at(-1)?.activeAt ?? 0
      await eventually(() => lastOf('two.review.1') - lastOf('one.review.1') > 700, {
        what: 'one to be silent while the other computes',
      })
      await world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'one.review.1' })
      await world.ended('one.review.1')
      const [ended, startedAt] = [of('one.review.1').length, Date.now()]
      await scene.begin('three.review.1', UNTIL_GO)
      await eventually(() => of('three.review.1').length > 2, { what: 'heartbeats of the third' })
      expect(of('one.review.1')).toHaveLength(ended)
      expect(of('three.review.1').every(({ activeAt }) => activeAt >= startedAt)).toBe(true)
      await scene.letGo('two.review.1')
      await scene.letGo('three.review.1')
    })
  })
}
