// What becomes of news when something comes between: a question, an agent that fails, a merge, a bot, a change of mind.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import {
  playAttempt,
  playUntilReset,
  questionTexts,
  statusOf,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

const FEW_ROUNDS = [
  'version: 1',
  'phases: [{ name: implement, prompt: Work., restarts: 0 }]',
  'nudges: { rounds: 2 }',
  '',
].join('\n')

beforeAll(async () => {
  bench = await Workbench.start({ files: { '.github/belay.yml': FEW_ROUNDS } })
})

afterAll(() => bench?.close())

const SETTLED_MS = 120_000
const REMARK = { line: 1, body: 'Tie a better knot here.' }
const FAIL: readonly Act[] = [{ do: 'exit', code: 3 }]

/** Lets webhooks and checks come to rest, and the agent that is told finish. */
async function rest(): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    await bench.settle()
    bench.clock.advance(SETTLED_MS)
    await bench.settle()
    await bench.finishAttempts()
  }
}

async function statuses({ session }: Scene): Promise<readonly string[]> {
  const all = await bench.store.list('nudges', { sessionId: session.id })
  return all.map(({ kind, status }) => `${kind} ${status}`)
}

function report(pr: FakePullRequest, conclusion: 'failure' | 'success', name = 'test'): void {
  const run = { app: 'github-actions', headSha: pr.headSha, name, status: 'completed' } as const
  bench.repo.reportCheck({ ...run, conclusion })
}

const COMMIT = (no: number): readonly Act[] => [
  { do: 'write', path: `fix-${no}.txt`, text: `${no}\n` },
  { do: 'commit', paths: [`fix-${no}.txt`], message: `Fix ${no}` },
]

/** Plays until the rounds are used up and the question is open; the check still fails. */
async function playUntilUsedUp(branch: string): Promise<Scene> {
  const scene = await playAttempt(bench, branch, [[], COMMIT(1), COMMIT(2), COMMIT(3)])
  for (let heads = 0; heads < 3; heads += 1) {
    report(scene.pr, 'failure')
    await rest()
  }
  expect(await questions(scene)).toEqual(['pending'])
  return scene
}

async function questions({ pr }: Scene): Promise<readonly string[]> {
  return (await bench.decisions(pr)).map(({ status, cancelReason }) => cancelReason ?? status)
}

