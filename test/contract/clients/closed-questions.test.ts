// Answers to a question that is over: answered, withdrawn, expired, ended with its session. Each client is told exactly
// that, and nothing is done a second time.

import { withdrawnError } from '../../../src/edge/api/decision-routes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { Decision } from '../../../src/domain/records.ts'
import type { Reply } from '../../../src/domain/text/reply.ts'
import type { IssueComment } from '../../support/fake-github/index.ts'
import { callRest, press, write } from './clients.ts'
import { ClientWorld, type Asked } from './client-world.ts'
import { envelopeOf, expectErrors, expectRefused } from './replies.ts'

const DAY_MS = 24 * 60 * 60_000

let world: ClientWorld

beforeAll(async () => {
  world = await ClientWorld.start('decisions:\n  expire: 3d\n')
})

afterAll(() => world?.close())

interface Ending {
  readonly name: string
  readonly end: (asked: Asked) => Promise<unknown>
  /** What the row says afterwards. */
  readonly row: Partial<Decision>
  readonly reply: (ended: Ended) => Reply
  readonly error: (ended: Ended) => AppError
}

interface Ended {
  readonly question: Decision
  readonly successor: Decision | null
}

function withdrawn(reason: string): Pick<Ending, 'reply' | 'error'> {
  return {
    reply: ({ question: { id }, successor }) => ({
      kind: 'withdrawn',
      id,
      reason,
      optionId: 'retry',
      successor,
    }),
    error: ({ question: { id }, successor }) =>
      withdrawnError(id, { kind: 'superseded', reason, successor: successor?.id ?? null }),
  }
}

function answered(by: string): Pick<Ending, 'reply' | 'error'> {
  return {
    reply: ({ question: { id, answeredVia: via, answeredAt: at } }) => ({
      kind: 'already_answered',
      id,
      answer: 'abort',
      by,
      via,
      at,
    }),
    error: ({ question: { id } }) =>
      new AppError('DECISION_ALREADY_RESOLVED', { decision: id, answer: 'abort', by }),
  }
}

const ENDINGS: readonly Ending[] = [
  {
    name: 'answered through REST',
    end: (asked) => callRest(world, asked, { answer: 'abort' }),
    row: { status: 'resolved', answer: 'abort', answeredBy: 'api', answeredVia: 'rest' },
    ...answered('api'),
  },
  {
    name: 'answered with a button',
    end: (asked) => press(world, asked, { by: 'carol', option: 'abort' }),
    row: { status: 'resolved', answer: 'abort', answeredBy: 'carol', answeredVia: 'button' },
    ...answered('carol'),
  },
  {
    name: 'answered with a comment',
    end: (asked) => say(asked, 'carol', '/abort'),
    row: { status: 'resolved', answer: 'abort', answeredBy: 'carol', answeredVia: 'bare_command' },
    ...answered('carol'),
  },
  {
    name: 'superseded by a push',
    end: async ({ pr }) => {
      await world.parts.repo.push({ by: 'carol', branch: pr.headBranch, files: { 'more.txt': 'more\n' } })
      await world.settle()
    },
    row: { status: 'cancelled', cancelReason: 'superseded' },
    ...withdrawn('superseded'),
  },
  {
    name: 'expired',
    end: async ({ pr, question: { projectId, id: decisionId } }) => {
      world.parts.ground.clock.advance(3 * DAY_MS)
      await world.enqueue(pr.number, { kind: 'attend_decision', projectId, decisionId, duty: 'expire' })
      await world.settle()
    },
    row: { status: 'expired', answer: null },
    ...withdrawn('expired'),
  },
  {
    name: 'withdrawn by the operator',
    end: (asked) => callRest(world, asked, { answer: null, verb: 'cancel' }),
    row: { status: 'cancelled', cancelReason: 'cancelled_by_operator', answeredBy: 'api' },
    ...withdrawn('cancelled_by_operator'),
  },
  {
    name: 'ended with its session',
    end: (asked) => say(asked, 'alice', '/belay stop'),
    row: { status: 'cancelled', cancelReason: 'session_stopped' },
    ...withdrawn('session_stopped'),
  },
]

function say({ pr }: Pick<Asked, 'pr'>, by: string, words: string): Promise<IssueComment> {
  return write(world, pr, { by, words })
}

