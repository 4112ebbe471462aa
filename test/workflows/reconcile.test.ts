// The mirror follows GitHub: webhooks and sweeps lead to one read, and each real change is one row of the change log.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { sweepPullRequests } from '../../src/workflows/sweep-pull-requests.ts'
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

async function rowsOf({ number }: FakePullRequest): Promise<readonly string[]> {
  const rows = (await bench.reader.changeLog()).filter(({ prNumber }) => prNumber === number)
  return rows.map(({ type }) => type).filter((type) => /^pr_(?:review|check)/.test(type))
}

async function begin(branch: string): Promise<Scene> {
  const scene = await playAttempt(bench, branch)
  await letRest(bench)
  return scene
}

describe('reconcile', () => {
  it('tells each change of a thread once, whatever webhooks come', async () => {
    const { pr } = await begin('threads')
    await pr.reviewComment('carol', { path: 'threads.txt', line: 1, body: 'Why this?' })
    await letRest(bench)
    expect(await rowsOf(pr)).toEqual(['pr_review_thread_added', 'pr_review_comment_added', 'pr_review_added'])
    const [thread] = await bench.store.list('reviewThreads', { prNumber: pr.number })
    expect(thread).toMatchObject({ path: 'threads.txt', line: 1, isResolved: false })
    await letRest(bench)
    expect(await rowsOf(pr)).toHaveLength(3)
  })

  it('makes one read of a burst', async () => {
    const { pr } = await begin('burst')
    const before = bench.github.countCalls({ route: 'POST /graphql' })
    for (let no = 0; no < 100; no += 1) await pr.comment('carol', `Remark ${no}`)
    await letRest(bench)
    const reads = bench.github.countCalls({ route: 'POST /graphql' }) - before
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(2)
  })

  it('finds in a sweep what no webhook told, and reads nothing when nothing differs', async () => {
    const { pr } = await begin('swept')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    bench.github.faults.drop({ event: 'pull_request_review', times: 10 })
    bench.github.faults.drop({ event: 'pull_request_review_comment', times: 10 })
    await pr.reviewComment('carol', { path: 'swept.txt', line: 1, body: 'Nobody told you.' })
    await letRest(bench)
    expect(await rowsOf(pr)).toEqual([])
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    expect(await rowsOf(pr)).toContain('pr_review_thread_added')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    const counts = await sweepPullRequests(bench.deps)
    expect(counts).toMatchObject({ toRead: 0 })
  })
})