describe('news of a pull request', () => {
  it('are not lost when the agent fails: a person is asked, and the next attempt is told them again', async () => {
    const scene = await playAttempt(bench, 'fails', [[], FAIL, []])
    await rest()
    await scene.pr.reviewComment('carol', { path: 'fails.txt', ...REMARK })
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
    await rest()
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(2)
    expect(await statuses(scene)).toEqual(['review sent'])
    expect((await bench.decisions(scene.pr)).at(-1)).toMatchObject({
      kind: 'agent_failed',
      status: 'pending',
    })
    await bench.say(scene.pr, 'alice', '/belay retry')
    await rest()
    expect(await bench.story.prompt({ pr: scene.pr.number, attempt: 3 })).toContain(REMARK.body)
    expect(await statuses(scene)).toEqual(['review acknowledged'])
  })

  it('are left to people who abort the round in which the agent failed, and the session hears of later ones', async () => {
    const scene = await playAttempt(bench, 'given-up', [[], FAIL, []])
    await rest()
    await scene.pr.reviewComment('carol', { path: 'given-up.txt', ...REMARK })
    await rest()
    await bench.say(scene.pr, 'alice', '/abort')
    await rest()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ kind: 'respond', status: 'cancelled' })
    expect(await statuses(scene)).toEqual(['review acknowledged'])
    await scene.pr.reviewComment('carol', { path: 'given-up.txt', line: 1, body: 'And this?' })
    await rest()
    expect(await bench.story.prompt({ pr: scene.pr.number, attempt: 3 })).toContain('And this?')
  })

  it('are over when the thread is resolved before they are told, and the status comment says so', async () => {
    const scene = await playUntilReset(bench, 'asked')
    const { thread } = await scene.pr.reviewComment('carol', { path: 'asked.txt', ...REMARK })
    await rest()
    expect(statusOf(scene.pr)).toContain('**News waits for the agent:** 1 review remark.')
    await scene.pr.resolve('carol', thread)
    await rest()
    expect(await statuses(scene)).toEqual(['review expired'])
    expect(statusOf(scene.pr)).not.toContain('News waits')
  })

  it('are not told when whoever wrote them may not write any more', async () => {
    const scene = await playUntilReset(bench, 'parted')
    await scene.pr.reviewComment('carol', { path: 'parted.txt', ...REMARK })
    await rest()
    expect(await statuses(scene)).toEqual(['review suppressed'])
    bench.repo.setRole('carol', 'read')
    await bench.say(scene.pr, 'alice', '/continue')
    await rest()
    bench.repo.setRole('carol', 'maintain')
    expect(await statuses(scene)).toEqual(['review expired'])
  })

  it('are not told again after an edit that no reader sees, and are after one that all see', async () => {
    const scene = await playAttempt(bench, 'edits', [[], [], []])
    const comment = await scene.pr.reviewComment('carol', { path: 'edits.txt', ...REMARK })
    await rest()
    await scene.pr.editReviewComment(comment, `${REMARK.body}\n<!-- seen by nobody -->`)
    await rest()
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(2)
    await scene.pr.editReviewComment(comment, `${REMARK.body} Please.`)
    await rest()
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(3)
  })

  it('name what a round has no room for, and tell it in the next one', async () => {
    const scene = await playAttempt(bench, 'large', [[], [], []])
    const body = 'A remark of many words. '.repeat(120)
    for (let no = 1; no <= 12; no += 1)
      await scene.pr.reviewComment('carol', { path: 'large.txt', line: 1, body })
    await rest()
    const [first, second] = await Promise.all(
      [2, 3].map((attempt) => bench.story.prompt({ pr: scene.pr.number, attempt })),
    )
    const told = Number(/What is new: (\d+) pieces/u.exec(first ?? '')?.[1])
    expect(first).toContain(`Not told here: ${12 - told} more pieces, for a later round.`)
    expect(second).toContain(`What is new: ${12 - told} pieces`)
    expect(second).not.toContain('Not told here')
  })

  it('of a conflict are told although the pull request is to merge by itself: it can not', async () => {
    const pr = await bench.openPullRequest('auto', { 'knot.txt': 'tied on the branch\n' })
    const merge: Act = { do: 'git', args: ['merge', '--quiet', '--no-edit', '-X', 'ours', 'origin/main'] }
    await bench.story.script(pr.number, [[], [merge]])
    await bench.say(pr, 'alice', '/belay run')
    await rest()
    await pr.setAutoMerge('alice', 'merge')
    report(pr, 'success')
    await rest()
    const scene = { pr, session: await bench.session(pr) }
    await pr.reviewComment('carol', { path: 'auto.txt', ...REMARK })
    await rest()
    expect(await statuses(scene)).toEqual(['review suppressed'])
    expect(statusOf(pr)).toContain('about to be merged')
    await bench.repo.push({ by: 'alice', branch: 'main', files: { 'knot.txt': 'tied on main\n' } })
    await rest()
    expect(await statuses(scene)).toEqual(['review acknowledged', 'conflict expired'])
  })
})

describe('the question about used-up rounds', () => {
  it('is withdrawn when nothing waits any more, and asked anew in the same comment', async () => {
    const scene = await playUntilUsedUp('flaky')
    report(scene.pr, 'success')
    await rest()
    expect(await questions(scene)).toEqual(['news_over'])
    expect(questionTexts(scene.pr)).toEqual([
      expect.stringContaining('Nothing waits for the agent any more.'),
    ])
    // Who may only look gives no rounds back.
    await bench.say(scene.pr, 'dave', '/belay status')
    report(scene.pr, 'failure')
    await rest()
    expect(await questions(scene)).toEqual(['news_over', 'pending'])
    expect(questionTexts(scene.pr)).toEqual([expect.stringContaining('It takes the place of')])
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(3)
  })

  it('gives the rounds back when a person pushes, and mentions nobody again when a bot does', async () => {
    const scene = await playUntilUsedUp('formatted')
    const { pr } = scene
    await scene.pr.reviewComment('carol', { path: 'formatted.txt', ...REMARK })
    await rest()
    const formatted = { branch: 'formatted', files: { 'formatted.txt': 'formatted\n' } }
    bench.github.world.people.bot('formatter')
    bench.repo.setRole('formatter[bot]', 'write')
    await bench.repo.push({ by: 'formatter[bot]', ...formatted })
    await rest()
    expect(questionTexts(pr)).toHaveLength(1)
    await bench.repo.push({ by: 'alice', branch: 'formatted', files: { 'more.txt': 'by a person\n' } })
    await rest()
    expect(await bench.story.attemptCount(pr.number)).toBe(4)
  })
})
