// Two answers at once, one answer twice, an answer and a push at once: the first valid one counts, it acts once, and whoever
// was late is told so.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { IssueComment } from '../../support/fake-github/index.ts'
import { callCli, callRest, press, reactionsOf } from './clients.ts'
import { ClientWorld, type Asked } from './client-world.ts'
import { envelopeOf, expectRefused, repliesTo, textOf } from './replies.ts'
import { COMMENT, lateError, lateReply, RIVALS, type Shown } from './rivals.ts'

let world: ClientWorld
let mark: number

beforeAll(async () => {
  world = await ClientWorld.start()
})

afterAll(() => world?.close())

async function ask(branch: string): Promise<Shown> {
  const asked = await world.ask(await world.open(branch), { kind: 'agent_failed' })
  await world.show(asked)
  mark = world.aside.length
  const run = asked.pr.checkRuns().findLast(({ externalId }) => externalId === asked.question.id)
  if (run === undefined) throw new Error(`No check run shows question ${asked.question.id}`)
  return { ...asked, run: run.id }
}

/** Asserts that one answer was stored and took effect, once; returns it. */
async function expectOnce({ question, pipeline }: Asked): Promise<string> {
  const decision = await world.decision(question)
  expect(decision).toMatchObject({ status: 'resolved', actedAt: expect.any(Number) })
  const { answer } = decision
  const log = await world.parts.reader.changeLog()
  const told = log.filter(({ payload }) => payload['decision_id'] === question.id).map(({ type }) => type)
  expect(told.filter((type) => type === 'decision.resolved')).toHaveLength(1)
  const starts = world.aside.slice(mark).filter(({ kind }) => kind === 'start_phase')
  expect(starts).toHaveLength(answer === 'retry' ? 1 : 0)
  expect(await world.deps.store.find('pipelines', { id: pipeline.id })).toMatchObject(
    answer === 'retry'
      ? { status: 'running', runEpoch: question.runEpoch + 1 }
      : { status: 'cancelled', runEpoch: question.runEpoch },
  )
  const target = `${question.projectId}/${question.id}`
  expect(await world.deps.store.list('auditLog', { target })).toHaveLength(1)
  return answer ?? ''
}

const PAIRS = RIVALS.flatMap((one) =>
  RIVALS.map((other) => ({ one, other, pair: `${one.name} and ${other.name}` })),
)

describe('two answers at once', () => {
  it.each(PAIRS)('$pair: one counts, the other is told', async ({ one, other, pair }) => {
    const asked = await ask(pair.replaceAll(' ', '-'))
    const lateOf = {
      retry: await one.send(world, asked, 'retry'),
      abort: await other.send(world, asked, 'abort'),
    }
    await world.settle()
    // Requests hold their place until they are answered.
    await Promise.allSettled([lateOf.retry(), lateOf.abort()])
    await world.settle()
    const counted = await expectOnce(asked)
    const [winner, isLate, wasLate] =
      counted === 'retry' ? [one, lateOf.abort, lateOf.retry] : [other, lateOf.retry, lateOf.abort]
    await isLate()
    // A button has no words for either.
    if (winner.name !== 'a button') await expect(wasLate()).rejects.toThrow()
    const by = winner.actor
    expect(await world.decision(asked.question)).toMatchObject({ answer: counted, answeredBy: by })
  })

  it('the same words through REST and the command line at once: one of them is told that it was late', async () => {
    const asked = await ask('same-words')
    const replies = await Promise.all([
      callRest(world, asked, { answer: 'retry' }),
      callCli(world, asked, 'retry'),
    ])
    await expectOnce(asked)
    const counted = [replies[0].status === 200, replies[1].exitCode === 0]
    expect(counted.filter(Boolean)).toHaveLength(1)
  })
})

describe('an answer and the operator at once', () => {
  it.each(['answer', 'cancel'])('the %s first: one of them counts, the other is told', async (first) => {
    const asked = await ask(`withdrawn-${first}`)
    const { pr, question, pipeline } = asked
    const cancel = () => callRest(world, asked, { answer: null, verb: 'cancel' })
    const line = `/belay answer retry ${question.id}`
    const early = first === 'cancel' ? cancel() : null
    const comment = await pr.comment('alice', line)
    const cancelled = await (early ?? cancel())
    await world.settle()
    const { status } = await world.decision(question)
    if (status === 'resolved') {
      expect(await expectOnce(asked)).toBe('retry')
      expect(cancelled).toEqual(envelopeOf(await lateError(world, asked)))
      return
    }
    expect(cancelled).toEqual({ status: 200, body: { decision: question.id, status: 'cancelled' } })
    const told = { kind: 'withdrawn', id: question.id, optionId: 'retry', successor: null } as const
    expectRefused(pr, comment, { ...told, reason: 'cancelled_by_operator' })
    const stored = await world.deps.store.find('pipelines', { id: pipeline.id })
    expect(stored).toMatchObject({ status: 'cancelled', runEpoch: question.runEpoch })
  })

  it('two answers in one comment: the first line counts, and the second is told', async () => {
    const asked = await ask('two-answers')
    const { pr, question } = asked
    const comment = await pr.comment('alice', `/belay retry ${question.id}\n/abort ${question.id}`)
    await world.settle()
    expect(await expectOnce(asked)).toBe('retry')
    expect(repliesTo(pr, comment)).toEqual([textOf(await lateReply(world, asked))])
  })
})

