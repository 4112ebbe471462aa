// A desk where requests of an agent come in: reports are stored, jobs done and effects taken as in the program, on a real
// database file. Nothing here talks to GitHub.

import { expect, onTestFinished } from 'vitest'
import { createEffectQueue } from '../../src/adapters/db/effect-store.ts'
import { createLanes } from '../../src/adapters/db/lane-store.ts'
import { createStore } from '../../src/adapters/db/store.ts'
import { insert, type Change } from '../../src/domain/changes.ts'
import type { Effect } from '../../src/domain/effects.ts'
import type { Nudge } from '../../src/domain/mirror/records.ts'
import type { ContractTask } from '../../src/domain/pipeline/records.ts'
import type { DoorRequestReport } from '../../src/domain/session/attempt.ts'
import type { DoorRequest } from '../../src/domain/session/door.ts'
import type { Deps } from '../../src/workflows/deps.ts'
import { handleJob } from '../../src/workflows/handle-job.ts'
import { takeReport } from '../../src/workflows/handle-report.ts'
import { attempt, groundwork } from '../adapters/db/rows.ts'
import { DatabaseReader } from './database-reader.ts'
import { openTempDatabase } from './temp-db.ts'

/** Returns a request of the attempt `attempt-1`; the same request has the same id. */
export function report(request: DoorRequest, over: Partial<DoorRequestReport> = {}): DoorRequestReport {
  return {
    kind: 'door_request',
    sessionId: 'harbour-1',
    attemptId: 'attempt-1',
    runEpoch: 1,
    requestId: JSON.stringify(request),
    request,
    ...over,
  }
}

/** Returns the change that mirrors a review thread. */
export function thread(id: string, prNumber = 5) {
  const place = { path: 'crane.txt', line: 3, startLine: null }
  const state = { isResolved: false, isOutdated: false, resolvedBy: null, observedAt: 1 }
  return insert('reviewThreads', { projectId: 'harbour', prNumber, id, ...place, ...state })
}

/** Returns the change that tells the pipeline of a thread. */
export function nudge(over: Partial<Nudge> = {}) {
  return insert('nudges', {
    id: 'nudge-1',
    projectId: 'harbour',
    prNumber: 5,
    sessionId: 'harbour-1',
    kind: 'review',
    item: 'PRRT_one',
    signature: 's',
    status: 'sent',
    text: 'Why?',
    threadIds: ['PRRT_one', 'PRRT_elsewhere'],
    pipelineId: 'harbour-1.1',
    createdAt: 1,
    sentAt: 1,
    ...over,
  })
}

/** Returns the change that puts a task into the contract of the pipeline. */
export function task(over: Partial<ContractTask> = {}): Change {
  const row: ContractTask = {
    id: 'harbour-1.1/tie',
    pipelineId: 'harbour-1.1',
    sessionId: 'harbour-1',
    taskId: 'tie',
    position: 1,
    title: 'Tie the knot',
    acceptance: [],
    dependsOn: null,
    status: 'todo',
    note: '',
    updatedAt: 1,
  }
  return insert('contractTasks', { ...row, ...over })
}

/** Opens the desk with a running attempt that was told of the thread `PRRT_one`. */
export async function openDesk() {
  const { database, url } = await openTempDatabase({ now: () => 1000 })
  const store = createStore(database)
  const lanes = createLanes(database)
  const effects = createEffectQueue(database)
  let drawn = 0
  const warnings: object[] = []
  const note = (fields: object): void => void warnings.push(fields)
  const deps = {
    store,
    clock: { now: () => 1000 },
    ids: { random: () => `random-${(drawn += 1)}` },
    log: { info: () => undefined, warn: note, error: note },
  } as unknown as Deps
  const rows = [insert('attempts', attempt()), thread('PRRT_one'), thread('PRRT_silent'), nudge()]
  const planted = await store.commit([...groundwork(), ...rows], null)
  expect(planted.kind).toBe('committed')

  const work = async (): Promise<number> => {
    const owner = { runnerId: 'runner-a', bootId: 'boot' }
    const lane = await lanes.claim({ owner, now: 1000, leaseMs: 60_000 })
    if (lane === null) return 0
    let done = 0
    for (let job = await lanes.nextJob(lane, 1000); job !== null; job = await lanes.nextJob(lane, 1000)) {
      const current = job
      await handleJob(deps, {
        lane,
        job: current,
        finish: (changes) => lanes.finishJob(lane, current, changes),
      })
      done += 1
    }
    await lanes.release(lane)
    return done
  }
  /** What would be sent now, in this order; each is sent before the next of its target is taken. */
  const send = async (): Promise<readonly Effect[]> => {
    const sent: Effect[] = []
    for (let taken = await effects.take(10, 1000); taken.length > 0; taken = await effects.take(10, 1000)) {
      for (const one of taken) {
        sent.push(one.effect)
        await effects.settle(one, { kind: 'sent', remoteId: 'PRRC_1' })
      }
    }
    return sent
  }
  /** Hands the requests over as the runner does, and does what follows; returns how many jobs that were. */
  const ask = async (...requests: readonly DoorRequestReport[]): Promise<number> => {
    for (const request of requests) await takeReport(deps, request)
    return work()
  }
  /** Writes rows; throws when they do not fit. */
  const plant = async (...changes: readonly Change[]): Promise<void> => {
    expect((await store.commit(changes, null)).kind).toBe('committed')
  }
  const reader = new DatabaseReader(url)
  onTestFinished(() => reader.close())
  return { deps, store, warnings, work, send, ask, plant, changeLog: () => reader.changeLog() }
}
