// Nothing goes around a question, whatever it is about, from any way in: every job by hand, every command, every request,
// GitHub's news, the timers, a new start. What a question about a sync forbids in detail is in open-question.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../src/domain/changes.ts'
import { attendDecisions } from '../../src/workflows/attend-decision.ts'
import { sweepBackups } from '../../src/workflows/expire-backups.ts'
import { overseeAll } from '../../src/workflows/oversee.ts'
import { expireAttempts } from '../../src/workflows/recover-session.ts'
import { sweepDeliveries } from '../../src/workflows/sweep-deliveries.ts'
import { sweepPullRequests } from '../../src/workflows/sweep-pull-requests.ts'
import { EVERY_JOB, jobByHand, type GuardedScene } from '../support/workbench/every-job.ts'
import { failCheck, GUARDED_SORTS } from '../support/workbench/guarded-scenes.ts'
import { letRest, reactionsOf, repliesTo, requestsOf } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

const JOBS = Object.entries(EVERY_JOB) as readonly (readonly [Job['kind'], (typeof EVERY_JOB)[Job['kind']]])[]

/** Everything that says what was begun or decided for a session. */
async function workOf({ session: { id: sessionId }, pr }: GuardedScene) {
  const { store } = bench
  const pipelines = await store.list('pipelines', { sessionId })
  return {
    pipelines,
    attempts: await store.list('attempts', { sessionId }),
    phases: await store.list('phaseRuns', { pipelineId: pipelines.map(({ id }) => id) }),
    proposals: await store.list('proposals', { sessionId }),
    verdicts: await store.list('verdicts', { sessionId }),
    tasks: await store.list('contractTasks', { sessionId }),
    decisions: await bench.decisions(pr),
    processes: await bench.story.attemptCount(pr.number),
    state: (await bench.session(pr)).state,
  }
}

