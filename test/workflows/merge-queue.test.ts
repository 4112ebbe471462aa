// While GitHub is about to merge a pull request nothing starts there, and a group of the queue never waits for Belay.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destroyMergeGroup, requestMergeGroup, type MergeGroup } from '../support/fake-github/merge-group.ts'
import { letRest, playAttempt, reactionsOf, repliesTo, textOf } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

const REFUSED = textOf({ kind: 'merging', verb: 'run' })

describe('/belay run while GitHub is about to merge', () => {
  it('is refused in a session that has nothing to do, and works again outside the queue', async () => {
    const { pr } = await playAttempt(bench, 'queued')
    await pr.enqueue('carol')
    await letRest(bench)
    const refused = await bench.say(pr, 'alice', '/belay run')
    expect(reactionsOf(refused)).toEqual(['eyes', 'confused'])
    expect(repliesTo(refused)).toEqual([REFUSED])
    expect(await bench.pipeline(pr)).toMatchObject({ no: 1 })
    await pr.dequeue('carol')
    await letRest(bench)
    const taken = await bench.say(pr, 'alice', '/belay run')
    expect(reactionsOf(taken)).toEqual(['eyes', 'rocket'])
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ no: 2, status: 'complete' })
  })

  it.each([
    ['it is in the queue', 'in-queue', 'enqueue'],
    ['it merges by itself as soon as it may', 'auto-merge', 'setAutoMerge'],
  ] as const)('starts no first session when %s', async (_what, branch, plan) => {
    const pr = await bench.openPullRequest(branch)
    if (plan === 'enqueue') await pr.enqueue('carol')
    else await pr.setAutoMerge('carol', 'merge')
    const refused = await bench.say(pr, 'alice', '/belay run')
    expect(repliesTo(refused)).toEqual([REFUSED])
    expect(await bench.store.list('sessions', { prNumber: pr.number })).toEqual([])
    if (plan === 'enqueue') await pr.dequeue('carol')
    else await pr.setAutoMerge('carol', undefined)
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('a group of the merge queue', () => {
  const runsOn = ({ headSha }: MergeGroup) => bench.repo.checks.list(headSha)

  it('gets one passed check, however often GitHub asks, and nobody takes it for news', async () => {
    const { pr, session } = await playAttempt(bench, 'grouped')
    await letRest(bench)
    const own = pr.checkRuns()
    const group = await requestMergeGroup(pr, 'alice')
    await bench.settle()
    expect(runsOn(group)).toMatchObject([
      {
        name: 'Belay',
        status: 'completed',
        conclusion: 'success',
        externalId: `merge-group:${group.headSha}`,
      },
    ])
    const reads = () => bench.reader.query("SELECT id FROM jobs WHERE kind IN ('reconcile', 'collect_news')")
    await letRest(bench)
    const before = await reads()
    bench.repo.send({
      event: 'merge_group',
      payload: {
        action: 'checks_requested',
        merge_group: {
          head_sha: group.headSha,
          head_ref: group.headRef,
          base_sha: group.baseSha,
          base_ref: group.baseRef,
          head_commit: group.headCommit,
        },
      },
      sender: bench.repo.world.people.person('alice'),
    })
    await letRest(bench)
    expect(runsOn(group)).toHaveLength(1)
    expect(pr.checkRuns()).toEqual(own)
    expect(await reads()).toEqual(before)
    expect(await bench.store.list('nudges', { sessionId: session.id })).toEqual([])
    expect(await bench.store.list('checks', { prNumber: pr.number })).toEqual([])
    await destroyMergeGroup(pr, group, { by: 'alice', reason: 'merged' })
    await bench.settle()
    expect(runsOn(group)).toHaveLength(1)
  })

  it('gets nothing in a repository where Belay never had anything to do', async () => {
    const repo = await bench.github.createRepository({
      owner: 'acme',
      name: 'never-used',
      collaborators: { alice: 'write' },
    })
    await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'a\n' } })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
    const group = await requestMergeGroup(pr, 'alice')
    await bench.settle()
    expect(repo.checks.list(group.headSha)).toEqual([])
    expect(await bench.store.list('projects', { repositoryId: repo.id })).toEqual([])
    expect(bench.failures()).toEqual([])
  })
})
