import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GlanceOutcome } from '../../../src/ports/github.ts'
import { addThreads, openPullRequests } from '../../support/fake-github/bulk.ts'
import type { FakePullRequest } from '../../support/fake-github/index.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld
let many: readonly FakePullRequest[]
let taken = 0

beforeAll(async () => {
  world = await startGitHubWorld()
  many = await openPullRequests(world.repo, { by: 'alice', count: 250 })
})

afterEach(() => world.fake.faults.clear())
afterAll(() => world.stop())

function nextPullRequest(): FakePullRequest {
  const pr = many[taken]
  taken += 1
  if (pr === undefined) throw new Error('There are no more pull requests.')
  return pr
}

function look(numbers: readonly number[], github = world.github): Promise<readonly GlanceOutcome[]> {
  return github.glance(numbers.map((number) => ({ repository: world.target, number })))
}

async function fingerprintOf({ number }: FakePullRequest, github = world.github): Promise<string> {
  const [outcome] = await look([number], github)
  if (outcome?.kind !== 'seen') throw new Error(`It was ${JSON.stringify(outcome)}.`)
  return outcome.fingerprint
}

type Change = (pr: FakePullRequest) => Promise<unknown>

const CHANGES: readonly (readonly [string, Change])[] = [
  ['a comment', (pr) => pr.comment('bob', 'Hello.')],
  ['an edited comment', (pr) => pr.editComment('bob', pr.comments[0]?.id ?? 0, 'Hello again.')],
  ['a removed comment', (pr) => pr.deleteComment('bob', pr.comments[0]?.id ?? 0)],
  ['a review', (pr) => pr.review('carol', { state: 'changes_requested' })],
  ['a dismissed review', (pr) => pr.dismissReview('alice', firstOf(pr.reviews.all))],
  ['a thread', (pr) => pr.reviewComment('bob', { path: 'README.md', line: 1, body: 'Hm.' })],
  ['a resolved thread', (pr) => pr.resolve('alice', firstOf(pr.reviews.threads))],
  ['a reopened thread', (pr) => pr.unresolve('alice', firstOf(pr.reviews.threads))],
  ['a reply', (pr) => pr.reviewComment('bob', { inReplyTo: firstOf(pr.reviews.comments).id, body: 'And?' })],
  ['a draft', (pr) => pr.setDraft('alice', true)],
  ['no draft', (pr) => pr.setDraft('alice', false)],
  ['another title', (pr) => pr.edit('alice', { title: 'Better' })],
  ['an automatic merge', (pr) => pr.setAutoMerge('alice', 'squash')],
  ['the merge queue', (pr) => pr.enqueue('alice')],
  ['a check', async (pr) => world.repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'build' })],
  [
    'a finished check',
    async (pr) =>
      world.repo.updateCheck(firstOf(pr.checkRuns()).id, { status: 'completed', conclusion: 'failure' }),
  ],
  ['a rerun', async (pr) => world.repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'build' })],
  ['a status', (pr) => world.repo.reportStatus({ by: 'ci', sha: pr.headSha, state: 'pending' })],
  ['another status', (pr) => world.repo.reportStatus({ by: 'ci', sha: pr.headSha, state: 'success' })],
  ['a closed pull request', (pr) => pr.close('alice')],
]

function firstOf<T>(items: readonly T[]): T {
  const [first] = items
  if (first === undefined) throw new Error('There is none.')
  return first
}

