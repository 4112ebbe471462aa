// Reviewers and producer: nothing unreviewed is pushed, a refusal goes back with its reasons, a new proposal makes every
// verdict stale, and after three rounds a person decides.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Proposal } from '../../src/domain/pipeline/records.ts'
import type { Act } from '../support/agents/story.ts'
import { eventually } from '../support/eventually.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { configure } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
  await configure(
    bench,
    'agent: climber\nphases:\n  - name: implement\n    reviewers: [critic, second]\n    restarts: 1\n',
  )
})

afterAll(() => bench?.close())

const WORK = (no: number): readonly Act[] => [
  { do: 'write', path: `work-${no}.txt`, text: `${no}\n` },
  { do: 'commit', paths: [`work-${no}.txt`], message: `Work ${no}` },
]
const ACK: readonly Act[] = [{ do: 'verdict', verdict: 'ack', reasons: [] }]
const NACK = (reason: string): readonly Act[] => [{ do: 'verdict', verdict: 'nack', reasons: [reason] }]

interface Script {
  readonly producer: readonly (readonly Act[])[]
  readonly critic: readonly (readonly Act[])[]
  readonly second: readonly (readonly Act[])[]
}

async function play(branch: string, script: Script): Promise<FakePullRequest> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, script.producer)
  await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'critic' }, script.critic)
  await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'second' }, script.second)
  await bench.say(pr, 'alice', '/belay run')
  await rest()
  return pr
}

/** Until nothing runs and nothing is due; restarts are waited out. */
async function rest(): Promise<void> {
  for (let times = 0; times < 12; times += 1) {
    await bench.finishAttempts()
    bench.clock.advance(10_000)
    await bench.settle()
  }
}

async function proposalsOf(pr: FakePullRequest): Promise<readonly Proposal[]> {
  const { id: sessionId } = await bench.session(pr)
  return bench.store.list('proposals', { sessionId })
}

