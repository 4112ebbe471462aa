import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import type { ObservationOutcome, Observer, ReadPriority } from '../../../src/ports/github.ts'
import { addThreads } from '../../support/fake-github/bulk.ts'
import { suspendInstallation, unsuspendInstallation } from '../../support/fake-github/installation-changes.ts'
import type { GitHubDoor } from '../../../src/adapters/github/create-github.ts'
import { appPermissions } from '../../support/fake-github/permissions.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const ROUTE = 'POST /graphql'
const LISTS = ['threads', 'reviews', 'checks', 'conversation'] as const

let world: GitHubWorld

beforeAll(async () => {
  world = await startGitHubWorld()
  const { pr, repo } = world
  addThreads(pr, { by: 'bob', count: 4, commentsEach: 3 })
  await pr.comment('bob', 'Hello.')
  repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'build' })
  repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'lint' })
  await repo.reportStatus({ by: 'ci', sha: pr.headSha, state: 'success' })
})

afterEach(() => world.fake.faults.clear())
afterAll(() => world.stop())

function observe(
  observer: Observer = world.github,
  priority: ReadPriority = 'webhook',
): Promise<ObservationOutcome> {
  return observer.observe({ repository: world.target, number: world.pr.number }, priority)
}

async function observed(observer?: Observer): Promise<Observation> {
  const outcome = await observe(observer)
  if (outcome.kind !== 'observed') throw new Error(`It was ${JSON.stringify(outcome)}.`)
  return outcome.observation
}

function completenessOf(observation: Observation): Readonly<Record<string, string>> {
  return Object.fromEntries(LISTS.map((name) => [name, observation[name].completeness]))
}

const COMPLETE = { threads: 'complete', reviews: 'complete', checks: 'complete', conversation: 'complete' }

/** A process of its own, so that no limit of one case is remembered in another. */
function open(): GitHubDoor {
  return world.open({ now: () => world.fake.clock.nowMs() })
}

describe('an answer with a part missing', () => {
  it.each([
    ['null_node', 'repository.pullRequest.reviewThreads', 'threads', 3],
    ['fewer_nodes', 'repository.pullRequest.reviewThreads', 'threads', 2],
    ['null_nodes', 'repository.pullRequest.reviewThreads', 'threads', 0],
    ['null_node', 'repository.pullRequest.statusCheckRollup.contexts', 'checks', 2],
    ['null_node', 'repository.pullRequest.comments', 'conversation', 0],
    ['fewer_nodes', 'repository.pullRequest.reviews', 'reviews', 1],
  ] as const)('%s of %s: that list is partial, all else is complete', async (how, at, name, left) => {
    world.fake.faults.damage({ how, at: new RegExp(`^${at}$`, 'u'), times: 1 })
    const observation = await observed()
    expect(completenessOf(observation)).toEqual({ ...COMPLETE, [name]: 'partial' })
    expect(observation[name].items).toHaveLength(left)
    expect(completenessOf(await observed())).toEqual(COMPLETE)
  })

  it.each(['null_node', 'fewer_nodes', 'null_nodes'] as const)(
    '%s of a thread’s comments: only that thread is partial',
    async (how) => {
      world.fake.faults.damage({
        how,
        at: /^repository\.pullRequest\.reviewThreads\.nodes\.comments$/u,
        times: 1,
      })
      const { threads } = await observed()
      expect(threads.completeness).toBe('complete')
      expect(threads.items.map(({ comments }) => comments.completeness)).toEqual([
        'partial',
        'complete',
        'complete',
        'complete',
      ])
    },
  )

  it('tells checks that may not be read from checks that are not there', async () => {
    const { statuses: _statuses, checks: _checks, ...fewer } = appPermissions
    world.fake.setPermissions('acme', fewer)
    const observation = await observed()
    world.fake.setPermissions('acme', appPermissions)
    expect(completenessOf(observation)).toEqual({ ...COMPLETE, checks: 'failed' })
    expect(observation.checks.items).toEqual([])
  })

  it('comes back later for a pull request that GitHub lost on the way', async () => {
    world.fake.faults.damage({ how: 'null_object', at: /^repository\.pullRequest$/u, times: 1 })
    expect(await observe()).toMatchObject({ kind: 'try_later' })
    world.fake.faults.damage({ how: 'null_object', at: /^repository$/u, times: 1 })
    expect(await observe()).toMatchObject({ kind: 'try_later' })
  })

  it('keeps what it has when a later page fails', async () => {
    const calls = (): number => world.fake.countCalls({ route: ROUTE })
    const long = await world.repo.push({ by: 'alice', branch: 'long', files: { 'b.txt': 'x\n' } })
    const pr = await world.repo.openPullRequest({ by: 'alice', head: 'long' })
    expect(pr.headSha).toBe(long)
    addThreads(pr, { by: 'bob', count: 100 })
    world.fake.faults.slowDown({ route: ROUTE, times: 1 })
    const before = calls()
    const reading = world.github.observe({ repository: world.target, number: pr.number }, 'webhook')
    await expect.poll(() => world.fake.faults.heldAnswers).toBe(1)
    world.fake.faults.failServer({ route: ROUTE, status: 502, times: 2 })
    world.fake.faults.releaseAnswers()
    const outcome = await reading
    if (outcome.kind !== 'observed') throw new Error(outcome.kind)
    expect(completenessOf(outcome.observation)).toEqual({ ...COMPLETE, threads: 'partial' })
    expect(outcome.observation.threads.items).toHaveLength(90)
    expect(calls() - before).toBe(3)
  })
})

