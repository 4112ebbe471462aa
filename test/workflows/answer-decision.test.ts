// Answers: who is first, through which door, and when they do not count.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/records.ts'
import {
  botTexts,
  playUntilBlocked,
  playUntilBlockedIdle,
  playUntilReset,
  questionTexts,
  reactionsOf,
  repliesTo,
  textOf,
  type QuestionScene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start({
    files: { '.github/belay.yml': 'version: 1\npermissions:\n  abort: maintain\n' },
  })
})

afterAll(() => bench?.close())

describe('answerDecision, the first valid answer wins', () => {
  it.each([
    { first: 'continue', second: 'abort', becomes: { status: 'running' } },
    {
      first: 'abort',
      second: 'continue',
      becomes: { status: 'cancelled', failure: { code: 'cancelled_by_person' } },
    },
  ] as const)('$first before $second', async ({ first, second, becomes }) => {
    const { pr, question } = await playUntilReset(bench, `${first}-first`)
    await bench.story.script(pr.number, [[], [{ do: 'meet', name: 'again' }]])
    const winner = await pr.comment('carol', `/${first} ${question.id}`)
    const late = await pr.comment('carol', `/${second} ${question.id}`)
    const at = bench.clock.now()
    await bench.settle()
    expect(await bench.decisions(pr)).toMatchObject([
      { status: 'resolved', answer: first, answeredBy: 'carol', answeredVia: 'bare_command', answeredAt: at },
    ])
    expect(reactionsOf(winner)).toEqual(['eyes', 'rocket'])
    expect(reactionsOf(late)).toEqual(['eyes', 'confused'])
    const told = { kind: 'already_answered', id: question.id, answer: first, by: 'carol' } as const
    expect(repliesTo(late)).toEqual([textOf({ ...told, via: 'bare_command', at })])
    expect(await bench.pipeline(pr)).toMatchObject(becomes)
    const audits = (await bench.store.list('auditLog', {})).filter(({ target }) =>
      target.endsWith(question.id),
    )
    expect(audits).toMatchObject([{ actor: 'carol', action: 'answer_decision', details: { option: first } }])
    await bench.story.letGo({ pr: pr.number, attempt: 2 }, 'again')
    await bench.finishAttempts()
  })

  it('an answer by REST that lost the race in the lane is told who was first', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'race-of-doors')
    const { pipelineId, id: decisionId } = question
    const { projectId } = question
    const earlier = { projectId, decisionId, answer: 'abort', actor: 'carol', source: null } as const
    // Stored and not judged yet when the answer by REST comes in behind it.
    await bench.enqueue(pr, { kind: 'answer_decision', via: 'button', ...earlier })
    const reply = await bench.answer({ pipelineId, decisionId, answer: 'continue', via: 'rest' })
    expect(reply).toEqual({ kind: 'already_resolved', answer: 'abort', by: 'carol' })
    const [first, second] = await Promise.all([
      bench.answer({ pipelineId, decisionId, answer: 'continue', via: 'rest' }),
      bench.answer({ pipelineId, decisionId, answer: 'abort', via: 'cli' }),
    ])
    expect([first, second]).toEqual([reply, reply])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'cancelled' })
  })

  it('of two answers by REST at the same moment exactly one counts', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'two-by-rest')
    const { pipelineId, id: decisionId } = question
    const replies = await Promise.all([
      bench.answer({ pipelineId, decisionId, answer: 'abort', via: 'rest', actor: 'one' }),
      bench.answer({ pipelineId, decisionId, answer: 'abort', via: 'rest', actor: 'other' }),
    ])
    const [decision] = await bench.decisions(pr)
    const loser = { kind: 'already_resolved', answer: 'abort', by: decision?.answeredBy }
    const winner = { kind: 'accepted', option: 'abort', isOpen: false }
    expect(replies).toEqual(decision?.answeredBy === 'one' ? [winner, loser] : [loser, winner])
  })

  it('an answer that is acted on after the pipeline moved on cancels nothing', async () => {
    const { pr, question } = await playUntilReset(bench, 'stale')
    await bench.story.script(pr.number, [[], [{ do: 'meet', name: 'again' }]])
    await bench.say(pr, 'alice', '/continue')
    await bench.story.arrived({ pr: pr.number, attempt: 2 }, 'again')
    const before = await bench.pipeline(pr)
    const { projectId, id } = question
    // As if an abort had been consumed and its job had come late.
    await bench.store.commit(
      [{ kind: 'update', table: 'decisions', where: { projectId, id }, set: { answer: 'abort' } }],
      null,
    )
    await bench.enqueue(pr, { kind: 'act_on_answer', projectId, decisionId: id, source: null })
    await bench.settle()
    expect(await bench.pipeline(pr)).toEqual(before)
    expect(before).toMatchObject({ status: 'running', runEpoch: question.runEpoch + 2 })
    await bench.story.letGo({ pr: pr.number, attempt: 2 }, 'again')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

type Give = (scene: QuestionScene) => Promise<unknown>

const byRest =
  (answer: unknown, via: 'rest' | 'cli' = 'rest'): Give =>
  ({ question: { pipelineId, id: decisionId } }) =>
    bench.answer({ pipelineId, decisionId, answer, via })

const bySaying =
  (words: (question: Decision) => string): Give =>
  ({ pr, question }) =>
    bench.say(pr, 'alice', words(question))

describe('answerDecision, through every door', () => {
  let scene: QuestionScene

  beforeAll(async () => {
    scene = await playUntilBlockedIdle(bench, 'doors')
  })

  const accepted = { kind: 'accepted', option: 'continue', isOpen: false }

  // After each answer the sync is tried again, is blocked again, and asks the next question.
  it.each<{ door: string; give: Give; via: Decision['answeredVia']; by?: string; replies?: unknown }>([
    { door: 'REST with the id', give: byRest('continue'), via: 'rest', by: 'api', replies: accepted },
    {
      door: 'REST with the label',
      give: byRest('Try the sync again'),
      via: 'rest',
      by: 'api',
      replies: accepted,
    },
    {
      door: 'REST with the envelope',
      give: byRest({ action: 'select', selected: 'continue' }),
      via: 'rest',
      by: 'api',
      replies: accepted,
    },
    {
      door: 'REST with the envelope as text',
      give: byRest(' {"action":"select","selected":"Try the sync again"} '),
      via: 'rest',
      by: 'api',
      replies: accepted,
    },
    { door: 'the command line', give: byRest('CONTINUE', 'cli'), via: 'cli', by: 'api', replies: accepted },
    { door: 'a bare command', give: bySaying(() => '/continue'), via: 'bare_command' },
    {
      door: 'a bare command with the id',
      give: bySaying(({ id }) => `/Continue ${id}`),
      via: 'bare_command',
    },
    { door: 'a command', give: bySaying(() => '/belay continue'), via: 'command' },
    { door: 'a mention', give: bySaying(({ id }) => `@belay answer continue ${id}`), via: 'command' },
    { door: 'a button', give: (at) => press(at, 'alice', 'continue'), via: 'button' },
  ])('$door', async ({ give, via, by = 'alice', replies }) => {
    const question = await bench.question(scene.pr)
    const reply = await give({ ...scene, question })
    if (replies !== undefined) expect(reply).toEqual(replies)
    await bench.settle()
    const decisions = await bench.decisions(scene.pr)
    expect(decisions.find(({ id }) => id === question.id)).toMatchObject({
      status: 'resolved',
      answer: 'continue',
      answeredVia: via,
      answeredBy: by,
    })
    const next = await bench.question(scene.pr)
    expect(next.id).not.toBe(question.id)
    expect(next).toMatchObject({ kind: 'sync_blocked', details: { case: 'detached_head' } })
    expect(questionTexts(scene.pr)).toHaveLength(decisions.length)
  })

  it.each(['nonsense', '', null, 7, { action: 'select' }, { action: 'select', selected: 'rescue' }])(
    'refuses %j and keeps the question open',
    async (answer) => {
      const question = await bench.question(scene.pr)
      const alerts = await bench.store.list('alerts', { sessionId: scene.session.id })
      const reply = await byRest(answer)({ ...scene, question })
      expect(reply).toEqual({ kind: 'not_an_option', options: ['continue', 'reset', 'abort'] })
      await bench.settle()
      expect(await bench.question(scene.pr)).toEqual(question)
      expect(await bench.store.list('alerts', { sessionId: scene.session.id })).toHaveLength(
        alerts.length + 1,
      )
    },
  )

  it('knows no question of another pipeline, and no other pipeline', async () => {
    const { id: decisionId, pipelineId } = await bench.question(scene.pr)
    const answer = { answer: 'continue', via: 'rest' } as const
    expect(await bench.answer({ ...answer, pipelineId: 'rope-99.1', decisionId })).toEqual({
      kind: 'pipeline_not_found',
    })
    expect(await bench.answer({ ...answer, pipelineId, decisionId: 'zzzzzz' })).toEqual({
      kind: 'decision_not_found',
    })
  })

  it('a button pressed without the needed role does nothing and says nothing', async () => {
    const question = await bench.question(scene.pr)
    const texts = botTexts(scene.pr)
    await press({ ...scene, question }, 'alice', 'abort')
    expect(await bench.question(scene.pr)).toEqual(question)
    expect(botTexts(scene.pr)).toEqual(texts)
  })

  it.each(['/abort', '/belay answer abort', '/belay answer ABORT'])(
    '%s needs the raised role as well',
    async (line) => {
      const question = await bench.question(scene.pr)
      const comment = await bench.say(scene.pr, 'alice', line)
      const verb = line === '/abort' ? 'abort' : 'answer'
      expect(repliesTo(comment)).toEqual([
        textOf({ kind: 'refused', verb, role: 'write', needs: 'maintain' }),
      ])
      expect(await bench.question(scene.pr)).toEqual(question)
    },
  )

  it('the same button in the hands of a maintainer counts', async () => {
    const question = await bench.question(scene.pr)
    await press({ ...scene, question }, 'carol', 'abort')
    const decisions = await bench.decisions(scene.pr)
    expect(decisions.at(-1)).toMatchObject({ id: question.id, answer: 'abort', answeredBy: 'carol' })
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
  })
})

async function press({ pr, question }: QuestionScene, by: string, option: string): Promise<void> {
  const run = pr.checkRuns().findLast(({ externalId }) => externalId === question.id)
  if (run === undefined) throw new Error(`No check run shows question ${question.id}`)
  await pr.pressButton(by, run.id, option)
  await bench.settle()
}
