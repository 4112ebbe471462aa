// The rhythm of workers with a source that can be scripted to the microtask: no wake is ever lost, no fault ends it.

import { describe, expect, it } from 'vitest'

import { createWorkerLoop, type Piece, type WorkSource } from '../../../src/adapters/queue/worker-loop.ts'
import { eventually } from '../../support/eventually.ts'
import { manualClock, recordingLog } from './surroundings.ts'

/** A source over a plain list of pieces. */
function listSource(more: Partial<WorkSource> = {}) {
  const waiting: Piece[] = []
  const source: WorkSource = {
    name: 'list',
    concurrency: 2,
    take: (limit) => Promise.resolve(waiting.splice(0, limit)),
    nextDueAt: () => Promise.resolve(null),
    ...more,
  }
  return { waiting, source }
}

describe('createWorkerLoop', () => {
  it('does work that appears while it goes to sleep, at whatever moment the wake comes', async () => {
    for (let microtasks = 0; microtasks < 30; microtasks += 1) {
      const done: string[] = []
      let isFirstSleep = true
      const { waiting, source } = listSource({
        nextDueAt: () => {
          if (isFirstSleep) {
            isFirstSleep = false
            void wakeAfter(microtasks)
          }
          return Promise.resolve(null)
        },
      })
      const worker = createWorkerLoop(source, { clock: manualClock(), log: recordingLog() })
      const wakeAfter = async (count: number): Promise<void> => {
        for (let passed = 0; passed < count; passed += 1) await Promise.resolve()
        waiting.push(() => Promise.resolve(void done.push('late')))
        worker.wake()
      }
      worker.start()
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      expect(done, `woken after ${microtasks} microtasks`).toEqual(['late'])
      await worker.close()
    }
  })

  it('goes on after a piece broke and after the source itself failed', async () => {
    const log = recordingLog()
    const done: string[] = []
    let faults = 1
    const { waiting, source } = listSource({
      take: (limit) => {
        if (faults > 0) {
          faults -= 1
          return Promise.reject(new Error('the database is away'))
        }
        return Promise.resolve(waiting.splice(0, limit))
      },
    })
    const worker = createWorkerLoop(source, { clock: manualClock(), log })
    waiting.push(
      () => Promise.reject(new Error('broken')),
      () => Promise.resolve(void done.push('next')),
    )
    worker.start()
    // Nobody wakes it again: it tries by itself after a pause.
    await eventually(() => done.length === 1, { what: 'the work behind the fault is done' })
    expect(log.lines).toEqual([
      'error: Work could not be taken; trying again',
      'error: A piece of work broke',
    ])
    await worker.close()
  })

  it('never runs more pieces at once than it may, and counts them', async () => {
    let running = 0
    let most = 0
    const { waiting, source } = listSource()
    for (let no = 0; no < 7; no += 1) {
      waiting.push(async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
      })
    }
    const worker = createWorkerLoop(source, { clock: manualClock(), log: recordingLog() })
    expect(await worker.pump()).toBe(7)
    expect(most).toBe(2)
    expect(await worker.pump()).toBe(0)
  })

  it('does nothing before it is started and nothing after it is closed', async () => {
    const done: string[] = []
    const { waiting, source } = listSource()
    const worker = createWorkerLoop(source, { clock: manualClock(), log: recordingLog() })
    waiting.push(() => Promise.resolve(void done.push('x')))
    worker.wake()
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual([])
    await worker.close()
    worker.start()
    worker.wake()
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual([])
  })
})
