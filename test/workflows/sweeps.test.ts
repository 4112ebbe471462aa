// What no webhook told is found: deliveries that failed are asked for again, and access that is missing is said loudly.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sweepDeliveries } from '../../src/workflows/sweep-deliveries.ts'
import { sweepPullRequests } from '../../src/workflows/sweep-pull-requests.ts'
import { createAccessWatch } from '../../src/workflows/watch-access.ts'
import { letRest, playAttempt } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

const NOBODY_KNOWS = { has: async () => false }

describe('sweepDeliveries', () => {
  it('has a lost command delivered again, and asks for nothing twice', async () => {
    const { pr } = await playAttempt(bench, 'lost-command')
    await letRest(bench)
    await sweepDeliveries(bench.deps, NOBODY_KNOWS)
    bench.github.faults.drop({ event: 'issue_comment', times: 1 })
    const said = await pr.comment('alice', '/belay status')
    await letRest(bench)
    expect(said.reactions).toEqual([])
    expect(await sweepDeliveries(bench.deps, NOBODY_KNOWS)).toBe(1)
    await letRest(bench)
    expect(said.reactions.map(({ content }) => content)).toContain('rocket')
    expect(await sweepDeliveries(bench.deps, NOBODY_KNOWS)).toBe(0)
  })

  it('leaves alone what arrived although GitHub saw no answer', async () => {
    const known = {
      has: async (guid: string) =>
        (await bench.reader.query(`SELECT 1 FROM inbox WHERE delivery_id = '${guid}'`)).length > 0,
    }
    const { pr } = await playAttempt(bench, 'unanswered')
    await sweepDeliveries(bench.deps, known)
    bench.github.faults.breakDelivery({ event: 'issue_comment', how: 'lose_answer', times: 1 })
    await pr.comment('alice', '/belay status')
    await letRest(bench)
    const tries = await bench.deps.deliveries.listSince(0)
    expect(tries.filter(({ isOk }) => !isOk)).not.toEqual([])
    expect(await sweepDeliveries(bench.deps, known)).toBe(0)
  })
})

describe('sweepPullRequests', () => {
  it('feeds a command that no delivery ever told, once', async () => {
    const { pr } = await playAttempt(bench, 'never-told')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    bench.github.faults.drop({ event: 'issue_comment', times: 1 })
    const said = await pr.comment('alice', '/belay status')
    await letRest(bench)
    expect(said.reactions).toEqual([])
    for (let times = 0; times < 3; times += 1) {
      await sweepPullRequests(bench.deps)
      await letRest(bench)
    }
    expect(said.reactions.map(({ content }) => content)).toEqual(['eyes', 'rocket'])
    expect(await bench.store.list('commands', { prNumber: pr.number, verb: 'status' })).toHaveLength(1)
  })

  it('finds a push that no delivery told, and syncs the worktree', async () => {
    const { pr, session } = await playAttempt(bench, 'silent-push')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    bench.github.faults.drop({ event: 'push', times: 1 })
    bench.github.faults.drop({ event: 'pull_request', times: 1 })
    const head = await bench.repo.push({ by: 'alice', branch: 'silent-push', files: { 'new.txt': 'new\n' } })
    await letRest(bench)
    expect((await bench.session(pr)).lastSyncedSha).not.toBe(head)
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    expect((await bench.store.find('sessions', { id: session.id }))?.lastSyncedSha).toBe(head)
  })

  it('hears of a merge that no delivery told, and ends the session', async () => {
    const { pr } = await playAttempt(bench, 'silent-merge')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    bench.github.faults.drop({ event: 'pull_request', times: 5 })
    await pr.merge('alice')
    await sweepPullRequests(bench.deps)
    await letRest(bench)
    expect(await bench.session(pr)).toMatchObject({ state: 'closed' })
  })
})

describe('createAccessWatch', () => {
  it('says once and loudly what is missing, and sees by itself that it is there again', async () => {
    const access = createAccessWatch(bench.deps)
    expect(await access.look()).toEqual([])
    const healthy = bench.deps.health
    const installations = await healthy.listInstallations()
    const poor = installations.map((one) => ({ ...one, permissions: { ...one.permissions, checks: 'read' } }))
    let list = async () => poor
    const watch = createAccessWatch({ log: bench.log, health: { listInstallations: () => list() } })
    const faults = await watch.look()
    expect(faults).toMatchObject([{ kind: 'permissions_missing', missing: ['checks'] }])
    await watch.look()
    const said = bench.log.lines.filter(({ message }) => message === 'github_access_faulty')
    expect(said).toHaveLength(1)
    list = async () => [...installations] as typeof poor
    expect(await watch.look()).toEqual([])
    expect(watch.last()).toEqual([])
    expect(bench.log.lines.map(({ message }) => message)).toContain('github_access_restored')
  })
})
