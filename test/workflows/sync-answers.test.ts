// The questions a sync can ask beside the recovery, and what each answer really does to worktree, branch and pins.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/records.ts'
import type { Act } from '../support/agents/story.ts'
import { git } from '../support/temp-repo.ts'
import {
  letAgentEnd,
  playAttempt,
  playUntilBlocked,
  playUntilBlockedIdle,
  playUntilConflict,
  questionTexts,
  statusOf,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import type { Order } from '../support/workbench/runner-watch.ts'
import { lookAtWorktree } from '../support/workbench/worktree-sight.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  bench.watch.hook = () => undefined
  bench.github.faults.clear()
  await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
})

afterAll(() => bench?.close())

async function configure(text: string): Promise<void> {
  const files = { '.github/belay.yml': `version: 1\n${text}` }
  await bench.repo.push({ by: 'alice', branch: 'main', files, message: 'Configure' })
  await bench.settle()
}

async function casesOf({ session }: Scene): Promise<readonly (string | null)[]> {
  const operations = await bench.store.list('syncOperations', { sessionId: session.id, purpose: 'sync' })
  return operations.map((operation) => operation.case)
}

async function head({ session }: Scene): Promise<string> {
  return git(bench.tree(session.id), 'rev-parse', 'HEAD')
}

function optionIds({ options }: Decision): readonly string[] {
  return options.map(({ id }) => id)
}

async function pinnedBytes(scene: Scene, decision: Decision, path: string): Promise<string> {
  const prefix = decision.details.pins.at(-1)?.prefix ?? ''
  return git(bench.mirror(scene.session.projectId), 'cat-file', 'blob', `${prefix}/worktree:${path}`)
}

