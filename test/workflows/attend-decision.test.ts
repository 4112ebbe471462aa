// Questions that nobody answers: reminders with growing distance, and their end where a repository wants one. The clock
// is moved by hand; everything else is real.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/records.ts'
import { attendDecisions } from '../../src/workflows/attend-decision.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { git } from '../support/temp-repo.ts'
import {
  botTexts,
  configure,
  letRest,
  playAttempt,
  playUntilBlocked,
  playUntilBlockedIdle,
  playUntilReset,
  questionTexts,
  repliesTo,
  statusOf,
  textOf,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

const DAY = 24 * 60 * 60 * 1000

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

/** What the timer does, and everything that follows. */
async function attend(): Promise<void> {
  await attendDecisions(bench.deps)
  await bench.settle()
}

async function daysLater(days: number): Promise<void> {
  bench.clock.advance(days * DAY)
  await attend()
}

const reminded = (pr: FakePullRequest): readonly string[] =>
  botTexts(pr).filter((text) => text.startsWith('@alice: question') && text.includes('has been open for'))

function reminder(question: Decision, days: number): string {
  return textOf({ kind: 'reminder', asks: 'alice', question, openMs: days * DAY, url: null })
}

async function newest(pr: FakePullRequest): Promise<Decision | undefined> {
  return (await bench.decisions(pr)).at(-1)
}

async function logged(pr: FakePullRequest): Promise<readonly string[]> {
  const rows = await bench.reader.changeLog()
  return rows
    .filter(({ prNumber, type }) => prNumber === pr.number && /^(decision|pipeline|phase)\./u.test(type))
    .map(({ type }) => type)
}

describe('attendDecisions, with the usual configuration', () => {
  it('reminds after a day, two and four, and leaves the question as it is', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'unanswered')
    await attend()
    await daysLater(0.9)
    expect(reminded(pr)).toEqual([])
    await daysLater(0.1)
    await attend()
    expect(reminded(pr)).toEqual([reminder(question, 1)])
    expect(await newest(pr)).toEqual({ ...question, reminders: 1 })
    await daysLater(0.9)
    expect(reminded(pr)).toHaveLength(1)
    await daysLater(0.1)
    await daysLater(1)
    expect(reminded(pr)).toHaveLength(2)
    await daysLater(1)
    expect(reminded(pr)).toEqual([1, 2, 4].map((days) => reminder(question, days)))
    await daysLater(400)
    expect(await newest(pr)).toMatchObject({ status: 'pending', reminders: 6 })
    expect(reminded(pr)).toHaveLength(4)
    await bench.say(pr, 'alice', '/abort')
  })

  it('reminds of nothing that was answered meanwhile, also right before the reminder', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'answered')
    const { projectId, id: decisionId } = question
    bench.clock.advance(DAY)
    const answer = { answer: 'abort', actor: 'alice', via: 'rest', source: null } as const
    await bench.enqueue(pr, { kind: 'answer_decision', projectId, decisionId, ...answer })
    expect(await attendDecisions(bench.deps)).toBe(1)
    await bench.settle()
    expect(await newest(pr)).toMatchObject({ status: 'resolved', reminders: 0 })
    expect(await attendDecisions(bench.deps)).toBe(0)
    await bench.enqueue(pr, { kind: 'attend_decision', projectId, decisionId, duty: 'expire' })
    await bench.settle()
    expect(reminded(pr)).toEqual([])
    expect(await newest(pr)).toMatchObject({ status: 'resolved' })
  })

  it('goes on counting when the question is asked anew after a push', async () => {
    const { pr, question } = await playUntilReset(bench, 'asked-anew')
    await daysLater(1)
    await bench.repo.push({ by: 'carol', branch: 'asked-anew', files: { 'more.txt': 'more\n' } })
    await bench.settle()
    const successor = await newest(pr)
    expect(successor).toMatchObject({ status: 'pending', rootId: question.id, reminders: 1 })
    expect(successor?.id).not.toBe(question.id)
    await daysLater(0.5)
    expect(reminded(pr)).toHaveLength(1)
    await daysLater(0.5)
    expect(reminded(pr)).toHaveLength(2)
    expect(reminded(pr)[1]).toContain(successor?.id)
    await bench.say(pr, 'alice', '/abort')
  })
})

