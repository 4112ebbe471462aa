// The whole main job, answered with continue: signed webhooks in; GitHub, git and database looked at from outside.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { plainGitLines } from '../support/losses/plain-git.ts'
import { hasReaction, TestWorld } from '../support/test-world.ts'

let world: TestWorld
let scene: Awaited<ReturnType<typeof playUntilQuestion>>

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
  scene = await playUntilQuestion(world, 'guidance')
})

afterAll(() => world?.close())

const originHead = async () =>
  (await plainGitLines(world.repo.git.path, ['rev-parse', 'refs/heads/guidance']))[0]
const pipeline = async () => (await world.belay.database.table('pipelines')).at(-1)
const pinRefs = (gitDir: string) =>
  plainGitLines(gitDir, ['for-each-ref', '--format=%(refname)', `refs/belay/backup/${scene.session.id}`])

/** Lines in code blocks that begin with git, as a person or an agent would copy them. */
const gitLinesOf = (markdown: string): readonly string[] =>
  markdown.split('\n').filter((line) => line.startsWith('git '))
const runLine = (cwd: string, line: string) => promisify(execFile)('sh', ['-c', line], { cwd })

describe('the main job, until the question', () => {
  it('stores the question with the head it was asked about, and fails pipeline and phase with it', async () => {
    expect(scene.decision).toMatchObject({
      kind: 'hard_reset_recovery',
      context: 'hard_reset_recovery:implement',
      status: 'pending',
      headSha: await originHead(),
    })
    expect(scene.decision.options.map(({ id }) => id)).toEqual(expect.arrayContaining(['continue', 'abort']))
    expect(await pipeline()).toMatchObject({ status: 'failed', endedAt: null })
    expect((await world.belay.database.table('phaseRuns')).map(({ status }) => status)).toEqual(['failed'])
  })

  it('asks once on the pull request, mentions who started it, and offers buttons', async () => {
    const questions = world.botComments(scene.pr).filter(({ body }) => body.includes(scene.decision.id))
    expect(questions.map(({ id }) => id)).toContain(scene.question.id)
    expect(scene.question.body).toContain('@alice')
    expect(scene.question.body).toContain('Steer by the stars')
    expect(scene.question.body).toContain('src/guidance.txt')
    const run = await world.belay.eventually(
      () => scene.pr.checkRuns().find(({ externalId }) => externalId === scene.decision.id),
      { what: 'the check run carries the question' },
    )
    expect(run.actions.map(({ identifier }) => identifier)).toEqual(
      expect.arrayContaining(['continue', 'abort']),
    )
    expect(hasReaction(scene.command, 'eyes')).toBe(true)
  })

  it("gives lines to copy that bring the commits back in anybody's clone", async () => {
    const clone = join(world.root, 'clone')
    await plainGitLines(world.root, ['clone', '--quiet', world.repo.git.path, clone])
    const lines = gitLinesOf(scene.question.body)
    expect(lines).toHaveLength(2)
    for (const line of lines) await runLine(clone, line)
    const log = await plainGitLines(clone, ['log', '--format=%s', `rescue-${scene.decision.id}`])
    expect(log.slice(1, 3)).toEqual(['Add a star chart', 'Steer by the stars'])
  })

  it('pinned everything in the mirror, pushed the head of it, and left a clean tree at the remote head', async () => {
    const { mirror, origin, worktree } = world.places(scene.session)
    const [prefix] = scene.decision.details.pins.map((pin) => pin.prefix)
    const refs = [`${prefix}/head`, `${prefix}/index`, `${prefix}/worktree`]
    expect(await pinRefs(mirror)).toEqual(expect.arrayContaining(refs))
    expect(await pinRefs(origin)).toEqual([`${prefix}/head`])
    expect(await plainGitLines(worktree, ['rev-parse', 'HEAD'])).toEqual([await originHead()])
    expect(await plainGitLines(worktree, ['status', '--porcelain', '--untracked-files=no'])).toEqual([])
    expect((await world.judge(scene.session)).lost).toEqual([])
  })

  it('logs one outcome with its numbers and journals every step', async () => {
    const [line, ...more] = world.belay.log
      .named('worktree_sync_outcome')
      .filter(({ fields }) => fields['case'] === 'divergence_recovered_via_reset')
    expect(more).toEqual([])
    expect(line?.fields).toMatchObject({
      session: scene.session.id,
      branch: 'guidance',
      local_ahead: 3,
      remote_ahead: 1,
      after: await originHead(),
      duration_ms: expect.any(Number),
    })
    const operation = (await world.belay.database.table('syncOperations')).at(-1)
    const steps = (await world.belay.database.table('syncSteps')).filter(
      ({ operationId }) => operationId === operation?.id,
    )
    expect(steps.map(({ kind }) => kind)).toEqual(operation?.plan.map(({ kind }) => kind))
    expect(steps.every(({ state, endedAt }) => state === 'done' && endedAt !== null)).toBe(true)
  })

  it('gives the agent no credential of ours', async () => {
    const seen = await world.story.environment(scene.first)
    const suspicious = Object.keys(seen).filter((name) => /TOKEN|SECRET|PRIVATE|APP_ID|DATABASE/.test(name))
    // The path of the one token that is the agent's own: it opens the door of this attempt and nothing else.
    expect(suspicious).toEqual(['BELAY_DOOR_TOKEN_FILE'])
    expect(seen).toMatchObject({ BELAY_SESSION: scene.session.id, BELAY_PR: '1', BELAY_PHASE: 'implement' })
  })
})

