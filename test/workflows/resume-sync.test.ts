// A recovery that was cut short at every step: begun again before the reset, finished after it, and asked about with the
// facts from before and with every pin that was made on the way.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SyncStep } from '../../src/domain/sync/step.ts'
import type { Act } from '../support/agents/story.ts'
import { git, writeFiles } from '../support/temp-repo.ts'
import {
  letAgentEnd,
  playAttempt,
  playUntilConflict,
  questionTexts,
  WORK,
  type QuestionScene,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  if (bench.isDead) await bench.reboot()
})

afterAll(() => bench?.close())

type Moment = 'before' | 'after'

function killAt(
  moment: Moment,
  order: SyncStep['kind'],
  last: () => Promise<void> = async () => undefined,
): void {
  bench.watch.hook = async (now, seen) => {
    if (now !== moment || seen.order !== order) return
    // Leftovers have a pin of their own, before the sync begins.
    if ((await bench.store.find('syncOperations', { sessionId: seen.sessionId, state: 'running' })) === null)
      return
    await last()
    throw bench.kill()
  }
}

/** Work in a commit and a note that nobody tracks: both must be in a pin. */
const WORK_AND_NOTE: readonly Act[] = [...WORK, { do: 'write', path: '.env.note', text: 'only here\n' }]

async function playUntilKilled(
  branch: string,
  kill: (scene: Scene) => void,
): Promise<Scene & { readonly own: string }> {
  const scene = await playUntilConflict(bench, branch, WORK_AND_NOTE)
  const own = await git(bench.tree(scene.session.id), 'rev-parse', 'HEAD')
  kill(scene)
  await letAgentEnd(bench, scene)
  expect(bench.isDead).toBe(true)
  expect(await bench.decisions(scene.pr)).toEqual([])
  return { ...scene, own }
}

async function recovered(scene: Scene): Promise<QuestionScene> {
  await bench.reboot()
  await bench.settle()
  return { ...scene, question: await bench.question(scene.pr) }
}

/** The question is the one that an undisturbed recovery asks, whatever the worktree looked like in between. */
async function expectOriginalFacts(scene: QuestionScene, own: string): Promise<void> {
  const { pr, session, question } = scene
  expect(question).toMatchObject({
    kind: 'hard_reset_recovery',
    concerns: 'pipeline',
    headSha: pr.headSha,
    details: {
      case: 'divergence_recovered_via_reset',
      localHead: own,
      remoteHead: pr.headSha,
      discarded: [{ sha: own, subject: 'Tie the knot' }],
      conflictingPaths: ['knot.txt'],
      isReset: true,
    },
  })
  expect(await bench.decisions(pr)).toHaveLength(1)
  expect(questionTexts(pr)).toHaveLength(1)
  const tree = bench.tree(session.id)
  expect(await git(tree, 'rev-parse', 'HEAD')).toBe(pr.headSha)
  expect(await git(tree, 'symbolic-ref', '--short', 'HEAD')).toBe(session.branch)
  expect(await git(tree, 'diff', '--stat', 'HEAD')).toBe('')
  const operations = await bench.store.list('syncOperations', { sessionId: session.id })
  expect(operations.filter(({ state }) => state === 'running' || state === 'planned')).toEqual([])
  expect(operations.at(-1)).toMatchObject({ before: own, after: pr.headSha, localAhead: 1, remoteAhead: 1 })
  const types = (await bench.reader.changeLog()).filter(({ sessionId }) => sessionId === session.id)
  const told = types
    .map(({ type }) => type)
    .filter((type) => /^(?:phase|pipeline)\.failed$|^decision\./.test(type))
  expect(told).toEqual(['phase.failed', 'pipeline.failed', 'decision.created'])
  await expectPinned(scene, own)
}

async function expectPinned({ session, question }: QuestionScene, own: string): Promise<void> {
  const mirror = bench.mirror(session.projectId)
  const [first] = question.details.pins
  expect(first).toMatchObject({ head: own })
  expect(await git(mirror, 'show', `${first?.prefix}/head:knot.txt`)).toBe('tied by the agent')
  expect(await git(mirror, 'show', `${first?.prefix}/worktree:.env.note`)).toBe('only here')
  const rows = await bench.store.list('backups', { sessionId: session.id })
  const refs = (
    await git(mirror, 'for-each-ref', '--format=%(refname)', `refs/belay/backup/${session.id}/`)
  ).split('\n')
  for (const { prefix } of rows) expect(refs).toContain(`${prefix}/head`)
  // No pin lies in the mirror that nobody lists.
  expect(new Set(refs.map((ref) => ref.slice(0, ref.lastIndexOf('/'))))).toEqual(
    new Set(rows.map(({ prefix }) => prefix)),
  )
}

describe('finishInterrupted, before the reset began', () => {
  it.each([
    ['after', 'pin'],
    ['after', 'push_pin'],
  ] as const)('starts over when it was killed %s %s', async (moment, step) => {
    const { own, ...scene } = await playUntilKilled(`over-${moment}-${step.replace('_', '-')}`, () =>
      killAt(moment, step),
    )
    expect(await git(bench.tree(scene.session.id), 'rev-parse', 'HEAD')).toBe(own)
    const after = await recovered(scene)
    await expectOriginalFacts(after, own)
    expect(after.question.details).toMatchObject({ moment: 'phase_end', pins: [{ push: 'pushed' }] })
  })
})