describe('attendDecisions, where questions expire', () => {
  beforeAll(async () => {
    await configure(bench, 'decisions:\n  remind: never\n  expire: 7d\nnudges:\n  rounds: 0\n')
  })

  it('cancels the pipeline in one transaction, says so, and keeps worktree and pins', async () => {
    const { pr, session, question } = await playUntilReset(bench, 'expires')
    const pins = await bench.store.list('backups', { sessionId: session.id })
    const refs = () => git(bench.mirror(session.projectId), 'for-each-ref', 'refs/belay/backup')
    const before = { refs: await refs(), head: await git(bench.tree(session.id), 'rev-parse', 'HEAD') }
    await daysLater(6.9)
    expect(await newest(pr)).toEqual(question)
    const seen: string[] = []
    bench.onCommit = async () => {
      const { status } = await bench.pipeline(pr)
      seen.push(`${(await newest(pr))?.status ?? ''} ${status}`)
    }
    await daysLater(0.1)
    bench.onCommit = null
    expect([...new Set(seen)]).toEqual(['pending failed', 'expired cancelled'])
    expect(await newest(pr)).toMatchObject({ status: 'expired', answer: null, answeredBy: null })
    const pipeline = await bench.pipeline(pr)
    expect(pipeline).toMatchObject({ status: 'cancelled', failure: { code: 'question_expired' } })
    expect(await bench.store.list('phaseRuns', { pipelineId: pipeline.id })).toMatchObject([
      { status: 'cancelled', failure: { code: 'question_expired' } },
    ])
    expect((await logged(pr)).slice(-2)).toEqual(['decision.expired', 'pipeline.cancelled'])
    expect(await bench.store.list('auditLog', { action: 'expire_decision' })).toMatchObject([
      { actor: 'belay', target: `${question.projectId}/${question.id}` },
    ])
    const told = { kind: 'question_expired', asks: 'alice', id: question.id, afterMs: 7 * DAY } as const
    expect(botTexts(pr)).toContain(textOf({ ...told, cancelled: true }))
    expect(statusOf(pr)).toContain('Nobody answered the question')
    expect(pins.length).toBeGreaterThan(0)
    expect(await bench.store.list('backups', { sessionId: session.id })).toEqual(pins)
    expect({ refs: await refs(), head: await git(bench.tree(session.id), 'rev-parse', 'HEAD') }).toEqual(
      before,
    )
  })

  it('takes no answer any more, and says what became of the question', async () => {
    const { pr, question } = await playUntilBlocked(bench, 'too-late')
    await daysLater(7)
    const late = await bench.say(pr, 'alice', `/continue ${question.id}`)
    const told = { kind: 'withdrawn', id: question.id, reason: 'expired', optionId: 'continue' } as const
    expect(repliesTo(late)).toEqual([textOf({ ...told, successor: null })])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'cancelled' })
    expect(await bench.unendedCommands()).toEqual([])
  })

  it('only ends a question about an idle worktree', async () => {
    const { pr, question } = await playUntilBlockedIdle(bench, 'idle-question')
    const before = await bench.pipeline(pr)
    await daysLater(7)
    expect(await newest(pr)).toMatchObject({ id: question.id, status: 'expired' })
    expect(await bench.pipeline(pr)).toEqual(before)
    expect((await logged(pr)).at(-1)).toBe('decision.expired')
    const told = { kind: 'question_expired', asks: 'alice', id: question.id, afterMs: 7 * DAY } as const
    expect(botTexts(pr)).toContain(textOf({ ...told, cancelled: false }))
  })

  it('leaves the news to people when nobody says whether the agent may answer them, and does not ask again', async () => {
    const { pr, session } = await playAttempt(bench, 'news')
    await pr.reviewComment('carol', { path: 'news.txt', line: 1, body: 'A remark.' })
    await letRest(bench)
    await letRest(bench)
    expect(await newest(pr)).toMatchObject({ kind: 'nudge_budget', status: 'pending' })
    await daysLater(7)
    await letRest(bench)
    expect(await bench.decisions(pr)).toMatchObject([{ status: 'expired' }])
    expect(await bench.store.list('nudges', { sessionId: session.id })).toMatchObject([
      { status: 'acknowledged' },
    ])
    expect(questionTexts(pr)).toHaveLength(1)
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
  })

  it('leaves a pipeline alone that the question is not about any more', async () => {
    const { pr, question } = await playUntilReset(bench, 'moved-on')
    const pipeline = await bench.pipeline(pr)
    const { id, runEpoch } = pipeline
    await bench.store.commit(
      [{ kind: 'update', table: 'pipelines', where: { id }, set: { runEpoch: runEpoch + 1 } }],
      null,
    )
    await daysLater(7)
    expect(await newest(pr)).toMatchObject({ id: question.id, status: 'expired' })
    expect(await bench.pipeline(pr)).toEqual({ ...pipeline, runEpoch: runEpoch + 1 })
  })
})