describe('a blocked worktree, answered with reset', () => {
  it('pins again, resets to the remote branch, and runs the phase again with the pin named', async () => {
    const scene = await playUntilBlocked(bench, 'chosen', [
      { do: 'write', path: 'knot.txt', text: 'half tied\n' },
      { do: 'git', args: ['checkout', '--quiet', '--detach'] },
      { do: 'write', path: 'note.txt', text: 'untracked\n' },
    ])
    expect(scene.question).toMatchObject({ kind: 'sync_blocked', details: { case: 'detached_head' } })
    expect(optionIds(scene.question)).toEqual(['continue', 'reset', 'abort'])
    expect(await pinnedBytes(scene, scene.question, 'knot.txt')).toBe('half tied')
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    const tree = bench.tree(scene.session.id)
    expect(await git(tree, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('chosen')
    expect(await casesOf(scene)).toContain('reset_succeeded')
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    const prompt = await bench.story.prompt({ pr: scene.pr.number, attempt: 2 })
    expect(prompt).toContain('A person chose the branch as it is on GitHub')
    expect(prompt).toContain(scene.question.details.pins[0]?.prefix)
  })

  it('takes commits of ours out of the worktree, says so by its case, and keeps them pinned', async () => {
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/heads/discarded && { echo "GH006: Protected branch update failed" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilBlocked(bench, 'discarded', WORK)
    expect(scene.question.details.case).toBe('local_ahead_push_failed')
    const own = await head(scene)
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    expect(await casesOf(scene)).toContain('local_ahead_discarded')
    expect(await head(scene)).toBe(scene.pr.headSha)
    const backups = await bench.store.list('backups', {
      sessionId: scene.session.id,
      head: own as Decision['headSha'],
    })
    expect(backups.length).toBeGreaterThan(0)
    expect(await git(bench.mirror(scene.session.projectId), 'cat-file', '-t', own)).toBe('commit')
  })

  it('works in an idle session too, and starts no agent', async () => {
    const scene = await playUntilBlockedIdle(bench, 'idle-reset')
    expect(optionIds(scene.question)).toEqual(['continue', 'reset', 'abort'])
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    expect(await git(bench.tree(scene.session.id), 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('idle-reset')
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
  })

  it('is not offered where not everything can be saved first', async () => {
    const scene = await playAttempt(bench, 'not-offered')
    const tree = bench.tree(scene.session.id)
    await writeFile(join(tree, '.git'), 'gitdir: /elsewhere\n')
    await bench.say(scene.pr, 'alice', '/belay sync')
    const question = await bench.question(scene.pr)
    expect(question.details.case).toBe('tampered')
    expect(optionIds(question)).toEqual(['continue', 'abort'])
  })
})

describe('a divergence with on_conflict: pause', () => {
  it('is asked about three times at most, then once more with every pin and without continue', async () => {
    await configure('sync:\n  on_conflict: pause\n')
    const scene = await playUntilConflict(bench, 'pauses')
    const before = await lookAtWorktree(bench.tree(scene.session.id))
    await letAgentEnd(bench, scene)
    for (const pauses of [0, 1, 2]) {
      const question = await bench.question(scene.pr)
      expect(question).toMatchObject({
        kind: 'divergence_reconcile_unacked',
        details: { earlierPauses: pauses },
      })
      expect(question.context).toBe('divergence_reconcile_unacked:implement')
      expect(optionIds(question)).toEqual(['continue', 'reset', 'abort', 'rescue'])
      await bench.say(scene.pr, 'alice', '/continue')
      await bench.finishAttempts()
    }
    const last = await bench.question(scene.pr)
    expect(last).toMatchObject({ details: { case: 'divergence_unreconciled', earlierPauses: 3 } })
    expect(optionIds(last)).toEqual(['reset', 'abort', 'rescue'])
    expect(last.details.pins.map(({ prefix }) => prefix)).toHaveLength(4)
    expect(new Set(last.details.pins.map(({ prefix }) => prefix)).size).toBe(4)
    expect(questionTexts(scene.pr).at(-1)).toContain('This is the last question about it')
    expect(await lookAtWorktree(bench.tree(scene.session.id))).toEqual(before)
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'awaiting_human' })
    await bench.say(scene.pr, 'alice', '/belay answer reset')
    await bench.finishAttempts()
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    expect(await head(scene)).toBe(scene.pr.headSha)
    await configure('')
  })
})

describe('a pin that the remote refuses for its content', () => {
  const REFUSE_PINS =
    '#!/bin/sh\ngrep -q refs/belay/ && { echo "GH013: Repository rule violations found" >&2; echo "GITHUB PUSH PROTECTION" >&2; exit 1; }\nexit 0\n'

  it('resets nothing, asks, and goes on with the pin of this machine when told to', async () => {
    await bench.repo.git.preReceive(REFUSE_PINS)
    const scene = await playUntilConflict(bench, 'secret')
    const before = await lookAtWorktree(bench.tree(scene.session.id))
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'backup_failed', context: 'backup_failed:implement' })
    expect(optionIds(question)).toEqual(['continue', 'retry', 'abort'])
    expect(question.details.pins[0]).toMatchObject({ push: 'refused', pushRefusal: 'secret_found' })
    expect(await lookAtWorktree(bench.tree(scene.session.id))).toEqual(before)
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.question(scene.pr)).toMatchObject({
      kind: 'hard_reset_recovery',
      details: { isReset: true },
    })
    expect(await head(scene)).toBe(scene.pr.headSha)
  })

  it('tries the push again when told to', async () => {
    await bench.repo.git.preReceive(REFUSE_PINS)
    const scene = await playUntilConflict(bench, 'secret-gone')
    await letAgentEnd(bench, scene)
    await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
    await bench.say(scene.pr, 'alice', '/belay answer retry')
    await bench.finishAttempts()
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(question.details.pins.at(-1)).toMatchObject({ push: 'pushed' })
  })

  it('a host that takes no such refs at all leaves the verified pin here, and the reset goes on', async () => {
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/belay/ && { echo "deny updating a hidden ref" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilConflict(bench, 'no-refs')
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(question.details.pins[0]).toMatchObject({ push: 'refused', pushRefusal: 'protected' })
  })
})

describe('a branch that is gone from the remote', () => {
  it('is pushed anew from the worktree when told to, and not when somebody made it again', async () => {
    const scene = await playAttempt(bench, 'gone')
    const start = await head(scene)
    bench.github.faults.drop({ event: 'push', times: 1 })
    bench.github.faults.drop({ event: 'pull_request', times: 1 })
    await bench.repo.push({ by: 'alice', branch: 'gone', delete: true })
    await bench.say(scene.pr, 'alice', '/belay sync')
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'branch_gone', context: `branch_gone:${scene.pr.number}` })
    expect(question.details.pins).toHaveLength(1)
    await bench.say(scene.pr, 'alice', '/continue')
    expect(await bench.repo.git.resolve('refs/heads/gone')).toBe(start)
    expect((await casesOf(scene)).at(-1)).toBe('local_ahead_pushed')
  })
})

