// Nothing goes around an open question: every way into the program is tried while one of each kind is open.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCommands } from '../../src/domain/command/parse-commands.ts'
import type { Job } from '../../src/domain/changes.ts'
import type { Decision } from '../../src/domain/records.ts'
import type { Reply } from '../../src/domain/text/reply.ts'
import { takeReport } from '../../src/workflows/handle-report.ts'
import { expireAttempts } from '../../src/workflows/recover-session.ts'
import { EVERY_JOB, jobByHand, type GuardedScene } from '../support/workbench/every-job.ts'
import {
  botTexts,
  playUntilBlocked,
  playUntilBlockedIdle,
  playUntilFailedReset,
  playUntilReset,
  questionTexts,
  reactionsOf,
  repliesTo,
  statusOf,
  textOf,
  type QuestionScene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

/** A rescue is allowed beside a question; it has files of its own. */
const JOBS = (Object.keys(EVERY_JOB) as readonly Job['kind'][]).filter(
  (kind) => EVERY_JOB[kind] !== 'rescues',
)

const KINDS = [
  { what: 'a hard reset', play: playUntilReset, verbs: ['continue', 'abort', 'rescue'] },
  { what: 'a reset that failed as well', play: playUntilFailedReset, verbs: ['abort'] },
  { what: 'a blocked sync in a phase', play: playUntilBlocked, verbs: ['continue', 'abort'] },
  {
    what: 'a blocked sync after the pipeline',
    play: playUntilBlockedIdle,
    verbs: ['continue', 'abort'],
  },
] as const

describe.each(KINDS)('while the question of $what is open', ({ what, play, verbs }) => {
  let scene: QuestionScene
  let mark: number

  beforeAll(async () => {
    scene = await play(bench, what.replaceAll(' ', '-'))
    mark = bench.watch.orders.length
  })

  /** Whatever was tried: the same question is open, the runner was asked for nothing, nothing else changed. */
  async function expectNothingMoved(): Promise<void> {
    expect(bench.watch.ordersOf(scene.session.id, mark)).toEqual([])
    expect(await bench.question(scene.pr)).toEqual(scene.question)
    expect(await bench.session(scene.pr)).toEqual(scene.session)
    expect(await attempts()).toHaveLength(1)
    const pipelines = await bench.store.list('pipelines', { sessionId: scene.session.id })
    expect(pipelines.map(({ status, runEpoch }) => ({ status, runEpoch }))).toEqual([
      { status: STATUS[what], runEpoch: scene.question.runEpoch },
    ])
  }

  const attempts = () => bench.store.list('attempts', { sessionId: scene.session.id })
  const alerts = () => bench.store.list('alerts', { sessionId: scene.session.id })

  it.each(['run', 'sync'])('/belay %s is refused with the lines to copy', async (verb) => {
    const comment = await bench.say(scene.pr, 'alice', `/belay ${verb}`)
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'question_open', verb, question: scene.question })])
    await expectNothingMoved()
  })

  it.each(['rescure', 'answer'])('/belay %s is answered as what it is: no command', async (verb) => {
    const [line] = parseCommands(`/belay ${verb}`, { appSlug: 'belay' })
    const comment = await bench.say(scene.pr, 'alice', `/belay ${verb}`)
    expect(line?.kind).toBe('problem')
    expect(repliesTo(comment)).toEqual(line?.kind === 'problem' ? [textOf({ kind: 'problem', line })] : [])
    await expectNothingMoved()
  })

  it.each(['populate', 'retry'] as const)(
    '/belay %s is no answer here: refused, with what is open',
    async (verb) => {
      const before = await alerts()
      const comment = await bench.say(scene.pr, 'alice', `/belay ${verb}`)
      expect(repliesTo(comment)).toEqual([textOf({ kind: 'question_open', verb, question: scene.question })])
      expect(await alerts()).toEqual(before)
      await expectNothingMoved()
    },
  )

  it.each([
    ['answer populate', 'populate'],
    ['answer retry', 'retry'],
  ])('/belay %s names no option: refused, with an alert each time', async (line, answer) => {
    const { id, options } = scene.question
    const before = await alerts()
    const comment = await bench.say(scene.pr, 'alice', `/belay ${line}`)
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'not_an_option', id, answer, options })])
    const [alert, ...more] = (await alerts()).slice(before.length)
    expect(alert).toMatchObject({
      code: 'hard_reset_recovery_unknown_resolution',
      details: { decision_id: id, resolution: answer, actor: 'alice' },
    })
    expect(more).toEqual([])
    await expectNothingMoved()
  })

  it('an answer to a question nobody asked is refused with the one that is open', async () => {
    const nobody = await bench.say(scene.pr, 'alice', '/continue zzzzzz')
    expect(repliesTo(nobody)).toEqual([
      textOf({ kind: 'unknown_question', id: 'zzzzzz', open: [scene.question] }),
    ])
    await expectNothingMoved()
  })

  it('/belay status only refreshes, and /belay help names exactly the answers that are possible', async () => {
    const status = await bench.say(scene.pr, 'alice', '/belay status')
    expect(reactionsOf(status)).toEqual(['eyes', 'rocket'])
    expect(repliesTo(status)).toEqual([])
    expect(statusOf(scene.pr)).toContain(`question \`${scene.question.id}\``)
    const help = await bench.say(scene.pr, 'alice', '/belay help')
    const [text] = repliesTo(help)
    const offered = ['continue', 'abort', 'rescue'].filter((verb) => text?.includes(`\`/belay ${verb}\``))
    // Every one of these states was pinned, and what is pinned can be rescued whatever is asked.
    expect(offered).toEqual([...new Set([...verbs, 'rescue'])])
    await expectNothingMoved()
  })

  it('a stranger gets a reaction, a triager hears what is needed', async () => {
    const stranger = await bench.say(scene.pr, 'bob', '/continue')
    expect({ reactions: reactionsOf(stranger), replies: repliesTo(stranger) }).toEqual({
      reactions: ['eyes', 'confused'],
      replies: [],
    })
    const triager = await bench.say(scene.pr, 'dave', '/abort')
    const refused: Reply = { kind: 'refused', verb: 'abort', role: 'triage', needs: 'write' }
    expect(repliesTo(triager)).toEqual([textOf(refused)])
    await expectNothingMoved()
  })

  it('a report about the attempt that is over, again and as lost, changes nothing', async () => {
    const [attempt] = await attempts()
    const report = {
      kind: 'attempt_ended',
      sessionId: scene.session.id,
      attemptId: attempt?.id ?? '',
      runEpoch: attempt?.runEpoch ?? 0,
      verdict: null,
    } as const
    await takeReport(bench.deps, { ...report, exit: { kind: 'exited', code: 0 } })
    await bench.enqueue(scene.pr, { kind: 'handle_report', report: { ...report, exit: { kind: 'lost' } } })
    await expireAttempts(bench.deps)
    await bench.settle()
    expect(await attempts()).toEqual([attempt])
    await expectNothingMoved()
  })

  const byHand = async (make: (guarded: GuardedScene) => Job | Promise<Job>): Promise<void> => {
    await bench.enqueue(scene.pr, await make({ ...scene, decision: scene.question }))
    expect(await bench.work()).toBeGreaterThan(0)
    expect(bench.failures()).toEqual([])
    await expectNothingMoved()
  }

  it.each(JOBS)('a job %s that is enqueued by hand does nothing', (kind) =>
    byHand((guarded) => jobByHand(bench, guarded, kind)),
  )

  it('a start of the phase under the next epoch does nothing either', () =>
    byHand(({ decision: { pipelineId, runEpoch } }) => ({
      kind: 'start_phase',
      pipelineId,
      runEpoch: runEpoch + 1,
    })))

  it('a restart of the program asks nothing twice and starts nothing', async () => {
    await bench.settle()
    const texts = botTexts(scene.pr)
    await bench.reboot()
    mark = bench.watch.orders.length
    await bench.settle()
    expect(botTexts(scene.pr)).toEqual(texts)
    await expectNothingMoved()
  })

  it('a push to the branch asks anew for the new head, and touches no file', async () => {
    const { question } = scene
    const head = await bench.repo.push({
      by: 'carol',
      branch: scene.pr.headBranch,
      files: { 'more.txt': 'x\n' },
    })
    await bench.settle()
    expect(bench.watch.ordersOf(scene.session.id, mark)).toEqual([])
    const [old, successor] = await bench.decisions(scene.pr)
    expect(old).toMatchObject({ status: 'cancelled', cancelReason: 'superseded', successorId: successor?.id })
    expect(successor).toEqual({
      ...asSuccessor(question),
      id: successor?.id,
      headSha: head,
      createdAt: successor?.createdAt,
    })
    expect(questionTexts(scene.pr)).toHaveLength(1)
    expect(questionTexts(scene.pr)[0]).toContain(`question \`${successor?.id}\``)
    const notice = {
      kind: 'question_replaced',
      asks: 'alice',
      oldId: question.id,
      newId: successor?.id ?? '',
      url: null,
    } as const
    expect(botTexts(scene.pr)).toContain(textOf(notice))
    expect(await attempts()).toHaveLength(1)
  })
})

const STATUS = {
  'a hard reset': 'failed',
  'a reset that failed as well': 'failed',
  'a blocked sync in a phase': 'awaiting_human',
  'a blocked sync after the pipeline': 'complete',
} as const

/** The same question for another head. */
function asSuccessor(question: Decision): Decision {
  return { ...question, details: { ...question.details, remoteHead: expect.any(String) } }
}
