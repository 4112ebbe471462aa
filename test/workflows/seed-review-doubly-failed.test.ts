// The seed's review, B5 and what followed from it: a rebase and a reset that both failed are an outcome of their own, which
// no caller takes for a sync that had nothing to do. Only abort is offered, and no client can go on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRequests } from '../../src/ports/requests.ts'
import { repositoryRefOf } from '../../src/workflows/queries.ts'
import { git } from '../support/temp-repo.ts'
import {
  headOf,
  playUntilFailedReset,
  playUntilReset,
  pressButton,
  questionTexts,
  requestsOf,
  type QuestionScene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let requests: PipelineRequests
let scene: QuestionScene
let mark: number
let head: string

const CONTRACT = 'version: 1\nphases:\n  - name: plan\n    produces: contract\n'
const WHO = { actor: 'ci', via: 'rest' } as const

beforeAll(async () => {
  bench = await Workbench.start({ files: { '.github/belay.yml': CONTRACT } })
  requests = requestsOf(bench)
  scene = await playUntilFailedReset(bench, 'doubly')
  mark = bench.watch.orders.length
  head = await headOf(bench, scene)
})

afterAll(() => bench?.close())

async function expectStillAsked(): Promise<void> {
  expect(await bench.question(scene.pr)).toEqual(scene.question)
  expect(await bench.pipeline(scene.pr)).toMatchObject({
    status: 'failed',
    runEpoch: scene.question.runEpoch,
  })
  expect(bench.watch.ordersOf(scene.session.id, mark)).toEqual([])
  expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
  expect(await headOf(bench, scene)).toBe(head)
}

describe('B5: the rebase and the reset both failed', () => {
  it('is its own case, with a question of its own words and no way on', async () => {
    expect(scene.question).toMatchObject({
      kind: 'hard_reset_recovery',
      context: 'hard_reset_recovery:plan',
      details: { case: 'divergence_rebase_and_reset_failed', isReset: false },
    })
    expect(scene.question.options.map(({ id, label }) => `${id}: ${label}`)).toEqual([
      'abort: Abort pipeline',
    ])
    const [text = ''] = questionTexts(scene.pr)
    expect(text).toMatch(/still divergent/iu)
    expect(text).not.toContain('was reset')
    expect(text).not.toContain('/continue')
    const [pin] = scene.question.details.pins
    const pinned = await git(
      bench.mirror(scene.session.projectId),
      'log',
      '-1',
      '--format=%s',
      `${pin?.prefix}/head`,
    )
    expect(pinned).toBe('Tie the knot')
    await expectStillAsked()
  })

  it('is told by populate as what it is, and as often as it is asked', async () => {
    const { pipelineId, id } = scene.question
    for (let times = 0; times < 2; times += 1)
      expect(await requests.populate({ pipelineId, ...WHO })).toMatchObject({
        kind: 'recovery_unacked',
        hardResetPerformed: false,
        decision: id,
        alreadyPending: true,
        discarded: [expect.stringContaining('Tie the knot')],
      })
    expect(await bench.store.list('contracts', {})).toEqual([])
    await expectStillAsked()
  })

  const rest = (answer: unknown, via: 'rest' | 'cli') => async (): Promise<void> => {
    const { pipelineId, id: decisionId } = scene.question
    const reply = await bench.answer({ pipelineId, decisionId, answer, via })
    expect(reply).toEqual({ kind: 'not_an_option', options: ['abort'] })
  }
  const say = (line: string) => async (): Promise<void> => {
    await bench.say(scene.pr, 'alice', line)
  }
  /** GitHub offers no such button; whoever forges the event gets no further. */
  const pressUnseen = async (optionId: string): Promise<void> => {
    const project = await bench.store.find('projects', { repositoryId: bench.repo.id })
    if (project === null) throw new Error('The project is known')
    await bench.enqueue(scene.pr, {
      kind: 'handle_event',
      event: {
        kind: 'button_pressed',
        repository: repositoryRefOf(project),
        checkRunId: 1,
        externalId: scene.question.id,
        optionId,
        headSha: scene.question.headSha,
        sender: { login: 'alice', isBot: false },
      },
    })
    await bench.settle()
  }
  const LABEL = 'Continue with post-reset state'

  it.each<readonly [string, () => Promise<void>]>([
    ['REST, by id', rest('continue', 'rest')],
    ['REST, by label', rest(LABEL, 'rest')],
    ['REST, in the envelope', rest({ action: 'select', selected: LABEL }, 'rest')],
    ['REST, in the envelope as text', rest('{"action":"select","selected":"continue"}', 'rest')],
    ['the command line', rest('continue', 'cli')],
    ['a bare command', say('/continue')],
    ['a command', say('/belay continue')],
    ['a command with an option', say('/belay answer continue')],
    ['a command with another option', say('/belay answer retry')],
    ['a button that was never shown', () => pressUnseen('continue')],
  ])('can not be gone on from by %s, and each try raises the alert', async (_client, attempt) => {
    const alerts = async () => bench.store.list('alerts', { sessionId: scene.session.id })
    const before = await alerts()
    await attempt()
    const after = await alerts()
    expect(after).toHaveLength(before.length + 1)
    expect(after.at(-1)).toMatchObject({
      code: 'hard_reset_recovery_unknown_resolution',
      details: { decision_id: scene.question.id, context: scene.question.context },
    })
    await expectStillAsked()
  })

  it('can not be gone round by running the phase again', async () => {
    const { pipelineId, id: decision, context } = scene.question
    const refused = { kind: 'decision_pending', decision, context }
    expect(await requests.restart({ pipelineId, phase: null, ...WHO })).toEqual(refused)
    expect(await requests.restart({ pipelineId, phase: 'plan', ...WHO })).toEqual(refused)
    await bench.say(scene.pr, 'alice', '/belay run')
    await bench.say(scene.pr, 'alice', '/belay sync')
    await expectStillAsked()
  })

  it('is ended by abort, with worktree and pin as they are', async () => {
    await pressButton(bench, scene, { by: 'alice', option: 'abort' })
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'cancelled' })
    expect(await headOf(bench, scene)).toBe(head)
    const [pin] = scene.question.details.pins
    const pinned = await git(
      bench.mirror(scene.session.projectId),
      'log',
      '-1',
      '--format=%s',
      `${pin?.prefix}/head`,
    )
    expect(pinned).toBe('Tie the knot')
    expect(bench.failures()).toEqual([])
  })
})

describe('honest options: where the reset did its work', () => {
  it('offers to go on, and says that the worktree is clean', async () => {
    const { pr, question } = await playUntilReset(bench, 'once')
    expect(question.options.map(({ id }) => id)).toEqual(['continue', 'abort', 'rescue'])
    const [text = ''] = questionTexts(pr)
    expect(text).toContain('was reset')
    expect(text).not.toMatch(/still divergent/iu)
  })
})