describe('what is not there', () => {
  it('is gone when the repository has no such pull request', async () => {
    expect(await world.github.observe({ repository: world.target, number: 999 }, 'webhook')).toEqual({
      kind: 'gone',
    })
  })

  it('is refused when the repository may not be read', async () => {
    const repository = { ...world.target, name: 'elsewhere' }
    const outcome = await world.github.observe({ repository, number: 1 }, 'webhook')
    expect(outcome).toMatchObject({ kind: 'refused', status: 404 })
  })

  it('is refused while the App is suspended, and read again afterwards', async () => {
    const github = open()
    suspendInstallation(world.fake.world, 'acme')
    expect(await observe(github)).toMatchObject({ kind: 'refused', status: 403 })
    unsuspendInstallation(world.fake.world, 'acme')
    expect(await observe(github)).toMatchObject({ kind: 'observed' })
  })
})

describe('a GitHub in trouble', () => {
  it('is asked for smaller pages when large ones fail', async () => {
    world.fake.faults.failLargePages({ route: ROUTE, above: 50, times: 100 })
    const observation = await observed()
    expect(completenessOf(observation)).toEqual(COMPLETE)
    expect(observation.threads.items).toHaveLength(4)
  })

  it.each([500, 502, 503] as const)('%d is a reason to come back later', async (status) => {
    world.fake.faults.failServer({ route: ROUTE, status, times: 2 })
    expect(await observe()).toMatchObject({ kind: 'try_later', message: `status ${status}` })
  })

  it.each(['before_response', 'in_body'] as const)('a connection cut %s is read again', async (when) => {
    world.fake.faults.cutConnection({ route: ROUTE, when, times: 1 })
    expect(completenessOf(await observed())).toEqual(COMPLETE)
    world.fake.faults.cutConnection({ route: ROUTE, when, times: 2 })
    expect(await observe()).toMatchObject({ kind: 'try_later' })
  })
})

describe('the limits', () => {
  it('a used-up hour is waited for until its end, without one call more', async () => {
    const github = open()
    const { id } = firstInstallation()
    await observe(github)
    world.fake.rateLimits.exhaust(id, 'graphql')
    const outcome = await observe(github)
    if (outcome.kind !== 'try_later') throw new Error(outcome.kind)
    const { reset } = world.fake.rateLimits.look(id, 'graphql')
    const untilReset = reset * 1000 - world.fake.clock.nowMs()
    expect(Math.abs(outcome.afterMs - untilReset)).toBeLessThan(3000)
    const before = world.fake.calls.length
    expect(await observe(github)).toMatchObject({ kind: 'try_later' })
    expect(world.fake.calls).toHaveLength(before)
    world.fake.clock.advance(outcome.afterMs + 1000)
    expect(await observe(github)).toMatchObject({ kind: 'observed' })
  })

  it.each([
    ['said', 30_000],
    ['unsaid', 60_000],
  ] as const)('a secondary limit is waited for: %s', async (retryAfter, atLeast) => {
    const github = open()
    world.fake.faults.secondaryLimit({ lastsSeconds: 30, retryAfter })
    const outcome = await observe(github)
    if (outcome.kind !== 'try_later') throw new Error(outcome.kind)
    expect(outcome.afterMs).toBeGreaterThan(atLeast - 2000)
    expect(outcome.afterMs).toBeLessThanOrEqual(atLeast)
    const before = world.fake.calls.length
    const [glance] = await github.glance([{ repository: world.target, number: world.pr.number }])
    expect(glance).toMatchObject({ kind: 'try_later' })
    expect(world.fake.calls).toHaveLength(before)
  })

  it('a sweep leaves the last fifth of the hour to what webhooks cause', async () => {
    let passedMs = 0
    const github = world.open({ now: () => world.fake.clock.nowMs() + passedMs })
    const { id } = firstInstallation()
    world.fake.rateLimits.exhaust(id, 'graphql', 1001)
    expect(await observe(github, 'sweep')).toMatchObject({ kind: 'observed' })
    expect(await observe(github, 'sweep')).toMatchObject({ kind: 'observed' })
    const before = world.fake.calls.length
    const outcome = await observe(github, 'sweep')
    if (outcome.kind !== 'try_later') throw new Error(outcome.kind)
    const untilReset = world.fake.rateLimits.look(id, 'graphql').reset * 1000 - world.fake.clock.nowMs()
    expect(Math.abs(outcome.afterMs - untilReset)).toBeLessThan(3000)
    const [glance] = await github.glance([{ repository: world.target, number: world.pr.number }])
    expect(glance).toMatchObject({ kind: 'try_later', afterMs: expect.any(Number) })
    expect(world.fake.calls).toHaveLength(before)
    expect(await observe(github, 'webhook')).toMatchObject({ kind: 'observed' })
    passedMs = outcome.afterMs + 1000
    expect(await observe(github, 'sweep')).toMatchObject({ kind: 'observed' })
  })
})

function firstInstallation(): { readonly id: number } {
  const [installation] = world.fake.installations
  if (installation === undefined) throw new Error('The App is not installed.')
  return installation
}