describe.each(GUARDED_SORTS)('while there is a question $sort', ({ sort, play, wayOn }) => {
  let scene: GuardedScene
  let mark: number
  let work: Awaited<ReturnType<typeof workOf>>
  let failed: number

  const orders = () => bench.watch.ordersOf(scene.session.id, mark)
  const isAnswered = sort.includes('answered')

  beforeAll(async () => {
    scene = await play(bench, sort.replaceAll(' ', '-'))
    mark = bench.watch.orders.length
    work = await workOf(scene)
    failed = bench.failures().length
  })

  async function expectNothingMoved(): Promise<void> {
    expect(await workOf(scene)).toEqual(work)
    expect(orders()).toEqual([])
  }

  it.each(JOBS)('a job %s that is enqueued by hand does nothing beyond: %s', async (kind, allowed) => {
    if (allowed === 'answers' && isAnswered) return
    const before = bench.failures().length
    const syncs = await bench.store.list('syncOperations', { sessionId: scene.session.id, purpose: 'sync' })
    await bench.enqueue(scene.pr, await jobByHand(bench, scene, kind))
    expect(await bench.work()).toBeGreaterThan(0)
    expect(await workOf(scene)).toEqual(work)
    expect(
      await bench.store.list('syncOperations', { sessionId: scene.session.id, purpose: 'sync' }),
    ).toEqual(syncs)
    if (allowed !== 'rescues') expect(orders()).toEqual([])
    expect(orders()).not.toContain('startAttempt')
    mark = bench.watch.orders.length
    expect(bench.failures().slice(before)).toEqual([])
  })

  it('every command ends visibly, and none of them starts anything', async () => {
    const lines = ['run', 'sync', 'populate', 'retry zzzzzz', 'continue zzzzzz', 'answer nonsense zzzzzz']
    const comment = await bench.say(scene.pr, 'alice', lines.map((line) => `/belay ${line}`).join('\n'))
    expect(reactionsOf(comment)).toContain('confused')
    const replies = repliesTo(comment)
    expect(replies).toHaveLength(lines.length)
    // Who may not go on is told which question is in the way.
    expect(replies.filter((text) => text.includes(scene.decision.id)).length).toBeGreaterThanOrEqual(2)
    const shown = await bench.say(scene.pr, 'alice', '/belay status\n/belay help')
    expect(reactionsOf(shown)).toEqual(['eyes', 'rocket'])
    await expectNothingMoved()
    expect(await bench.unendedCommands()).toEqual([])
  })

  it('a button that is no option of the question, or is pressed too late, changes nothing', async () => {
    for (const optionId of ['nonsense', ...(isAnswered ? ['abort', 'retry'] : [])]) {
      const job = await jobByHand(bench, scene, 'handle_event')
      if (job.kind !== 'handle_event' || job.event.kind !== 'button_pressed')
        throw new Error('It is a button')
      const event = { ...job.event, optionId, sender: { login: 'alice', isBot: false } }
      await bench.enqueue(scene.pr, { kind: 'handle_event', event })
      await bench.settle()
    }
    await expectNothingMoved()
  })

  it('every request of the interface is refused with the question', async () => {
    const { pipelineId, id: decision, context } = scene.decision
    const who = { pipelineId, actor: 'ci', via: 'rest' } as const
    const requests = requestsOf(bench)
    const refused = { kind: 'decision_pending', decision, context }
    const { currentPhase } = await bench.pipeline(scene.pr)
    expect(await requests.restart({ ...who, phase: null })).toEqual(refused)
    expect(await requests.restart({ ...who, phase: currentPhase })).toEqual(refused)
    expect(['decision_pending', 'no_contract_phase']).toContain((await requests.populate(who)).kind)
    expect(await requests.cancelDecision({ ...who, decisionId: 'zzzzzz' })).toEqual({
      kind: 'decision_not_found',
    })
    const other = await bench.answer({ pipelineId, decisionId: 'zzzzzz', answer: wayOn, via: 'rest' })
    expect(other).toEqual({ kind: 'decision_not_found' })
    if (isAnswered) {
      const late = await bench.answer({ pipelineId, decisionId: decision, answer: 'abort', via: 'cli' })
      expect(late).toMatchObject({ kind: 'already_resolved', answer: 'retry', by: 'alice' })
    }
    await expectNothingMoved()
  })

  it('the timers ask, remind and start nothing before their time', async () => {
    await expireAttempts(bench.deps)
    await overseeAll(bench.deps)
    expect(await attendDecisions(bench.deps)).toBe(0)
    await sweepPullRequests(bench.deps)
    await sweepDeliveries(bench.deps, { has: async () => true })
    await sweepBackups(bench.deps)
    await bench.settle()
    await expectNothingMoved()
  })

  it('a new start of the program goes on with nothing', async () => {
    await bench.reboot()
    await bench.settle()
    await expectNothingMoved()
  })

  it('what GitHub tells waits: a review, a check, a new title', async () => {
    await scene.pr.review('carol', { state: 'changes_requested', body: 'Tie it better.' })
    failCheck(bench, scene.pr)
    await scene.pr.edit('alice', { title: 'Another title' })
    await letRest(bench, 120_000)
    await bench.finishAttempts()
    expect(orders()).toEqual([])
    expect(await workOf(scene)).toEqual(work)
    const waiting = await bench.store.list('nudges', {
      sessionId: scene.session.id,
      status: ['pending', 'suppressed'],
    })
    expect(waiting.length).toBeGreaterThan(0)
  })

  // A person who pushes is heard: the rounds of the agent count anew, so this question is over with it.
  it.skipIf(sort === 'about news')('a push asks anew for the new head, and runs nothing', async () => {
    const files = { 'pushed.txt': 'pushed\n' }
    const headSha = await bench.repo.push({ by: 'carol', branch: scene.pr.headBranch, files })
    await letRest(bench)
    expect(orders()).toEqual([])
    const { decisions, ...before } = work
    const { decisions: after, ...now } = await workOf(scene)
    expect(now).toEqual(before)
    if (isAnswered) {
      expect(after).toEqual(decisions)
      return
    }
    const successor = after.at(-1)
    expect(after.find(({ id }) => id === scene.decision.id)).toMatchObject({
      status: 'cancelled',
      successorId: successor?.id,
    })
    expect(successor).toMatchObject({ status: 'pending', kind: scene.decision.kind, headSha })
  })

  it('its own answer is the one way on', async () => {
    if (isAnswered) {
      const { projectId, id: decisionId } = scene.decision
      await bench.enqueue(scene.pr, { kind: 'act_on_answer', projectId, decisionId, source: null })
      await bench.settle()
    } else {
      await bench.say(scene.pr, 'alice', `/belay answer ${wayOn}`)
    }
    await bench.finishAttempts()
    await bench.finishAttempts()
    const { attempts } = await workOf(scene)
    expect(attempts.length).toBeGreaterThan(work.attempts.length)
    expect(bench.failures().slice(failed)).toEqual([])
  })
})

describe('a session that is stopped between an answer and its effect', () => {
  it('stays stopped: the answer cancels nothing anew and starts nothing', async () => {
    const unacted = GUARDED_SORTS.find(({ sort }) => sort.includes('answered'))
    const scene = await unacted?.play(bench, 'stopped-between')
    if (scene === undefined) throw new Error('There is such a sort')
    await bench.say(scene.pr, 'alice', '/belay stop')
    const { state, attempts } = await workOf(scene)
    expect(state).toBe('stopped')
    const { projectId, id: decisionId } = scene.decision
    await bench.enqueue(scene.pr, { kind: 'act_on_answer', projectId, decisionId, source: null })
    await bench.settle()
    await bench.finishAttempts()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'cancelled' })
    expect((await workOf(scene)).attempts).toEqual(attempts)
    expect((await bench.decisions(scene.pr)).at(-1)?.actedAt).not.toBeNull()
  })
})
