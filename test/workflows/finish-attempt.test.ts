// What follows an attempt: the next phase, another try, the end; what is committed, what is pinned, what is said.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { git } from '../support/temp-repo.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { botTexts, playAttempt, reactionsOf, statusOf } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

const TWO_PHASES = `version: 1
phases:
  - name: plan
    prompt: Plan the climb.
    restarts: 1
  - name: implement
    prompt: Climb.
    restarts: 1
`

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start({ files: { '.github/belay.yml': TWO_PHASES } })
})

afterAll(() => bench?.close())

const committed = (path: string): readonly Act[] => [
  { do: 'write', path, text: `${path}\n` },
  { do: 'commit', paths: [path], message: `Add ${path}` },
]

const FAIL: Act = { do: 'exit', code: 3 }

async function lifecycleOf(sessionId: string): Promise<readonly string[]> {
  const rows = await bench.reader.changeLog()
  return rows
    .filter((row) => row.sessionId === sessionId && /^(?:pipeline|phase)\./.test(row.type))
    .map(({ type, payload }) => [type, payload['phase']].filter(Boolean).join(' '))
}

async function filesOn(pr: FakePullRequest): Promise<readonly string[]> {
  return (await bench.repo.git.run(['ls-tree', '-r', '--name-only', pr.headSha])).split('\n')
}

async function phasesOf(pr: FakePullRequest) {
  return bench.store.list('phaseRuns', { pipelineId: (await bench.pipeline(pr)).id })
}

/** Lets the pause before the next attempt pass, and waits for its end. */
async function restart(): Promise<void> {
  bench.clock.advance(2 * RESTART_DELAY_MS)
  await bench.settle()
  await bench.finishAttempts()
}

describe('finishAttempt, phases', () => {
  it('runs the configured phases in order, in one session and one worktree', async () => {
    const { pr, session } = await playAttempt(bench, 'in-order', [
      committed('plan.md'),
      committed('climb.md'),
    ])
    await bench.finishAttempts()
    const environments = [1, 2].map((attempt) => bench.story.environment({ pr: pr.number, attempt }))
    const [plan, implement] = await Promise.all(environments)
    expect([plan?.['BELAY_PHASE'], implement?.['BELAY_PHASE']]).toEqual(['plan', 'implement'])
    expect([plan?.['BELAY_SESSION'], implement?.['BELAY_SESSION']]).toEqual([session.id, session.id])
    expect(plan?.['PWD']).toBe(implement?.['PWD'])
    expect(await bench.story.prompt({ pr: pr.number, attempt: 1 })).toContain('Plan the climb.')
    expect(await lifecycleOf(session.id)).toEqual([
      'pipeline.started',
      'phase.started plan',
      'phase.completed plan',
      'phase.started implement',
      'phase.completed implement',
      'pipeline.completed',
    ])
    const attempts = await bench.store.list('attempts', { sessionId: session.id })
    expect(attempts.map(({ runEpoch, status }) => ({ runEpoch, status }))).toEqual([
      { runEpoch: 2, status: 'succeeded' },
      { runEpoch: 3, status: 'succeeded' },
    ])
    expect(await filesOn(pr)).toEqual(expect.arrayContaining(['plan.md', 'climb.md']))
    expect(await bench.session(pr)).toMatchObject({ state: 'live', lastSyncedSha: pr.headSha })
    expect(statusOf(pr)).toContain('is done, and its commits are on `in-order`')

    // Asked again, the same session runs a second pipeline, with what the person said.
    await bench.say(pr, 'carol', '/belay run climber -- Higher, please')
    await bench.finishAttempts()
    await bench.finishAttempts()
    expect(await bench.store.list('sessions', { prNumber: pr.number })).toHaveLength(1)
    const pipelines = await bench.store.list('pipelines', { sessionId: session.id })
    expect(pipelines.map(({ id, no, status }) => ({ id, no, status }))).toEqual([
      { id: `${session.id}.1`, no: 1, status: 'complete' },
      { id: `${session.id}.2`, no: 2, status: 'complete' },
    ])
    expect(await bench.story.attemptCount(pr.number)).toBe(4)
    expect(await bench.story.prompt({ pr: pr.number, attempt: 3 })).toContain('Higher, please')
    expect(await bench.story.prompt({ pr: pr.number, attempt: 1 })).not.toContain('Higher, please')
  })
})

