// Answers that must not count while the question is open: whoever may not answer, words that are no option, edited texts.
// Each with its exact reply, its status, and a question that is as before.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { IssueComment } from '../../support/fake-github/index.ts'
import { callRest, press, write } from './clients.ts'
import { ClientWorld, type Asked, type Place } from './client-world.ts'
import { envelopeOf, expectErrors, expectRefused } from './replies.ts'

let world: ClientWorld
let place: Place

beforeAll(async () => {
  world = await ClientWorld.start('permissions:\n  abort: maintain\n')
  place = await world.open('refused')
})

afterAll(() => world?.close())

function say({ pr }: Pick<Asked, 'pr'>, by: string, words: string): Promise<IssueComment> {
  return write(world, pr, { by, words })
}

async function expectStillOpen({ question }: Asked): Promise<void> {
  expect(await world.decision(question)).toEqual(question)
}

describe('an answer of somebody who may not give it', () => {
  it('a triager hears which role may', async () => {
    const asked = await world.ask(place, { kind: 'agent_question' })
    const refused = { kind: 'refused', role: 'triage', needs: 'write' } as const
    const { id } = asked.question
    expectRefused(asked.pr, await say(asked, 'dave', `/belay answer a ${id}`), { ...refused, verb: 'answer' })
    expectRefused(asked.pr, await say(asked, 'dave', `/continue ${id}`), { ...refused, verb: 'continue' })
    await expectStillOpen(asked)
  })

  it('the raised role of an option holds for its long form and its button as well', async () => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const { id } = asked.question
    await world.show(asked)
    for (const [line, verb] of [
      [`/abort ${id}`, 'abort'],
      [`/belay abort ${id}`, 'abort'],
      [`/belay answer ABORT ${id}`, 'answer'],
    ] as const) {
      const reply = { kind: 'refused', verb, role: 'write', needs: 'maintain' } as const
      expectRefused(asked.pr, await say(asked, 'alice', line), reply)
    }
    const texts = asked.pr.comments.length
    await press(world, asked, { by: 'alice', option: 'abort' })
    expect(asked.pr.comments).toHaveLength(texts)
    await expectStillOpen(asked)
    await press(world, asked, { by: 'carol', option: 'abort' })
    expect(await world.decision(asked.question)).toMatchObject({ answer: 'abort', answeredBy: 'carol' })
  })

  it.each(['bob', 'mallory'])('%s, who is a stranger here, gets a reaction only', async (stranger) => {
    const asked = await world.ask(place, { kind: 'empty_contract', phase: 'plan' })
    const { id } = asked.question
    for (const line of [
      `/belay answer retry ${id}`,
      `/abort ${id}`,
      '/belay populate',
      `/belay answer nonsense ${id}`,
    ])
      expectRefused(asked.pr, await say(asked, stranger, line), null)
    await expectStillOpen(asked)
  })

  it('a request without a token is told so and nothing else', async () => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const headers = { authorization: 'Bearer somebody-else' }
    const error = new AppError('UNAUTHORIZED', {})
    expect(await callRest(world, asked, { answer: 'retry', headers })).toEqual(envelopeOf(error))
    await expectStillOpen(asked)
  })
})

describe('an answer that is no option', () => {
  async function alertsOf({ session: { id } }: Asked) {
    const log = await world.parts.reader.changeLog()
    return log.filter(({ type, sessionId }) => type === 'alert.raised' && sessionId === id)
  }

  it.each([
    { kind: 'agent_failed', word: 'continue' },
    { kind: 'agent_question', word: 'd' },
    { kind: 'empty_contract', word: 'accept' },
    { kind: 'consensus_stalled', word: 'populate' },
    { kind: 'nudge_budget', word: 'rescue' },
    { kind: 'hard_reset_recovery', word: 'reset' },
  ] as const)('$word for $kind leaves it open and raises the alert', async ({ kind, word }) => {
    const asked = await world.ask(place, {
      kind,
      concerns: kind === 'nudge_budget' ? 'worktree' : 'pipeline',
    })
    const { id, context, options, pipelineId } = asked.question
    const before = await alertsOf(asked)
    const comment = await say(asked, 'alice', `/belay answer ${word} ${id}`)
    expectRefused(asked.pr, comment, { kind: 'not_an_option', id, answer: word, options })
    const error = new AppError('DECISION_OPTION_INVALID', {
      decision: id,
      answer: word,
      options: options.map((option) => option.id),
    })
    await expectErrors(world, asked, { answer: word, error })
    await expectStillOpen(asked)
    const raised = (await alertsOf(asked)).slice(before.length).map(({ payload }) => payload)
    const alert = {
      name: 'OVERSEER_ALERT',
      priority: 'high',
      code: 'hard_reset_recovery_unknown_resolution',
      anomaly: 'hard_reset_recovery_unknown_resolution',
      decision_id: id,
      context,
      resolution: word,
    }
    expect(raised).toMatchObject([
      { ...alert, actor: 'alice' },
      { ...alert, actor: 'api' },
      { ...alert, actor: 'api' },
    ])
    const rows = await world.deps.store.list('alerts', { pipelineId })
    expect(rows.slice(-3).map(({ id: row }) => row)).toEqual(raised.map(({ alert_id: row }) => row))
  })

  it('is what a short form is where the question has no such option', async () => {
    const asked = await world.ask(place, { kind: 'agent_question' })
    const { id, options } = asked.question
    for (const verb of ['retry', 'populate', 'rescue', 'continue']) {
      const comment = await say(asked, 'alice', `/belay ${verb} ${id}`)
      expectRefused(asked.pr, comment, { kind: 'not_an_option', id, answer: verb, options })
    }
    await expectStillOpen(asked)
  })

  it('is what no envelope can smuggle in', async () => {
    const asked = await world.ask(place, { kind: 'consensus_stalled' })
    const given = [null, 7, ['accept'], { selected: 'accept' }, { action: 'approve', selected: 'accept' }, {}]
    for (const answer of given) {
      const { status, body } = await callRest(world, asked, { answer })
      expect([status, body['code']]).toEqual([422, 'DECISION_OPTION_INVALID'])
    }
    await expectStillOpen(asked)
  })
})

describe('an answer by an edited text', () => {
  it.each(['a comment', 'the text of a review', 'a reply in a review thread'] as const)(
    '%s',
    async (what) => {
      const asked = await world.ask(place, { kind: 'agent_question' })
      const { pr, question } = asked
      const line = `/belay answer a ${question.id}`
      const written = await editInto(what, line, asked)
      expectRefused(pr, written, { kind: 'edited_comment', line })
      await expectStillOpen(asked)
    },
  )

  async function editInto(what: string, line: string, { pr }: Asked) {
    if (what === 'a comment') {
      const comment = await say({ pr }, 'alice', 'Hm.')
      await pr.editComment('alice', comment.id, line)
      await world.settle()
      return comment
    }
    if (what === 'the text of a review') {
      const review = await pr.review('alice', { body: 'Hm.' })
      await world.settle()
      await pr.editReview(review, line)
      await world.settle()
      return review
    }
    const first = await pr.reviewComment('carol', { path: 'refused.txt', line: 1, body: 'Why?' })
    const reply = await pr.reviewComment('alice', { inReplyTo: first.id, body: 'Hm.' })
    await world.settle()
    await pr.editReviewComment(reply, line)
    await world.settle()
    return reply
  }
})