describe('finishInterrupted, after the reset began', () => {
  it.each<{ what: string; moment: Moment; step: SyncStep['kind']; pins: number }>([
    { what: 'written down and not begun', moment: 'before', step: 'reset_tree', pins: 2 },
    { what: 'of the files done, the branch not moved', moment: 'after', step: 'reset_tree', pins: 2 },
    { what: 'followed by the move of the branch', moment: 'after', step: 'move_branch', pins: 1 },
    { what: 'checked, the check not written down', moment: 'after', step: 'verify_worktree', pins: 1 },
  ])('finishes a reset that was $what', async ({ moment, step, pins }) => {
    const { own, ...scene } = await playUntilKilled(`finish-${moment}-${step.replace('_', '-')}`, () =>
      killAt(moment, step),
    )
    const mark = bench.watch.orders.length
    const after = await recovered(scene)
    await expectOriginalFacts(after, own)
    expect(after.question.details.moment).toBe('recovery')
    expect(after.question.details.pins).toHaveLength(pins)
    // A half-done reset must not be committed as if the agent had left it.
    expect(bench.watch.ordersOf(scene.session.id, mark)).not.toContain('commit_leftovers')
  })

  it('pins a half-done reset before it goes on, and shows that pin as well', async () => {
    const { own, ...scene } = await playUntilKilled('half-done', ({ session }) =>
      killAt('before', 'reset_tree', () =>
        writeFiles(bench.tree(session.id), { 'knot.txt': 'tied by al', 'half.txt': 'half\n' }),
      ),
    )
    const after = await recovered(scene)
    await expectOriginalFacts(after, own)
    const [, second] = after.question.details.pins
    const mirror = bench.mirror(scene.session.projectId)
    expect(await git(mirror, 'show', `${second?.prefix}/worktree:knot.txt`)).toBe('tied by al')
    expect(await git(mirror, 'show', `${second?.prefix}/worktree:half.txt`)).toBe('half')
  })

  it('survives being killed again and again on the way, and loses no pin of any start', async () => {
    const { own, ...scene } = await playUntilKilled('again-and-again', () => killAt('before', 'reset_tree'))
    const kills = [
      ['after', 'pin'],
      ['before', 'reset_tree'],
      ['after', 'reset_tree'],
      ['after', 'move_branch'],
    ] as const
    for (const [moment, step] of kills) {
      await bench.reboot()
      killAt(moment, step)
      await bench.settle()
      expect(bench.isDead).toBe(true)
      expect(await bench.decisions(scene.pr)).toEqual([])
    }
    const after = await recovered(scene)
    await expectOriginalFacts(after, own)
    // The first pin, and one of each start that came to pinning again.
    expect(after.question.details.pins).toHaveLength(5)
    await bench.say(after.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.pipeline(after.pr)).toMatchObject({ status: 'complete' })
    const prompt = await bench.story.prompt({ pr: after.pr.number, attempt: 2 })
    for (const { prefix } of after.question.details.pins) expect(prompt).toContain(prefix)
  })
})

describe('finishInterrupted, a reset that a person chose', () => {
  it('is brought to its end by a sync that knows nothing of the choice, and nothing of it is taken for work', async () => {
    const scene = await playAttempt(bench, 'chosen-half')
    const tree = bench.tree(scene.session.id)
    await writeFiles(tree, { 'knot.txt': 'tied by hand\n' })
    await git(tree, 'commit', '--quiet', '-am', 'Tie it by hand')
    await git(tree, 'checkout', '--quiet', '--detach')
    const own = await git(tree, 'rev-parse', 'HEAD')
    await bench.say(scene.pr, 'alice', '/belay sync')
    expect(await bench.question(scene.pr)).toMatchObject({ details: { case: 'detached_head' } })
    const remote = await bench.repo.git.resolve('refs/heads/chosen-half')
    bench.watch.hook = (moment, { order }) => {
      if (moment !== 'after' || order !== 'reset_tree') return
      bench.watch.hook = () => undefined
      throw new Error('The machine is busy.')
    }
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    expect(await git(tree, 'rev-parse', 'HEAD')).toBe(own)
    expect(await git(tree, 'status', '--porcelain')).not.toBe('')
    await bench.say(scene.pr, 'alice', '/belay sync')
    expect(await git(tree, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('chosen-half')
    expect(await git(tree, 'rev-parse', 'HEAD')).toBe(remote)
    expect(await git(tree, 'status', '--porcelain')).toBe('')
    const operations = await bench.store.list('syncOperations', { sessionId: scene.session.id })
    expect(operations.filter(({ state }) => state === 'running' || state === 'planned')).toEqual([])
    expect(operations.map((operation) => operation.case)).toContain('local_ahead_discarded')
    const backups = await bench.store.list('backups', { sessionId: scene.session.id })
    expect(backups.map(({ head }) => head)).toContain(own)
    expect(await bench.repo.git.resolve('refs/heads/chosen-half')).toBe(remote)
  })
})

describe('finishInterrupted, plans without a reset', () => {
  it('repeats a fast-forward that was killed after the files had moved', async () => {
    const scene = await playAttempt(bench, 'forward')
    killAt('after', 'move_tree')
    const head = await bench.repo.push({
      by: 'alice',
      branch: 'forward',
      files: { 'knot.txt': 'tied by alice\n' },
    })
    await bench.settle()
    expect(bench.isDead).toBe(true)
    await bench.reboot()
    await bench.settle()
    const tree = bench.tree(scene.session.id)
    expect(await git(tree, 'rev-parse', 'HEAD')).toBe(head)
    expect(await git(tree, 'status', '--porcelain')).toBe('')
    expect(await bench.decisions(scene.pr)).toEqual([])
    const operations = await bench.store.list('syncOperations', {
      sessionId: scene.session.id,
      trigger: 'push',
    })
    expect(operations.map(({ state }) => state)).toEqual(['interrupted', 'done'])
  })
})