describe('finishAttempt, failures', () => {
  it('tries again as often as configured, pins each time, pushes nothing, then asks', async () => {
    const half: readonly Act[] = [
      ...committed('half.md'),
      { do: 'append', path: 'knot.txt', text: 'four\n' },
      FAIL,
    ]
    const { pr, session } = await playAttempt(bench, 'failing', [
      half,
      [{ do: 'write', path: 'more.txt', text: 'more\n' }, FAIL],
      [{ do: 'git', args: ['ls-files', '--others', '--error-unmatch', 'more.txt'] }],
    ])
    const head = pr.headSha
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    bench.clock.advance(RESTART_DELAY_MS - 1)
    await bench.settle()
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    await restart()
    expect(await bench.story.attemptCount(pr.number)).toBe(2)
    await restart()
    expect(await bench.story.attemptCount(pr.number)).toBe(2)

    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', failure: { code: 'agent_failed' } })
    const [question, ...others] = await bench.decisions(pr)
    expect(others).toEqual([])
    expect(question).toMatchObject({ kind: 'agent_failed', context: 'agent_failed:plan', status: 'pending' })
    expect((await phasesOf(pr)).map(({ name, status }) => `${name} ${status}`)).toEqual([
      'plan failed',
      'implement pending',
    ])
    expect(await bench.repo.git.resolve('refs/heads/failing')).toBe(head)
    expect(await lifecycleOf(session.id)).toEqual([
      'pipeline.started',
      'phase.started plan',
      'phase.failed plan',
      'pipeline.failed plan',
    ])
    const tree = bench.tree(session.id)
    expect(await git(tree, 'status', '--porcelain')).toBe(' M knot.txt\n?? more.txt')
    expect(await git(tree, 'log', '-1', '--format=%s')).toBe('Add half.md')

    const pins = await bench.store.list('backups', { sessionId: session.id })
    expect(pins.map(({ push }) => push)).toEqual(['not_wanted', 'not_wanted'])
    const files = await git(
      bench.mirror(session.projectId),
      'ls-tree',
      '-r',
      '--name-only',
      pins[1]?.worktree ?? '',
    )
    expect(files.split('\n')).toEqual(expect.arrayContaining(['half.md', 'knot.txt', 'more.txt']))
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt).toMatch(/^# Read this first/)
    expect(prompt).toContain('exit code 3')
    expect(prompt).toContain(pins[0]?.prefix)
    expect(statusOf(pr)).toContain(`question \`${question?.id}\``)

    // A new pipeline starts from the tree as it lies, and not before the question is answered.
    const early = await bench.say(pr, 'alice', '/belay run')
    expect(reactionsOf(early)).toEqual(['eyes', 'confused'])
    await bench.say(pr, 'alice', '/abort')
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ id: `${session.id}.2`, status: 'complete' })
    expect(await filesOn(pr)).toEqual(expect.arrayContaining(['half.md', 'more.txt']))
  })

  it('goes on as if nothing had been when the second try does well', async () => {
    const { pr, session } = await playAttempt(bench, 'second-try', [[FAIL], committed('plan.md')])
    await restart()
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete', failure: null })
    expect(await phasesOf(pr)).toMatchObject([
      { name: 'plan', status: 'complete', restarts: 1, result: 'changed' },
      { name: 'implement', status: 'complete', restarts: 0, result: 'no_changes' },
    ])
    expect(
      (await lifecycleOf(session.id)).filter((type) => type.startsWith('phase.started plan')),
    ).toHaveLength(1)
  })
})