describe('a branch that is rewritten while the agent works', () => {
  const SLOW: readonly Act[] = [
    { do: 'write', path: 'mine.txt', text: 'mine\n' },
    { do: 'commit', paths: ['mine.txt'], message: 'Add mine' },
    { do: 'write', path: 'open.txt', text: 'not committed\n' },
    { do: 'meet', name: 'worked' },
    { do: 'sleep' },
  ]

  async function rewriteUnder(branch: string): Promise<Scene> {
    const pr = await bench.openPullRequest(branch)
    await bench.story.script(pr.number, [SLOW])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.repo.push({ by: 'alice', branch, files: { 'hers.txt': 'hers\n' }, amend: true, force: true })
    await bench.settle()
    await bench.finishAttempts()
    return { pr, session: await bench.session(pr) }
  }

  it('stops the agent, pins everything, asks, and replays only our own commits after continue', async () => {
    const scene = await rewriteUnder('rewritten')
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'sync_blocked', details: { case: 'blocked_rewritten' } })
    expect(await pinnedBytes(scene, question, 'open.txt')).toBe('not committed')
    expect(
      await bench.store.list('backups', { sessionId: scene.session.id, reason: 'rewritten' }),
    ).toHaveLength(1)
    expect(await bench.story.runningAgents()).toEqual([])
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await casesOf(scene)).toContain('divergence_rebased')
    expect(await bench.repo.git.run(['log', '--format=%s', 'rewritten'])).not.toContain(
      'Start rewritten\nStart rewritten',
    )
    expect(await bench.repo.git.readFile('rewritten', 'mine.txt')).toEqual(Buffer.from('mine\n'))
    expect(await bench.session(scene.pr)).toMatchObject({ remoteMoved: null })
  })

  it('is shown while the agent is being stopped', async () => {
    const pr = await bench.openPullRequest('shown')
    await bench.story.script(pr.number, [SLOW])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    let seen: unknown = null
    bench.watch.hook = async (moment, { order }) => {
      if (moment === 'before' && order === 'stopAttempt') seen = (await bench.session(pr)).remoteMoved
    }
    await bench.repo.push({
      by: 'alice',
      branch: 'shown',
      files: { 'hers.txt': 'hers\n' },
      amend: true,
      force: true,
    })
    await bench.settle()
    await bench.finishAttempts()
    expect(seen).toMatchObject({ by: 'alice', isRewritten: true })
    expect(statusOf(pr)).toContain('An answer is needed')
    expect(statusOf(pr)).not.toContain('being stopped')
  })
})

/** What a runner is asked that is no step of a plan. */
const NO_STEPS: ReadonlySet<string> = new Set<Order>([
  'checkAgent',
  'prepare',
  'inspect',
  'startAttempt',
  'stopAttempt',
  'reapAttempt',
])

describe('the journal', () => {
  it('holds every step that touched a worktree, a pin or a branch, each with its result', async () => {
    const scene = await playUntilConflict(bench, 'journal', [
      ...WORK,
      { do: 'write', path: 'left.txt', text: 'left\n' },
    ])
    await letAgentEnd(bench, scene)
    await bench.say(scene.pr, 'alice', '/belay rescue')
    const operations = await bench.store.list('syncOperations', { sessionId: scene.session.id })
    expect(operations.map(({ purpose }) => purpose)).toEqual(
      expect.arrayContaining(['leftovers', 'sync', 'rescue']),
    )
    const executed = bench.watch.orders.filter(
      ({ sessionId, order }) => sessionId === scene.session.id && !NO_STEPS.has(order),
    )
    const rows = await bench.store.list('syncSteps', { operationId: operations.map(({ id }) => id) })
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(executed.map(({ order }) => order).toSorted())
    expect(rows.filter(({ outcome }) => outcome === null)).toEqual([])
    expect(operations.filter(({ state }) => state === 'running')).toEqual([])
  })
})

