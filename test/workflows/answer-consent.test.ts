// Answers that must not count: the branch moved, or the comment is not what it was when it was written.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { submitAnswer } from '../../src/workflows/submit-answer.ts'
import { git } from '../support/temp-repo.ts'
import {
  botTexts,
  playUntilBlocked,
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
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

/** Moves the branch without GitHub telling; only who asks can know. */
async function moveUnseen({ pr }: QuestionScene, text: string): Promise<string> {
  bench.github.faults.drop({ event: 'push', times: 1 })
  bench.github.faults.drop({ event: 'pull_request', times: 1 })
  await bench.repo.push({ by: 'carol', branch: pr.headBranch, files: { 'more.txt': text } })
  await bench.settle()
  return pr.headSha
}

describe('answerDecision, after the branch moved', () => {
  it('withdraws the question, asks its successor, and shows the line to copy', async () => {
    const scene = await playUntilReset(bench, 'moved')
    const { pr, question } = scene
    const mark = bench.watch.orders.length
    const head = await moveUnseen(scene, 'one\n')
    expect(await bench.question(pr)).toEqual(question)
    const comment = await bench.say(pr, 'alice', '/continue')
    const successor = await bench.question(pr)
    expect(await bench.decisions(pr)).toMatchObject([
      {
        id: question.id,
        status: 'cancelled',
        cancelReason: 'superseded',
        successorId: successor.id,
        answer: null,
      },
      { id: successor.id, rootId: question.id, status: 'pending', headSha: head },
    ])
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    const withdrawn = { kind: 'withdrawn', id: question.id, reason: 'superseded' } as const
    expect(repliesTo(comment)).toEqual([textOf({ ...withdrawn, optionId: 'continue', successor })])
    expect(repliesTo(comment)[0]).toContain(`/continue ${successor.id}`)
    expect(questionTexts(pr)).toHaveLength(1)
    expect(questionTexts(pr)[0]).toContain(`/continue ${successor.id}`)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', runEpoch: question.runEpoch })
    expect(bench.watch.ordersOf(scene.session.id, mark)).toEqual([])

    const stale = await bench.say(pr, 'alice', `/abort ${question.id}`)
    expect(repliesTo(stale)).toEqual([textOf({ ...withdrawn, optionId: 'abort', successor })])
    const { pipelineId } = question
    const rest = { pipelineId, decisionId: question.id, answer: 'continue', via: 'rest' } as const
    expect(await bench.answer(rest)).toEqual({
      kind: 'superseded',
      reason: 'superseded',
      successor: successor.id,
    })
    expect(await bench.question(pr)).toEqual(successor)
  })

  it('tells who answers by REST in the very moment of the move as well', async () => {
    const scene = await playUntilBlocked(bench, 'moved-rest')
    await moveUnseen(scene, 'one\n')
    const { pipelineId, id: decisionId } = scene.question
    const reply = await bench.answer({ pipelineId, decisionId, answer: 'abort', via: 'rest' })
    const successor = await bench.question(scene.pr)
    expect(reply).toEqual({ kind: 'superseded', reason: 'superseded', successor: successor.id })
    expect(
      await bench.answer({ pipelineId, decisionId: successor.id, answer: 'abort', via: 'rest' }),
    ).toEqual({
      kind: 'accepted',
      option: 'abort',
      isOpen: false,
    })
  })

  it('says queued when nobody judged the answer in time, and judges it later', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'queued')
    const { pipelineId, id: decisionId } = question
    const submitted = { pipelineId, decisionId, answer: 'abort', actor: 'api', via: 'rest' } as const
    expect(await submitAnswer(bench.deps, submitted, async () => false)).toEqual({ kind: 'queued' })
    expect(await bench.question(pr)).toEqual(question)
    await bench.settle()
    expect(await bench.decisions(pr)).toMatchObject([{ status: 'resolved', answer: 'abort' }])
  })

  it('mentions the person once in ten minutes, however often the branch moves', async () => {
    const scene = await playUntilBlocked(bench, 'restless')
    const notices = (): readonly string[] =>
      botTexts(scene.pr).filter((text) =>
        text.startsWith('@alice The branch, its base or the repository moved'),
      )
    // Two moves close together, on both sides of a round number of minutes.
    const pause = 10 * 60_000
    bench.clock.advance(pause - (bench.clock.now() % pause) - 1_000)
    await push(scene, 'one\n')
    expect(notices()).toHaveLength(1)
    bench.clock.advance(2_000)
    await push(scene, 'two\n')
    expect(notices()).toHaveLength(1)
    bench.clock.advance(pause)
    await push(scene, 'three\n')
    expect(notices()).toHaveLength(2)
    expect(await bench.decisions(scene.pr)).toHaveLength(4)
    expect(questionTexts(scene.pr)).toHaveLength(1)
  })
})

async function push({ pr }: QuestionScene, text: string): Promise<void> {
  await bench.repo.push({ by: 'carol', branch: pr.headBranch, files: { 'more.txt': text } })
  await bench.settle()
}

describe('answerDecision, consent', () => {
  let scene: QuestionScene

  beforeAll(async () => {
    scene = await playUntilBlocked(bench, 'consent')
  })

  async function expectRefused(comment: Parameters<typeof repliesTo>[0]): Promise<void> {
    const line = `/belay answer continue ${scene.question.id}`
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'edited_comment', line })])
    expect(await bench.question(scene.pr)).toEqual(scene.question)
  }

  it('an edit that adds the answer is no consent', async () => {
    const comment = await bench.say(scene.pr, 'alice', 'Let me think.')
    await scene.pr.editComment('alice', comment.id, 'Let me think.\n\n/continue')
    await bench.settle()
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    await expectRefused(comment)
  })

  it('somebody else can not put an answer into the mouth of its author', async () => {
    const comment = await bench.say(scene.pr, 'alice', 'Hm.')
    await scene.pr.editComment('carol', comment.id, `/continue ${scene.question.id}`)
    await bench.settle()
    await expectRefused(comment)
  })

  it('an answer edited before it was consumed is no consent, whatever its delivery said', async () => {
    bench.github.faults.drop({ event: 'issue_comment.edited', times: 1 })
    const comment = await scene.pr.comment('alice', '/continue')
    await bench.github.settled()
    await scene.pr.editComment('alice', comment.id, '/continue, I think')
    await bench.settle()
    await expectRefused(comment)
  })

  it('an answer deleted before it was consumed is no consent', async () => {
    const comment = await scene.pr.comment('alice', '/continue')
    await bench.github.settled()
    await scene.pr.deleteComment('alice', comment.id)
    await bench.settle()
    await expectRefused(comment)
  })

  it('the same words in a new comment count', async () => {
    await git(bench.tree(scene.session.id), 'checkout', '--quiet', scene.session.branch)
    await bench.say(scene.pr, 'alice', `/belay answer continue ${scene.question.id}`)
    expect(await bench.decisions(scene.pr)).toMatchObject([{ status: 'resolved', answeredBy: 'alice' }])
    await bench.finishAttempts()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
  })
})
