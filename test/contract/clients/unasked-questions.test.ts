// Answers to a question that nobody asked: an id that is not there, another pull request, no session at all. And why nobody
// ever has to choose between two open questions.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { IssueComment } from '../../support/fake-github/index.ts'
import { reactionsOf, write } from './clients.ts'
import { ClientWorld, type Asked, type Place } from './client-world.ts'
import { expectErrors, expectRefused, repliesTo } from './replies.ts'

let world: ClientWorld
let place: Place

beforeAll(async () => {
  world = await ClientWorld.start()
  place = await world.open('refused')
})

afterAll(() => world?.close())

function say({ pr }: Pick<Asked, 'pr'>, by: string, words: string): Promise<IssueComment> {
  return write(world, pr, { by, words })
}

async function expectStillOpen({ question }: Asked): Promise<void> {
  expect(await world.decision(question)).toEqual(question)
}

describe('an answer to a question that nobody asked', () => {
  it('hears what is open instead', async () => {
    const asked = await world.ask(place, { kind: 'consensus_stalled' })
    const { pr, question } = asked
    for (const [line, id] of [
      ['/belay answer accept zzzzzz', 'zzzzzz'],
      ['/continue ZZZZZZ', 'zzzzzz'],
      ['/belay retry zzzzzz', 'zzzzzz'],
    ] as const)
      expectRefused(pr, await say(asked, 'alice', line), { kind: 'unknown_question', id, open: [question] })
    await expectStillOpen(asked)
  })

  it('is not found by REST, neither there nor in another pipeline', async () => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const { question } = asked
    const missing = { ...asked, question: { ...question, id: 'zzzzzz' } }
    await expectErrors(world, missing, {
      answer: 'retry',
      error: new AppError('DECISION_NOT_FOUND', { decision: 'zzzzzz' }),
    })
    const elsewhere = await world.open('elsewhere')
    const there = { ...asked, question: { ...question, pipelineId: elsewhere.pipeline.id } }
    await expectErrors(world, there, {
      answer: 'retry',
      error: new AppError('DECISION_NOT_FOUND', { decision: question.id }),
    })
    const nowhere = { ...asked, question: { ...question, pipelineId: 'rope-99.1' } }
    await expectErrors(world, nowhere, {
      answer: 'retry',
      error: new AppError('PIPELINE_NOT_FOUND', { pipeline: 'rope-99.1' }),
    })
    await expectStillOpen(asked)
  })

  it('can not be meant for the question of another pull request', async () => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const other = await world.open('other')
    const comment = await say(other, 'alice', `/belay answer retry ${asked.question.id}`)
    expectRefused(other.pr, comment, { kind: 'unknown_question', id: asked.question.id, open: [] })
    await expectStillOpen(asked)
  })

  it('is told so where nothing is open, and about /abort once for a session', async () => {
    const idle = await world.open('idle')
    const { pr, session } = idle
    for (const verb of ['continue', 'answer'] as const) {
      const line = verb === 'answer' ? '/belay answer b' : '/continue'
      expectRefused(pr, await say(idle, 'alice', line), { kind: 'nothing_to_answer', verb })
    }
    const texts = pr.comments.filter(({ author }) => author === 'belay[bot]').length
    for (const by of ['carol', 'carol']) {
      const comment = await say(idle, by, '/abort')
      expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    }
    const told = pr.comments.filter(({ author }) => author === 'belay[bot]').slice(texts)
    expect(told).toHaveLength(1)
    expect(told[0]?.body).toContain(`To end the session \`${session.id}\``)
  })

  it('is met with silence as bare words where no session is', async () => {
    const { repo } = world.parts
    await repo.push({ by: 'alice', branch: 'nobody', files: { 'nobody.txt': 'n\n' }, message: 'Nobody' })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'nobody', title: 'Nobody' })
    const commands = (await world.deps.store.list('commands', {})).length
    for (const line of ['/continue', '/abort', '/continue abc234']) {
      const comment = await say({ pr }, 'alice', line)
      expect([reactionsOf(comment), repliesTo(pr, comment)]).toEqual([[], []])
    }
    expect(await world.deps.store.list('commands', {})).toHaveLength(commands)
    const named = await say({ pr }, 'alice', '/belay continue')
    expectRefused(pr, named, { kind: 'no_session', verb: 'continue' })
  })

  it('never has to choose: a second open question of a session is refused by the database', async () => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const second = { ...asked.question, id: 'second', rootId: 'second' }
    const stored = world.deps.store.commit([insert('decisions', second)], null)
    await expect(stored.then(({ kind }) => kind)).resolves.not.toBe('committed')
    await expectStillOpen(asked)
  })
})