describe('pins on the remote', () => {
  it('go there with index and files when the repository wants all of it', async () => {
    await configure('sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'all-pins', [
      ...WORK,
      { do: 'git', args: ['-c', 'alias.big=!head -c 2000000 /dev/zero > not-committed.bin', 'big'] },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    const [pin] = details.pins
    expect(pin).toMatchObject({ push: 'pushed', files: 'pushed' })
    const bytes = await bench.repo.git.readFile(`${pin?.prefix}/worktree`, 'not-committed.bin')
    expect(bytes).toEqual(Buffer.alloc(2_000_000))
    expect(await bench.repo.git.resolve(`${pin?.prefix}/index`)).toBeDefined()
    await configure('')
  })

  it('stay here with index and files when one of them looks like a secret', async () => {
    await configure('sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'secret-file', [
      ...WORK,
      { do: 'write', path: '.env', text: 'PASSWORD=only-here\n' },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    expect(details.pins[0]).toMatchObject({ push: 'pushed', files: 'secret_found' })
    const refs = await bench.repo.git.run(['for-each-ref', '--format=%(refname)', 'refs/belay/'])
    expect(refs).toContain(`${details.pins[0]?.prefix}/head`)
    expect(refs).not.toContain(`${details.pins[0]?.prefix}/worktree`)
    await configure('')
  })

  it('leave a file of 50 MB and more on this machine, and say so', async () => {
    await configure('sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'large', [
      ...WORK,
      { do: 'git', args: ['-c', 'alias.big=!head -c 50000000 /dev/zero > big.bin', 'big'] },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    expect(details.pins[0]).toMatchObject({ push: 'pushed', files: 'too_large' })
    expect(questionTexts(scene.pr).at(-1)).toContain('on the runner only')
    await configure('')
  })

  it('go to a branch when the host takes no other refs and the repository allows that', async () => {
    await configure('sync:\n  push_backups_fallback: branch\n')
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/belay/ && { echo "deny updating a hidden ref" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilConflict(bench, 'fallback')
    const own = await head(scene)
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(await bench.repo.git.resolve(`refs/heads/belay/rescue/${scene.session.id}-1`)).toBe(own)
    expect(questionTexts(scene.pr).at(-1)).toContain(`belay/rescue/${scene.session.id}-1`)
    await configure('')
  })
})

describe('a branch that is rewritten while the remote can not be read', () => {
  it('is asked about when the attempt ends, and nothing is pushed on top before', async () => {
    const pr = await bench.openPullRequest('unseen')
    await bench.story.script(pr.number, [[...WORK, { do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    bench.watch.tokens = 'revoked'
    await bench.repo.push({
      by: 'alice',
      branch: 'unseen',
      files: { 'x.txt': 'x\n' },
      amend: true,
      force: true,
    })
    await bench.settle()
    bench.watch.tokens = 'good'
    const rewritten = await bench.repo.git.resolve('refs/heads/unseen')
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.finishAttempts()
    expect(await bench.question(pr)).toMatchObject({
      kind: 'sync_blocked',
      details: { case: 'blocked_rewritten' },
    })
    expect(await bench.repo.git.resolve('refs/heads/unseen')).toBe(rewritten)
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.repo.git.resolve('refs/heads/unseen^')).toBe(rewritten)
  })

  it('a way back to what Belay pushed last is no push of its own', async () => {
    const pr = await bench.openPullRequest('back')
    await bench.story.script(pr.number, [WORK, [{ do: 'meet', name: 'second' }, { do: 'sleep' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    const pushed = await bench.repo.git.resolve('refs/heads/back')
    await bench.repo.push({ by: 'alice', branch: 'back', files: { 'z.txt': 'z\n' } })
    await bench.settle()
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 2 }, 'second')
    await bench.repo.push({ by: 'alice', branch: 'back', to: pushed ?? '', force: true })
    await bench.settle()
    await bench.finishAttempts()
    expect(await bench.question(pr)).toMatchObject({ details: { case: 'blocked_rewritten' } })
  })
})