describe('an answer to a question that is over', () => {
  it.each(ENDINGS)('$name', async ({ name, end, row, reply, error }) => {
    const place = await world.open(name.replaceAll(' ', '-'))
    const asked = await world.ask(place, { kind: 'agent_failed' })
    await world.show(asked)
    // The run keeps its buttons for whoever has the page open since before.
    const run = asked.pr.checkRuns().findLast(({ externalId }) => externalId === asked.question.id)
    await end(asked)
    const question = await world.decision(asked.question)
    expect(question).toMatchObject(row)
    const { projectId, rootId } = question
    const successor = await world.deps.store.find('decisions', { projectId, rootId, status: 'pending' })
    const { pr } = asked
    const before = await everything(asked)
    const mark = world.aside.length

    const ended = { question, successor }
    for (const line of [`/belay answer retry ${question.id}`, `/belay retry ${question.id}`]) {
      // After the end of its session the short form has no question to be short for.
      if (name === 'ended with its session' && line.startsWith('/belay retry')) continue
      expectRefused(pr, await say(asked, 'alice', line), reply(ended))
    }
    await expectErrors(world, asked, { answer: 'retry', error: error(ended) })
    const cancelled = await callRest(world, asked, { answer: null, verb: 'cancel' })
    expect(cancelled).toEqual(envelopeOf(error(ended)))
    const texts = pr.comments.length
    if (run !== undefined && pr.checkRuns().includes(run)) await pr.pressButton('alice', run.id, 'retry')
    await world.settle()
    expect(pr.comments).toHaveLength(texts)
    expect(await everything(asked)).toEqual(before)
    expect(world.aside.slice(mark).filter(({ kind }) => kind === 'start_phase')).toEqual([])
  })

  it('is told the successor through every client, and the successor takes the answer', async () => {
    const asked = await world.ask(await world.open('chain'), { kind: 'agent_question' })
    await world.parts.repo.push({ by: 'carol', branch: 'chain', files: { 'one.txt': '1\n' } })
    await world.settle()
    await world.parts.repo.push({ by: 'carol', branch: 'chain', files: { 'two.txt': '2\n' } })
    await world.settle()
    const { projectId, rootId } = asked.question
    const [first, second, third, ...more] = await world.deps.store.list('decisions', { projectId, rootId })
    expect(more).toEqual([])
    expect([first?.successorId, second?.successorId]).toEqual([second?.id, third?.id])
    if (third === undefined) throw new Error('The question was not asked anew')
    // Whatever link of the chain is named, the line to copy answers what is open now.
    const comment = await say(asked, 'alice', `/belay answer b ${asked.question.id}`)
    const told = { kind: 'withdrawn', id: asked.question.id, reason: 'superseded', optionId: 'b' } as const
    expectRefused(asked.pr, comment, { ...told, successor: third })
    const line = /^\/belay answer b \w+$/mu.exec(asked.pr.comments.at(-1)?.body ?? '')?.[0]
    expect(line).toBe(`/belay answer b ${third.id}`)
    await say(asked, 'alice', line ?? '')
    expect(await world.decision(third)).toMatchObject({
      status: 'resolved',
      answer: 'b',
      answeredBy: 'alice',
    })
  })

  it('is told the newest question by REST, however long the chain is', async () => {
    const asked = await world.ask(await world.open('long-chain'), { kind: 'agent_failed' })
    for (const text of ['1\n', '2\n']) {
      await world.parts.repo.push({ by: 'carol', branch: 'long-chain', files: { 'one.txt': text } })
      await world.settle()
    }
    const { projectId, rootId } = asked.question
    const open = await world.deps.store.find('decisions', { projectId, rootId, status: 'pending' })
    const error = withdrawnError(asked.question.id, {
      kind: 'superseded',
      reason: 'superseded',
      successor: open?.id ?? null,
    })
    await expectErrors(world, asked, { answer: 'retry', error })
  })
})

async function everything({ session: { id: sessionId }, pipeline: { id } }: Asked): Promise<unknown> {
  const { store } = world.deps
  return {
    decisions: await store.list('decisions', { sessionId }),
    pipeline: await store.find('pipelines', { id }),
    alerts: await store.list('alerts', { sessionId }),
  }
}