describe('the fingerprint', () => {
  it('changes with everything that happens, and with nothing else', async () => {
    const pr = nextPullRequest()
    await fingerprintOf(pr)
    let before = await fingerprintOf(pr)
    // Everything here happens within one second of GitHub's clock, so that no time of change gives it away alone.
    world.fake.clock.set(new Date(world.fake.clock.nowMs()))
    for (const [name, change] of CHANGES) {
      expect({ name, fingerprint: await fingerprintOf(pr) }).toEqual({ name, fingerprint: before })
      if (name.startsWith('an edited')) world.fake.clock.advance(1000)
      await change(pr)
      const after = await fingerprintOf(pr)
      expect({ name, isSame: after === before }).toEqual({ name, isSame: false })
      before = after
    }
    world.fake.clock.resume()
  })

  it('stays while GitHub computes mergeability anew, and changes when that comes out differently', async () => {
    const pr = nextPullRequest()
    await fingerprintOf(pr)
    const mergeable = await fingerprintOf(pr)
    pr.mergeability.forget()
    expect(await fingerprintOf(pr)).toBe(mergeable)
    expect(await fingerprintOf(pr)).toBe(mergeable)

    const readme = (text: string) => ({ 'README.md': text })
    await world.repo.push({ by: 'alice', branch: 'clash', files: readme('one\n') })
    const clash = await world.repo.openPullRequest({ by: 'alice', head: 'clash' })
    await fingerprintOf(clash)
    await fingerprintOf(clash)
    await world.repo.push({ by: 'alice', branch: 'main', files: readme('two\n') })
    const unknown = await fingerprintOf(clash)
    expect(await fingerprintOf(clash)).not.toBe(unknown)
  })

  it('is the same in another process', async () => {
    const pr = nextPullRequest()
    await pr.comment('bob', 'Hello.')
    await fingerprintOf(pr)
    expect(await fingerprintOf(pr, world.open())).toBe(await fingerprintOf(pr))
  })

  it('sees a thread beyond the first page resolved', async () => {
    const threads = addThreads(world.pr, { by: 'bob', count: 250 })
    const { pr } = world
    await fingerprintOf(pr)
    const before = await fingerprintOf(pr)
    await pr.resolve('alice', firstOf(threads))
    expect(await fingerprintOf(pr)).not.toBe(before)
  })
})

describe('glance', () => {
  it('looks at 1,000 idle pull requests for 40 points', async () => {
    const before = world.fake.graphqlCalls.total()
    const numbers = many.map(({ number }) => number)
    const outcomes = await look([...numbers, ...numbers, ...numbers, ...numbers])
    const after = world.fake.graphqlCalls.total()
    expect(outcomes).toHaveLength(1000)
    expect(outcomes.every(({ kind }) => kind === 'seen')).toBe(true)
    const price = { points: after.points - before.points, calls: after.calls - before.calls }
    expect(price).toEqual({ points: 40, calls: 40 })
  })

  it('says of each which is gone, and which repository may not be read', async () => {
    const pr = nextPullRequest()
    const missing = { ...world.target, name: 'no-such-thing' }
    const outcomes = await world.github.glance([
      { repository: world.target, number: 99_999 },
      { repository: world.target, number: pr.number },
      { repository: missing, number: 1 },
    ])
    expect(outcomes).toMatchObject([{ kind: 'gone' }, { kind: 'seen' }, { kind: 'refused', status: 404 }])
  })

  it('reads several repositories of one installation at once', async () => {
    const other = await world.fake.createRepository({
      owner: 'acme',
      name: 'booster',
      collaborators: { alice: 'write' },
    })
    await other.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
    const pr = await other.openPullRequest({ by: 'alice', head: 'feature' })
    const outcomes = await world.github.glance([
      { repository: { ...world.target, name: 'booster' }, number: pr.number },
      { repository: world.target, number: nextPullRequest().number },
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['seen', 'seen'])
  })

  it('keeps what is broken from hurting the others', async () => {
    const numbers = [nextPullRequest(), nextPullRequest(), nextPullRequest()].map(({ number }) => number)
    world.fake.faults.damage({ how: 'null_object', at: /^p1$/u, times: 1 })
    const outcomes = await look(numbers)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['seen', 'try_later', 'seen'])
  })

  it('asks again in halves when GitHub fails the whole query', async () => {
    const numbers = Array.from({ length: 8 }, () => nextPullRequest().number)
    world.fake.faults.failServer({ route: 'POST /graphql', status: 502, times: 1 })
    expect((await look(numbers)).map(({ kind }) => kind)).toEqual(numbers.map(() => 'seen'))
  })

  it('gives up in an outage, after few calls', async () => {
    world.fake.faults.failServer({ route: 'POST /graphql', status: 503, times: 1000 })
    const before = world.fake.countCalls({ route: 'POST /graphql' })
    const outcomes = await look(many.slice(0, 200).map(({ number }) => number))
    expect(outcomes).toHaveLength(200)
    expect(outcomes.every(({ kind }) => kind === 'try_later')).toBe(true)
    expect(world.fake.countCalls({ route: 'POST /graphql' }) - before).toBeLessThanOrEqual(8 + 12)
  })

  it('looks at nothing for nothing', async () => {
    const before = world.fake.calls.length
    expect(await look([])).toEqual([])
    expect(world.fake.calls).toHaveLength(before)
  })
})