describe('consensus', () => {
  it('pushes what every reviewer acknowledged, and nothing before', async () => {
    const pr = await bench.openPullRequest('agreed')
    const before = pr.headSha
    await bench.story.script(pr.number, [WORK(1)])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'critic' }, [
      [{ do: 'meet', name: 'read' }, ...ACK],
    ])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'second' }, [ACK])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'end')
    await bench.watch.attemptsOver()
    await bench.settle()
    await bench.story.arrived({ pr: pr.number, attempt: 1, reviewer: 'critic' }, 'read')
    expect(pr.headSha).toBe(before)
    await bench.story.letGo({ pr: pr.number, attempt: 1, reviewer: 'critic' }, 'read')
    await rest()
    const [proposal, ...others] = await proposalsOf(pr)
    expect(others).toEqual([])
    expect(proposal).toMatchObject({ status: 'accepted', round: 1, paths: ['work-1.txt'] })
    expect(pr.headSha).toBe(proposal?.commit)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(bench.failures()).toEqual([])
  })

  it('sends a refusal back to the producer with its reasons, and reviews what it makes of them', async () => {
    const pr = await play('refused', {
      producer: [WORK(1), WORK(2)],
      critic: [NACK('No test covers it.'), ACK],
      second: [ACK, ACK],
    })
    expect((await proposalsOf(pr)).map(({ status, round }) => [status, round])).toEqual([
      ['refused', 1],
      ['accepted', 2],
    ])
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt.startsWith('# Read this first')).toBe(true)
    expect(prompt).toContain('No test covers it.')
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })

  it('asks a person after three rounds, and accepts on their word', async () => {
    const refusals = [1, 2, 3].map((no) => NACK(`Not good enough, ${no}.`))
    const pr = await play('stalled', {
      producer: [WORK(1), WORK(2), WORK(3)],
      critic: refusals,
      second: [ACK, ACK, ACK],
    })
    const [question, ...others] = await bench.decisions(pr)
    expect(others).toEqual([])
    expect(question).toMatchObject({
      kind: 'consensus_stalled',
      status: 'pending',
      context: 'consensus_stalled:implement',
    })
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'awaiting_human' })
    await bench.say(pr, 'alice', '/belay answer accept')
    await rest()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    const proposals = await proposalsOf(pr)
    expect(proposals.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused', 'overruled'])
    expect(pr.headSha).toBe(proposals.at(-1)?.commit)
  })

  it('takes no verdict for none, tries the reviewer again, and then asks', async () => {
    const pr = await play('silent', {
      producer: [WORK(1)],
      critic: [[{ do: 'verdict_raw', text: 'looks fine to me' }], [{ do: 'exit', code: 3 }]],
      second: [ACK],
    })
    const [question] = await bench.decisions(pr)
    expect(question).toMatchObject({
      kind: 'agent_failed',
      status: 'pending',
      details: { role: 'reviewer', agent: 'critic' },
    })
    expect(pr.headSha).not.toBe((await proposalsOf(pr)).at(-1)?.commit)
  })

  it('stops the reviewers that are left before it asks, and has all look anew when a person wants it', async () => {
    const fails: readonly Act[] = [{ do: 'exit', code: 3 }]
    const pr = await bench.openPullRequest('half-reviewed')
    await bench.story.script(pr.number, [WORK(1)])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'critic' }, [fails, fails, ACK])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'second' }, [[{ do: 'sleep' }], ACK])
    await bench.say(pr, 'alice', '/belay run')
    // The second reviewer never ends by itself, so the others' ends are pumped while it sleeps.
    await eventually(
      async () => {
        await bench.settle()
        bench.clock.advance(2_000)
        return (await bench.decisions(pr)).length > 0
      },
      { what: 'the question about the critic is open' },
    )
    expect((await bench.decisions(pr))[0]).toMatchObject({ kind: 'agent_failed', status: 'pending' })
    await bench.say(pr, 'alice', '/belay retry')
    await rest()
    expect((await proposalsOf(pr)).map(({ status, round }) => [status, round])).toEqual([
      ['stale', 1],
      ['accepted', 1],
    ])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(bench.failures()).toEqual([])
  })

  it('stops the reviewers when the branch is rewritten under the work, and asks', async () => {
    const pr = await bench.openPullRequest('rewritten')
    const start = pr.headSha
    await bench.repo.push({
      by: 'alice',
      branch: 'rewritten',
      files: { 'more.txt': 'more\n' },
      message: 'More',
    })
    await bench.story.script(pr.number, [WORK(1)])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'critic' }, [[{ do: 'sleep' }]])
    await bench.story.scriptReviewer({ pr: pr.number, reviewer: 'second' }, [[{ do: 'sleep' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'end')
    const reviewing = async (): Promise<boolean> => {
      await bench.settle()
      const { id: sessionId } = await bench.session(pr)
      return (
        (await bench.store.list('attempts', { sessionId, role: 'reviewer', status: 'running' })).length === 2
      )
    }
    await eventually(reviewing, { what: 'both reviewers are at work' })
    await bench.repo.push({ by: 'alice', branch: 'rewritten', to: start, force: true })
    await bench.settle()
    await rest()
    expect((await bench.decisions(pr)).map(({ kind, status }) => [kind, status])).toEqual([
      ['sync_blocked', 'pending'],
    ])
    expect((await proposalsOf(pr)).map(({ status }) => status)).toEqual(['open'])
    expect(pr.headSha).toBe(start)
  })

  it('has what the agent makes of news reviewed as well', async () => {
    const pr = await play('news', {
      producer: [WORK(1), WORK(2), WORK(3)],
      critic: [ACK, NACK('Answer the question first.'), ACK],
      second: [ACK, ACK, ACK],
    })
    await pr.reviewComment('carol', { path: 'news.txt', line: 1, body: 'Why?' })
    for (let times = 0; times < 3; times += 1) {
      bench.clock.advance(120_000)
      await rest()
    }
    const proposals = await proposalsOf(pr)
    expect(proposals.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted'])
    expect(await bench.pipeline(pr)).toMatchObject({ kind: 'respond', status: 'complete' })
    expect(pr.headSha).toBe(proposals.at(-1)?.commit)
  })

  /** Plays until the critic looks at the work while somebody else pushes these files; then it acknowledges. */
  async function playBehindReviewers(
    branch: string,
    files: Readonly<Record<string, string>>,
  ): Promise<FakePullRequest> {
    const pr = await bench.openPullRequest(branch, { 'shared.txt': 'top\n\n\n\n\n\n\n\nbottom\n' })
    const { number } = pr
    const change = 'top, changed\n\n\n\n\n\n\n\nbottom\n'
    await bench.story.script(number, [
      [
        { do: 'write', path: 'shared.txt', text: change },
        { do: 'commit', paths: ['shared.txt'], message: 'Change the top' },
      ],
    ])
    const look = [{ do: 'meet', name: 'read' }, ...ACK] as const
    await bench.story.scriptReviewer({ pr: number, reviewer: 'critic' }, [look, ACK])
    await bench.story.scriptReviewer({ pr: number, reviewer: 'second' }, [ACK, ACK])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: number, attempt: 1 }, 'end')
    await bench.watch.attemptsOver()
    await bench.settle()
    await bench.story.arrived({ pr: number, attempt: 1, reviewer: 'critic' }, 'read')
    await bench.repo.push({ by: 'alice', branch, files, message: 'Meanwhile' })
    await bench.settle()
    await bench.story.letGo({ pr: number, attempt: 1, reviewer: 'critic' }, 'read')
    await rest()
    return pr
  }

  it('keeps verdicts when the branch moved on in other files and every commit still says the same', async () => {
    const pr = await playBehindReviewers('beside', { 'elsewhere.txt': 'elsewhere\n' })
    const proposals = await proposalsOf(pr)
    expect(proposals.map(({ status }) => status)).toEqual(['accepted'])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    // Replayed, so another commit than the one that was looked at, with the same change.
    expect(pr.headSha).not.toBe(proposals[0]?.commit)
    expect(await bench.repo.git.run(['show', `${pr.headSha}:shared.txt`])).toContain('top, changed')
  })

  it('asks the reviewers again when somebody touched the same file, and pushes nothing before they agree', async () => {
    const bottom = 'top\n\n\n\n\n\n\n\nbottom, by alice\n'
    const pr = await playBehindReviewers('below', { 'shared.txt': bottom })
    const proposals = await proposalsOf(pr)
    expect(proposals.map(({ status, round }) => [status, round])).toEqual([
      ['stale', 1],
      ['accepted', 2],
    ])
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(pr.headSha).toBe(proposals[1]?.commit)
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
  })
})