describe('finishAttempt, results', () => {
  it('says in words that nothing was changed, also when somebody else pushed meanwhile', async () => {
    const pr = await bench.openPullRequest('idle')
    await bench.story.script(pr.number, [[{ do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    const head = await bench.repo.push({ by: 'alice', branch: 'idle', files: { 'mine.txt': 'alice\n' } })
    await bench.settle()
    expect(await bench.session(pr)).toMatchObject({ remoteMoved: { sha: head, by: 'alice' } })
    expect(statusOf(pr)).toContain('`alice` pushed')
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.finishAttempts()
    await bench.finishAttempts()
    expect(await phasesOf(pr)).toMatchObject([{ result: 'no_changes' }, { result: 'no_changes' }])
    expect(statusOf(pr)).toContain('is done and changed nothing.** Nothing was committed or pushed.')
    expect(statusOf(pr)).toContain('complete, no changes')
    expect(await bench.session(pr)).toMatchObject({ remoteMoved: null, lastSyncedSha: head })
    expect(await git(bench.tree((await bench.session(pr)).id), 'rev-parse', 'HEAD')).toBe(head)
  })

  it('commits what was left in the name of the App, and shows and pins what it left out', async () => {
    const { pr, session } = await playAttempt(bench, 'leftovers', [
      [
        { do: 'append', path: 'knot.txt', text: 'four\n' },
        { do: 'write', path: 'notes/new.md', text: 'new\n' },
        { do: 'write', path: '.env.local', text: 'KEY=1\n' },
        { do: 'write', path: 'big.bin', text: 'x'.repeat(1_000_001) },
        { do: 'write', path: 'build/out', text: 'ignored\n' },
      ],
    ])
    await bench.finishAttempts()
    const files = await filesOn(pr)
    expect(files).toContain('notes/new.md')
    for (const path of ['.env.local', 'big.bin', 'build/out']) expect(files).not.toContain(path)
    const [author, ...trailers] = (
      await bench.repo.git.run(['log', '-1', '--format=%an%n%(trailers:key=Co-authored-by)', pr.headSha])
    ).split('\n')
    expect(author).toBe('belay[bot]')
    expect(trailers.join('\n')).toContain('Co-authored-by: alice')
    const status = statusOf(pr)
    expect(status).toMatch(/\.env\.local.*looks like a secret/)
    expect(status).toMatch(/big\.bin.*larger than 1 MB/)
    const [plan] = await phasesOf(pr)
    expect(plan).toMatchObject({
      result: 'changed',
      leftOut: expect.arrayContaining([
        { path: '.env.local', reason: 'secret_like' },
        { path: 'big.bin', reason: 'too_large' },
      ]),
    })
    const [pin] = await bench.store.list('backups', { sessionId: session.id })
    const pinned = await git(
      bench.mirror(session.projectId),
      'ls-tree',
      '-r',
      '--name-only',
      pin?.worktree ?? '',
    )
    expect(pinned.split('\n')).toEqual(expect.arrayContaining(['.env.local', 'big.bin']))
    expect(await git(bench.tree(session.id), 'status', '--porcelain')).toBe('?? .env.local\n?? big.bin')
  })
})

describe('handleReport', () => {
  it('lets the end of an attempt of an older epoch change its own row and nothing else', async () => {
    const pr = await bench.openPullRequest('older-epoch')
    await bench.story.script(pr.number, [[...committed('plan.md'), { do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    const { id, runEpoch } = await bench.pipeline(pr)
    // As if the pipeline had been taken up anew somewhere else.
    const bump = {
      kind: 'update',
      table: 'pipelines',
      where: { id },
      set: { runEpoch: runEpoch + 1 },
    } as const
    await bench.store.commit([bump], null)
    const before = {
      pipeline: await bench.pipeline(pr),
      phases: await phasesOf(pr),
      texts: botTexts(pr).length,
    }
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.finishAttempts()
    const after = {
      pipeline: await bench.pipeline(pr),
      phases: await phasesOf(pr),
      texts: botTexts(pr).length,
    }
    expect(after).toEqual(before)
    const [attempt, ...others] = await bench.store.list('attempts', { pipelineId: id })
    expect(attempt).toMatchObject({ status: 'succeeded', runEpoch, exit: { kind: 'exited', code: 0 } })
    expect(others).toEqual([])
    expect(
      await bench.reader.query(`SELECT idem FROM jobs WHERE idem LIKE 'finish:${attempt?.id}%'`),
    ).toEqual([])
    expect(await bench.repo.git.resolve('refs/heads/older-epoch')).toBe(pr.headSha)
  })
})