describe('the same answer twice', () => {
  it('delivered again by GitHub, acts once and is answered once', async () => {
    const asked = await ask('redelivered')
    world.parts.github.faults.duplicate({ event: 'issue_comment', times: 1 })
    const comment = await asked.pr.comment('alice', `/belay answer retry ${asked.question.id}`)
    await world.settle()
    const delivery = world.parts.github.deliveries.findLast(({ event }) => event === 'issue_comment')
    await world.parts.github.redeliver(delivery?.id ?? '')
    await world.settle()
    expect(await expectOnce(asked)).toBe('retry')
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
  })

  it('written in two comments, counts once and the second is told', async () => {
    const asked = await ask('twice-said')
    const first = await COMMENT.send(world, asked, 'retry')
    const second = await asked.pr.comment('alice', `/belay retry ${asked.question.id}`)
    await world.settle()
    expect(await expectOnce(asked)).toBe('retry')
    expectRefused(asked.pr, second, await lateReply(world, asked))
    await expect(first()).rejects.toThrow()
  })

  it('twice in one comment, counts once', async () => {
    const asked = await ask('two-lines')
    const line = `/belay answer retry ${asked.question.id}`
    const comment: IssueComment = await asked.pr.comment('alice', `${line}\n${line}`)
    await world.settle()
    expect(await expectOnce(asked)).toBe('retry')
    expect(reactionsOf(comment)).toContain('rocket')
  })

  it('pressed twice before anything was done, acts once and says nothing', async () => {
    const asked = await ask('pressed-twice')
    const texts = asked.pr.comments.length
    await asked.pr.pressButton('alice', asked.run, 'retry')
    await asked.pr.pressButton('alice', asked.run, 'retry')
    await world.settle()
    await press(world, asked, { by: 'alice', option: 'retry' })
    expect(await expectOnce(asked)).toBe('retry')
    expect(asked.pr.comments).toHaveLength(texts)
  })

  it('sent again with its Idempotency-Key, has the same reply, and another request under the key is refused', async () => {
    const asked = await ask('keyed')
    const order = { answer: 'retry', headers: { 'idempotency-key': 'the-same-one' } }
    const replies = [await callRest(world, asked, order), await callRest(world, asked, order)]
    const { id: decision } = asked.question
    const accepted = { status: 200, body: { decision, option: 'retry', status: 'resolved' } }
    expect(replies).toEqual([accepted, accepted])
    expect(await expectOnce(asked)).toBe('retry')
    const reused = new AppError('IDEMPOTENCY_KEY_REUSED', { key: 'the-same-one' })
    expect(await callRest(world, asked, { ...order, answer: 'abort' })).toEqual(envelopeOf(reused))
    // Without the key it is another request, and late.
    expect(await callRest(world, asked, { answer: 'retry' })).toEqual(
      envelopeOf(await lateError(world, asked)),
    )
    await expectOnce(asked)
  })
})

describe('an answer and a push at once', () => {
  async function push({ pr }: Asked): Promise<void> {
    await world.parts.repo.push({ by: 'carol', branch: pr.headBranch, files: { 'more.txt': 'more\n' } })
  }

  it.each(RIVALS.flatMap((rival) => ['answer', 'push'].map((first) => ({ rival, first, name: rival.name }))))(
    '$name, the $first first: the answer was for another head and does not count',
    async ({ rival, first, name }) => {
      const asked = await ask(`push-${first}-${name.replaceAll(' ', '-')}`)
      if (first === 'push') await push(asked)
      const answering = rival.send(world, asked, 'retry')
      if (first === 'answer') await push(asked)
      await answering
      await world.settle()
      const { projectId, rootId, id } = asked.question
      const chain = await world.deps.store.list('decisions', { projectId, rootId })
      const head = asked.pr.headSha
      // REST judges at once: it may have been in time, and then it acted once.
      if (chain.length === 1) {
        expect(first).toBe('answer')
        expect(await expectOnce(asked)).toBe('retry')
        return
      }
      expect(chain).toMatchObject([
        { id, status: 'cancelled', cancelReason: 'superseded', answer: null },
        { status: 'pending', headSha: head },
      ])
      expect(world.aside.slice(mark).map(({ kind }) => kind)).not.toContain('start_phase')
      expect(await world.deps.store.find('pipelines', { id: asked.pipeline.id })).toMatchObject({
        status: 'failed',
      })
    },
  )

  it('an answer that was consumed before the push stands, and nobody is asked again', async () => {
    const asked = await ask('push-after')
    await COMMENT.send(world, asked, 'retry')
    await world.settle()
    await push(asked)
    await world.settle()
    expect(await expectOnce(asked)).toBe('retry')
    const { projectId, rootId } = asked.question
    expect(await world.deps.store.list('decisions', { projectId, rootId })).toHaveLength(1)
  })
})