describe('the main job, after /continue', () => {
  it('runs the phase again in a new epoch, tells the agent what was set aside, and finishes', async () => {
    const epochBefore = (await pipeline())?.runEpoch ?? 0
    const second = { pr: scene.pr.number, attempt: 2 }
    const answer = await scene.pr.comment('alice', `/continue ${scene.decision.id}`)
    await world.story.arrived(second, 'worked')
    await world.record('second attempt at work', scene.session)
    const prompt = await world.story.prompt(second)
    expect(prompt).toContain(`${scene.decision.details.pins[0]?.prefix}/head`)
    expect(prompt).toContain('Steer by the stars')
    const commands = gitLinesOf(prompt)
    expect(commands.length).toBeGreaterThanOrEqual(2)
    for (const command of commands) await runLine(world.places(scene.session).worktree, command)
    await world.story.letGo(second, 'worked')
    await world.belay.eventually(async () => (await pipeline())?.status === 'complete', {
      what: 'the pipeline completes',
    })
    await world.reacted(answer, 'rocket')
    expect((await pipeline())?.runEpoch).toBeGreaterThan(epochBefore)
    expect(await world.story.attemptCount(scene.pr.number)).toBe(2)
    const log = await plainGitLines(world.repo.git.path, ['log', '--format=%s', 'refs/heads/guidance'])
    expect(log).toEqual(
      expect.arrayContaining(['Steer by beacon, then by the stars', 'Steer by radio beacon']),
    )
    expect(log).not.toContain('Steer by the stars')
  })

  it('shows in the question who answered, and in the check run how it ended', async () => {
    await world.belay.eventually(() => !scene.question.body.includes(`/abort ${scene.decision.id}`), {
      what: 'the question shows its answer',
    })
    expect(scene.question.body).toContain('alice')
    await world.belay.eventually(
      () => scene.pr.checkRuns().some(({ conclusion }) => conclusion === 'success'),
      {
        what: 'the check run of the new head succeeds',
      },
    )
  })

  it('wrote the lifecycle in order, each fact once', async () => {
    const types = (await world.belay.database.changeLog())
      .map(({ type }) => type)
      .filter((type) => type.includes('.'))
    const failed = types.indexOf('phase.failed')
    expect(types.slice(failed, failed + 3)).toEqual(['phase.failed', 'pipeline.failed', 'decision.created'])
    expect(types.filter((type) => type === 'decision.created')).toHaveLength(1)
    expect(types.filter((type) => type === 'decision.resolved')).toHaveLength(1)
    expect(types.at(-1)).toBe('pipeline.completed')
  })

  it('lost nothing, and asked GitHub nothing that GitHub does not have', async () => {
    const verdict = await world.judge(scene.session)
    expect(verdict).toMatchObject({ isGood: true, lost: [], faults: [] })
    expect(verdict.kept.length).toBeGreaterThan(10)
    expect(world.github.unknownRoutes).toEqual([])
  })
})
