// The questions a sync can ask beside the recovery, and what each answer really does to worktree, branch and pins.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pinsOf } from '../../src/domain/decision/subject.ts'
import type { Decision } from '../../src/domain/records.ts'
import { git } from '../support/temp-repo.ts'
import {
  casesOf,
  configure,
  headOf,
  letAgentEnd,
  playAttempt,
  playUntilBlocked,
  playUntilBlockedIdle,
  playUntilConflict,
  questionTexts,
  type Scene,
  WORK,
} from '../support/workbench/scenes.ts'
import type { Order } from '../support/workbench/runner-watch.ts'
import { lookAtWorktree } from '../support/workbench/worktree-sight.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  bench.watch.hook = () => undefined
  bench.github.faults.clear()
  await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
})

afterAll(() => bench?.close())

function optionIds({ options }: Decision): readonly string[] {
  return options.map(({ id }) => id)
}

async function pinnedBytes(scene: Scene, decision: Decision, path: string): Promise<string> {
  const prefix = pinsOf(decision).at(-1)?.prefix ?? ''
  return git(bench.mirror(scene.session.projectId), 'cat-file', 'blob', `${prefix}/worktree:${path}`)
}

describe('a blocked worktree, answered with reset', () => {
  it('pins again, resets to the remote branch, and runs the phase again with the pin named', async () => {
    const scene = await playUntilBlocked(bench, 'chosen', [
      { do: 'write', path: 'knot.txt', text: 'half tied\n' },
      { do: 'git', args: ['checkout', '--quiet', '--detach'] },
      { do: 'write', path: 'note.txt', text: 'untracked\n' },
    ])
    expect(scene.question).toMatchObject({ kind: 'sync_blocked', details: { case: 'detached_head' } })
    expect(optionIds(scene.question)).toEqual(['continue', 'reset', 'abort'])
    expect(await pinnedBytes(scene, scene.question, 'knot.txt')).toBe('half tied')
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    const tree = bench.tree(scene.session.id)
    expect(await git(tree, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('chosen')
    expect(await casesOf(bench, scene)).toContain('reset_succeeded')
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    const prompt = await bench.story.prompt({ pr: scene.pr.number, attempt: 2 })
    expect(prompt).toContain('A person chose the branch as it is on GitHub')
    expect(prompt).toContain(scene.question.details.pins[0]?.prefix)
  })

  it('takes commits of ours out of the worktree, says so by its case, and keeps them pinned', async () => {
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/heads/discarded && { echo "GH006: Protected branch update failed" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilBlocked(bench, 'discarded', WORK)
    expect(scene.question.details.case).toBe('local_ahead_push_failed')
    const own = await headOf(bench, scene)
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    expect(await casesOf(bench, scene)).toContain('local_ahead_discarded')
    expect(await headOf(bench, scene)).toBe(scene.pr.headSha)
    const backups = await bench.store.list('backups', {
      sessionId: scene.session.id,
      head: own as Decision['headSha'],
    })
    expect(backups.length).toBeGreaterThan(0)
    expect(await git(bench.mirror(scene.session.projectId), 'cat-file', '-t', own)).toBe('commit')
  })

  it('works in an idle session too, and starts no agent', async () => {
    const scene = await playUntilBlockedIdle(bench, 'idle-reset')
    expect(optionIds(scene.question)).toEqual(['continue', 'reset', 'abort'])
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    expect(await git(bench.tree(scene.session.id), 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('idle-reset')
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
  })

  it('is not offered where not everything can be saved first', async () => {
    const scene = await playAttempt(bench, 'not-offered')
    const tree = bench.tree(scene.session.id)
    await writeFile(join(tree, '.git'), 'gitdir: /elsewhere\n')
    await bench.say(scene.pr, 'alice', '/belay sync')
    const question = await bench.question(scene.pr)
    expect(question.details.case).toBe('tampered')
    expect(optionIds(question)).toEqual(['continue', 'abort'])
  })
})

describe('a divergence with on_conflict: pause', () => {
  it('is asked about three times at most, then once more with every pin and without continue', async () => {
    await configure(bench, 'sync:\n  on_conflict: pause\n')
    const scene = await playUntilConflict(bench, 'pauses')
    const before = await lookAtWorktree(bench.tree(scene.session.id))
    await letAgentEnd(bench, scene)
    for (const pauses of [0, 1, 2]) {
      const question = await bench.question(scene.pr)
      expect(question).toMatchObject({
        kind: 'divergence_reconcile_unacked',
        details: { earlierPauses: pauses },
      })
      expect(question.context).toBe('divergence_reconcile_unacked:implement')
      expect(optionIds(question)).toEqual(['continue', 'reset', 'abort', 'rescue'])
      await bench.say(scene.pr, 'alice', '/continue')
      await bench.finishAttempts()
    }
    const last = await bench.question(scene.pr)
    expect(last).toMatchObject({ details: { case: 'divergence_unreconciled', earlierPauses: 3 } })
    expect(optionIds(last)).toEqual(['reset', 'abort', 'rescue'])
    expect(last.details.pins.map(({ prefix }) => prefix)).toHaveLength(4)
    expect(new Set(last.details.pins.map(({ prefix }) => prefix)).size).toBe(4)
    expect(questionTexts(scene.pr).at(-1)).toContain('This is the last question about it')
    expect(await lookAtWorktree(bench.tree(scene.session.id))).toEqual(before)
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'awaiting_human' })
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    expect(await headOf(bench, scene)).toBe(scene.pr.headSha)
    await configure(bench, '')
  })
})

/** What a runner is asked that is no step of a plan. */
const NO_STEPS: ReadonlySet<string> = new Set<Order>([
  'checkAgent',
  'prepare',
  'inspect',
  'startAttempt',
  'stopAttempt',
  'reapAttempt',
])

describe('the journal', () => {
  it('holds every step that touched a worktree, a pin or a branch, each with its result', async () => {
    const scene = await playUntilConflict(bench, 'journal', [
      ...WORK,
      { do: 'write', path: 'left.txt', text: 'left\n' },
    ])
    await letAgentEnd(bench, scene)
    await bench.say(scene.pr, 'alice', '/belay rescue')
    const operations = await bench.store.list('syncOperations', { sessionId: scene.session.id })
    expect(operations.map(({ purpose }) => purpose)).toEqual(
      expect.arrayContaining(['leftovers', 'sync', 'rescue']),
    )
    const executed = bench.watch.orders.filter(
      ({ sessionId, order }) => sessionId === scene.session.id && !NO_STEPS.has(order),
    )
    const rows = await bench.store.list('syncSteps', { operationId: operations.map(({ id }) => id) })
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(executed.map(({ order }) => order).toSorted())
    expect(rows.filter(({ outcome }) => outcome === null)).toEqual([])
    expect(operations.filter(({ state }) => state === 'running')).toEqual([])
  })
})
