// Commands that are refused or only answered: where, by whom, and in which state of the session.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../../src/domain/text/reply.ts'
import {
  botTexts,
  DETACH,
  playAttempt,
  reactionsOf,
  repliesTo,
  statusOf,
  textOf,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

const ABSENT = '  - name: absent\n    binary: no-such-agent-anywhere\n    prompt: stdin\n'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start({ agents: ABSENT })
})

afterEach(async () => {
  expect(await bench.unendedCommands()).toEqual([])
  expect(bench.failures()).toEqual([])
})

afterAll(() => bench?.close())

describe('startSession', () => {
  it('works on pull requests only', async () => {
    const issue = await bench.repo.openIssue({ by: 'alice', title: 'Wish' })
    const comment = await issue.comment('alice', '/belay run')
    await bench.settle()
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'not_on_issues', verb: 'run' })])
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
  })

  it('refuses a fork with the reason once, and then with a reaction', async () => {
    const fork = await bench.repo.fork('erin')
    await fork.push({ by: 'erin', branch: 'gift', files: { 'gift.txt': 'x\n' } })
    const pr = await bench.repo.openPullRequest({ by: 'erin', head: 'gift', headRepository: fork })
    const first = await bench.say(pr, 'alice', '/belay run')
    const second = await bench.say(pr, 'carol', '/belay run')
    expect(botTexts(pr)).toEqual([textOf({ kind: 'fork_refused' })])
    for (const comment of [first, second]) expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    expect(await bench.store.list('sessions', { prNumber: pr.number })).toEqual([])
  })

  it('refuses a closed pull request', async () => {
    const pr = await bench.openPullRequest('closed')
    await pr.close('alice')
    const comment = await bench.say(pr, 'alice', '/belay run')
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'pr_not_open', state: 'closed' })])
  })

  it.each<{ line: string; branch: string; reply: (known: readonly string[]) => Reply }>([
    {
      line: '/belay run climbr',
      branch: 'misspelled',
      reply: (known) => ({ kind: 'unknown_agent', agent: 'climbr', known, didYouMean: 'climber' }),
    },
    {
      line: '/belay run zzzzzzzzzz',
      branch: 'unheard-of',
      reply: (known) => ({ kind: 'unknown_agent', agent: 'zzzzzzzzzz', known, didYouMean: null }),
    },
    {
      line: '/belay run absent',
      branch: 'not-installed',
      reply: () => ({ kind: 'agent_not_found', agent: 'absent', binary: 'no-such-agent-anywhere' }),
    },
  ])('$line is refused before anything is written', async ({ line, branch, reply }) => {
    const pr = await bench.openPullRequest(branch)
    const check = await bench.deps.runner.checkAgent('nobody')
    const comment = await bench.say(pr, 'alice', line)
    expect(repliesTo(comment)).toEqual([textOf(reply(check.kind === 'unknown_agent' ? check.known : []))])
    expect(await bench.store.list('sessions', { prNumber: pr.number })).toEqual([])
    expect(bench.watch.orders.filter(({ order }) => order === 'prepare')).toEqual([])
  })

  it('refuses every run while the operator has not chosen an isolation, and says how', async () => {
    const unset = await Workbench.start({ isolation: { kind: 'unset' } })
    try {
      const pr = await unset.openPullRequest('unset')
      const comment = await unset.say(pr, 'alice', '/belay run')
      expect(repliesTo(comment)).toEqual([textOf({ kind: 'isolation_refused', reason: 'unset' })])
      expect(repliesTo(comment)[0]).toContain('BELAY_ISOLATION=none')
      expect(await unset.store.list('sessions', {})).toEqual([])
    } finally {
      await unset.close()
    }
  })

  it.each(['sync', 'stop', 'status', 'continue', 'abort', 'rescue'])(
    'says of /belay %s that there is no session, and how to start one',
    async (verb) => {
      const pr = await bench.openPullRequest(`none-${verb}`)
      const comment = await bench.say(pr, 'alice', `/belay ${verb}`)
      expect(repliesTo(comment)).toEqual([textOf({ kind: 'no_session', verb })])
    },
  )
})

describe('runCommand, while an agent works', () => {
  it('refuses a second run, postpones a sync, shows the status, and stops the session', async () => {
    const pr = await bench.openPullRequest('working')
    await bench.story.script(pr.number, [
      [{ do: 'write', path: 'half.txt', text: 'half\n' }, { do: 'sleep' }],
    ])
    await bench.say(pr, 'alice', '/belay run')
    const { id: sessionId } = await bench.session(pr)
    const again = await bench.say(pr, 'carol', '/belay run')
    const running = { kind: 'session_running', sessionId, startedBy: 'alice', statusUrl: null } as const
    expect(repliesTo(again)).toEqual([textOf(running)])
    const orders = bench.watch.orders.length
    const sync = await bench.say(pr, 'carol', '/belay sync')
    expect(repliesTo(sync)).toEqual([textOf({ kind: 'sync_deferred', phase: 'implement' })])
    expect(bench.watch.ordersOf(sessionId, orders)).toEqual([])
    const abort = await bench.say(pr, 'carol', '/abort')
    expect(botTexts(pr)).toContain(textOf({ kind: 'nothing_to_abort', sessionId }))
    expect(reactionsOf(abort)).toEqual(['eyes', 'confused'])

    const stop = await bench.say(pr, 'carol', '/belay stop')
    const stopped = { kind: 'stopped', sessionId, branch: 'working', withdrawnQuestion: null } as const
    expect(repliesTo(stop)).toEqual([textOf(stopped)])
    await bench.finishAttempts()
    expect(await bench.session(pr)).toMatchObject({ state: 'stopped' })
    expect(statusOf(pr)).toContain('The session was stopped')
  })

  it('gives a sync a visible end while the worktree is still being made', async () => {
    const pr = await bench.openPullRequest('spawning')
    const comment = await bench.say(pr, 'alice', '/belay run\n/belay sync')
    const commands = await bench.store.list('commands', { prNumber: pr.number })
    expect(commands.map(({ verb, state }) => `${verb} ${state}`)).toEqual(['run done', 'sync done'])
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('runCommand, stop', () => {
  it('withdraws an open question and says so; its answer is refused afterwards', async () => {
    const { pr, session } = await playAttempt(bench, 'withdrawn', [DETACH])
    const question = await bench.question(pr)
    const stop = await bench.say(pr, 'alice', '/belay stop')
    const reply = { kind: 'stopped', sessionId: session.id, branch: 'withdrawn' } as const
    expect(repliesTo(stop)).toEqual([textOf({ ...reply, withdrawnQuestion: question.id })])
    expect(await bench.decisions(pr)).toMatchObject([
      { status: 'cancelled', cancelReason: 'session_stopped' },
    ])
    expect(await bench.pipeline(pr)).toMatchObject({
      status: 'cancelled',
      failure: { code: 'session_stopped' },
    })
    const late = await bench.say(pr, 'alice', `/belay continue ${question.id}`)
    const withdrawn = { kind: 'withdrawn', id: question.id, reason: 'session_stopped' } as const
    expect(repliesTo(late)).toEqual([textOf({ ...withdrawn, optionId: 'continue', successor: null })])
    expect(await bench.store.list('attempts', { sessionId: session.id })).toHaveLength(1)
  })
})
