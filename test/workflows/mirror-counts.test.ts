// What the mirror costs: queries for a burst, points for a sweep, statements for a read that shows nothing new.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { upsert, type Change } from '../../src/domain/changes.ts'
import { toSha } from '../../src/domain/ids.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { addThreads } from '../support/fake-github/bulk.ts'
import { MirrorBench } from '../support/mirror-bench/bench.ts'
import {
  countRowWrites,
  countStatements,
  noteRowWrites,
  type StatementCounts,
} from '../support/mirror-bench/counted-database.ts'
import { startProgram, type Program } from '../support/mirror-bench/program.ts'
import { PROJECT_ID } from '../support/mirror-bench/rows.ts'

let bench: MirrorBench
let program: Program
let statements: StatementCounts
const mirrored: FakePullRequest[] = []

const IDLE = 1_000

/** Statements of a read that shows nothing new, with those of its lane. */
const MOST_READS = 11
const MOST_WRITES = 8

beforeAll(async () => {
  bench = await MirrorBench.start()
  await noteRowWrites(bench.database)
  const counted = countStatements(bench.database)
  statements = counted.counts
  program = await startProgram(bench, { database: counted.database })
})

afterEach(async () => {
  await bench.forget(mirrored.splice(0))
})

afterAll(async () => {
  await program?.close()
  await bench?.close()
})

/** GitHub knows at once whether these merge: how it finds out is not what is counted here. */
function knowsMergeability(prs: readonly FakePullRequest[]): void {
  for (const { mergeability } of prs) mergeability.ask = async () => 'MERGEABLE'
}

async function openMirrored(count: number): Promise<readonly FakePullRequest[]> {
  const prs = await bench.open(count)
  knowsMergeability(prs)
  await bench.mirror(prs)
  mirrored.push(...prs)
  return prs
}

async function orderRead(pr: FakePullRequest, idem: string): Promise<void> {
  const lane = `${bench.repo.id}#${pr.number}`
  const job = { kind: 'reconcile', projectId: PROJECT_ID, number: pr.number, cause: 'webhook' } as const
  const runAt = bench.clock.now()
  await program.deps.store.commit([{ kind: 'enqueue', lane, idem, job, runAt }], null)
}

/** Returns the statements of everything that is due. */
async function countSettling(): Promise<StatementCounts> {
  const { reads, writes } = statements
  await program.settle()
  return { reads: statements.reads - reads, writes: statements.writes - writes }
}

async function rowsOf(table: string, { number }: FakePullRequest): Promise<number> {
  const sql = `SELECT COUNT(*) AS count FROM ${table} WHERE pr_number = ${number}`
  return Number((await bench.reader.query(sql))[0]?.['count'])
}

describe('the cost of the mirror', () => {
  it('is at most two queries for a burst of a hundred webhooks', async () => {
    const [pr] = await openMirrored(1)
    if (pr === undefined) throw new Error('Nothing was opened')
    const before = bench.github.graphqlCalls.total().calls
    const sent = bench.github.deliveries.length
    for (let no = 0; no < 20; no += 1) {
      // A review and its comment, a run and its suite.
      await pr.reviewComment('carol', { path: 'a.txt', line: 1 + no, body: `Remark ${no}` })
      bench.repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: `test-${no}`, conclusion: 'success' })
    }
    expect(bench.github.deliveries.length - sent).toBeGreaterThanOrEqual(100)
    await program.rest()
    expect(bench.github.graphqlCalls.total().calls - before).toBeLessThanOrEqual(2)
    expect(await rowsOf('review_threads', pr)).toBe(20)
    expect(await rowsOf('checks', pr)).toBe(20)
  })

  it(
    'is no row and no event for a read of 500 threads and 3,000 comments that are known',
    { timeout: 240_000 },
    async () => {
      const [pr] = await openMirrored(1)
      if (pr === undefined) throw new Error('Nothing was opened')
      addThreads(pr, { by: 'carol', count: 500, commentsEach: 6 })
      await orderRead(pr, 'first')
      await program.settle()
      expect(await rowsOf('review_threads', pr)).toBe(500)
      expect(await rowsOf('review_comments', pr)).toBe(3_000)
      const [written, told] = [await countRowWrites(bench.reader), await bench.reader.changeLog()]
      expect(written).toBeGreaterThan(3_500)
      bench.advance(60_000)
      await program.rest()
      const idle = await countSettling()
      await orderRead(pr, 'second')
      const all = await countSettling()
      expect(await countRowWrites(bench.reader)).toBe(written)
      expect(await bench.reader.changeLog()).toHaveLength(told.length)
      // The whole job: its lane is claimed, held and given back, its inputs are read, and its end is written.
      const cost = { reads: all.reads - idle.reads, writes: all.writes - idle.writes }
      console.log(`${cost.reads} reading and ${cost.writes} writing statements for a read with nothing new`)
      expect(cost.reads).toBeLessThanOrEqual(MOST_READS)
      expect(cost.writes).toBeLessThanOrEqual(MOST_WRITES)
    },
  )

  it('is at most 50 points for a sweep of 1,000 idle pull requests', { timeout: 240_000 }, async () => {
    const prs = await openMirrored(IDLE)
    await plantMirrors(prs)
    const { points } = bench.github.graphqlCalls.total()
    const counts = await program.sweep()
    expect(counts).toEqual({ looked: IDLE, toRead: 0 })
    const spent = bench.github.graphqlCalls.total().points - points
    console.log(`${spent} points for ${IDLE} pull requests`)
    expect(spent).toBeLessThanOrEqual(50)
  })
})

/** Says of each pull request that it was read wholly just now, as the first of them is. */
async function plantMirrors(prs: readonly FakePullRequest[]): Promise<void> {
  const { store, observer } = program.deps
  const [first] = prs
  if (first === undefined) throw new Error('Nothing was opened')
  await orderRead(first, 'sample')
  await program.settle()
  const project = await store.find('projects', { id: PROJECT_ID })
  const sample = await store.find('mirrors', { projectId: PROJECT_ID, prNumber: first.number })
  if (project === null || sample === null) throw new Error('There is no sample')
  const { owner, name, installationId, repositoryId } = project
  const repository = { owner, name, installationId, repositoryId }
  const looks = await observer.glance(prs.map(({ number }) => ({ repository, number })))
  const changes = prs.map(({ number, headSha }, position): Change => {
    const look = looks[position]
    if (look?.kind !== 'seen') throw new Error(`#${number} was not seen`)
    const { fingerprint } = look
    return upsert('mirrors', { ...sample, prNumber: number, headSha: toSha(headSha), fingerprint })
  })
  await store.commit(changes, null)
}
