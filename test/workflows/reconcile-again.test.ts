// What GitHub does to a read does not stop the reading, nor make it endless: outages, clocks set back, answers that are
// not computed yet, branches that come back to where they were.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Observation } from '../../src/domain/mirror/observation.ts'
import { missedTexts } from '../../src/workflows/missed-texts.ts'
import { sweepPullRequests } from '../../src/workflows/sweep-pull-requests.ts'
import { renameRepository } from '../support/fake-github/repository-changes.ts'
import { letRest, playAttempt, type Scene } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

const GRAPHQL = 'POST /graphql'
async function begin(branch: string): Promise<Scene> {
  const scene = await playAttempt(bench, branch)
  for (let times = 0; times < 4; times += 1) await letRest(bench)
  return scene
}

describe('reconcile', () => {
  it('asks ever more rarely while GitHub is away, and reads when it is back', async () => {
    const { pr } = await begin('away')
    const before = bench.github.countCalls({ route: GRAPHQL })
    bench.github.faults.failServer({ route: GRAPHQL, status: 502, times: 1000 })
    await pr.reviewComment('carol', { path: 'away.txt', line: 1, body: 'Why?' })
    for (let seconds = 0; seconds < 60; seconds += 3) await letRest(bench, 3_000)
    const calls = bench.github.countCalls({ route: GRAPHQL }) - before
    expect(calls).toBeGreaterThan(4)
    expect(calls).toBeLessThan(20)
    bench.github.faults.clear()
    await letRest(bench, 120_000)
    expect(await bench.store.list('reviewThreads', { prNumber: pr.number })).toHaveLength(1)
  })

  it('asks again whenever mergeability is not computed, also for the same commits', async () => {
    const { pr } = await begin('forgotten')
    for (const times of [1, 2]) {
      pr.mergeability.forget()
      const before = bench.github.countCalls({ route: GRAPHQL })
      await pr.comment('carol', `Remark ${times}`)
      await letRest(bench)
      await letRest(bench)
      expect({ times, calls: bench.github.countCalls({ route: GRAPHQL }) - before }).toEqual({
        times,
        calls: 2,
      })
    }
  })

  it('goes on reading when its clock was set back', async () => {
    const { pr } = await begin('clock')
    await pr.reviewComment('carol', { path: 'clock.txt', line: 1, body: 'Before.' })
    await letRest(bench)
    const [thread] = pr.reviews.threads
    if (thread === undefined) throw new Error('There is no thread.')
    bench.clock.advance(-3_600_000)
    await pr.resolve('carol', thread)
    await letRest(bench)
    bench.clock.advance(3_600_000)
    const [row] = await bench.store.list('reviewThreads', { prNumber: pr.number })
    expect(row).toMatchObject({ isResolved: true })
  })

  it('hands no words on that are meant for others, and none from before the session', async () => {
    const { pr, session } = await begin('words')
    await pr.comment('alice', '@carol: does this look right?')
    await letRest(bench)
    const handedOn = `SELECT idem FROM jobs WHERE idem LIKE 'missed-text:%'`
    expect(await bench.reader.query(handedOn)).toEqual([])
    const project = await bench.store.find('projects', { id: session.projectId })
    const known = await bench.store.find('pullRequests', { number: pr.number })
    if (project === null || known === null) throw new Error('It is not known.')
    const said = {
      source: 'issue_comment',
      url: 'https://x',
      author: { login: 'alice', isBot: false },
    } as const
    const folded = { ...said, body: '/belay stop', wasEdited: false, updatedAt: bench.clock.now() }
    const blank = ['\n', '\r', '\u2028', ' '].map((end) => `${end.repeat(65_000)}x`)
    const items = [
      ...blank.map((body, no) => ({ ...folded, id: `blank-${no}`, body, createdAt: bench.clock.now() })),
      { ...folded, id: 'old', createdAt: session.createdAt - 86_400_000 },
      { ...folded, id: 'new', createdAt: bench.clock.now() },
    ]
    const nothing = { completeness: 'complete', items: [] } as const
    const conversation = { completeness: 'complete', items } as const
    const seen = { conversation, reviews: nothing, threads: nothing } as unknown as Observation
    const began = process.cpuUsage()
    const jobs = await missedTexts(bench.deps, { project, known, mirror: null }, seen)
    // Blank lines without end must not hold up the process.
    expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
    expect(jobs).toMatchObject([{ idem: expect.stringContaining('missed-text:new:') }])
  })

  it('sweeps again what a lagging copy of GitHub hid from the read', async () => {
    const { pr } = await begin('lagging')
    await pr.reviewComment('carol', { path: 'lagging.txt', line: 1, body: 'Hm.' })
    await letRest(bench)
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    const [thread] = pr.reviews.threads
    if (thread === undefined) throw new Error('There is no thread.')
    bench.github.faults.drop({ event: 'pull_request_review_thread', times: 1, trace: 'unlisted' })
    await pr.resolve('carol', thread)
    expect(await sweepPullRequests(bench.deps)).toMatchObject({ toRead: 1 })
    bench.github.faults.lagReads({ route: GRAPHQL, times: 1 })
    await letRest(bench)
    const rows = () => bench.store.list('reviewThreads', { prNumber: pr.number })
    expect(await rows()).toMatchObject([{ isResolved: false }])
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    expect(await rows()).toMatchObject([{ isResolved: true }])
  })

  it('reads nothing of another repository that took over the name, and ends nothing', async () => {
    const { pr, session } = await begin('taken-over')
    const rocket = bench.repo
    const { owner, name } = rocket
    bench.github.faults.drop({ event: 'repository', times: 1, trace: 'unlisted' })
    renameRepository(rocket, 'dave', `${name}-2`)
    await bench.github.createRepository({ owner: owner.login, name, collaborators: { alice: 'write' } })
    const before = bench.log.lines.length
    await bench.enqueue(pr, {
      kind: 'reconcile',
      projectId: session.projectId,
      number: pr.number,
      cause: 'sweep',
    })
    await letRest(bench)
    expect(bench.log.lines.slice(before)).toContainEqual(
      expect.objectContaining({ message: 'pull_request_not_read' }),
    )
    expect(await bench.session(pr)).toMatchObject({ state: 'live' })
    renameRepository(rocket, 'dave', name)
  })

  it('finds every push that no delivery told, also one back to where the branch was', async () => {
    const { pr, session } = await begin('there-and-back')
    const first = pr.headSha
    await bench.repo.push({ by: 'alice', branch: 'there-and-back', files: { 'n.txt': 'n\n' } })
    const second = pr.headSha
    await letRest(bench)
    for (const sha of [first, second, first, second]) {
      bench.github.faults.drop({ event: 'push', times: 1, trace: 'unlisted' })
      bench.github.faults.drop({ event: 'pull_request', times: 1, trace: 'unlisted' })
      await bench.repo.push({ by: 'alice', branch: 'there-and-back', to: sha, force: true })
      await sweepPullRequests(bench.deps)
      await letRest(bench)
      const { lastSyncedSha } = (await bench.store.find('sessions', { id: session.id })) ?? {}
      expect(lastSyncedSha).toBe(sha)
      bench.github.faults.clear()
    }
  })
})
