// A contract through one reading of its plan after the other: examples, and what holds for any of them.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { nextTasks } from '../../../src/domain/contract/next-tasks.ts'
import type { NextTasks, ReadingFacts } from '../../../src/domain/contract/next-tasks.ts'
import { parsePlan } from '../../../src/domain/contract/parse-plan.ts'
import type { PlanTask } from '../../../src/domain/contract/plan.ts'
import type { ContractTask, TaskStatus } from '../../../src/domain/pipeline/records.ts'
import { forest } from './forests.ts'
import type { Task } from './forests.ts'

const facts = (now: number): ReadingFacts => ({ pipelineId: 'rope-1.1', sessionId: 'rope-1', now })

function read(tasks: readonly Task[], stored: readonly ContractTask[], now: number): NextTasks {
  const planned: readonly PlanTask[] = tasks.map((task, at) => ({ ...task, line: at + 1 }))
  return nextTasks({ kind: 'plan', tasks: planned }, stored, facts(now))
}

function marked(rows: readonly ContractTask[], status: TaskStatus): readonly ContractTask[] {
  return rows.map((row) => (row.status === 'dropped' ? row : { ...row, status, note: 'my words' }))
}

const task = (id: string, title = 'T'): Task => ({ id, title, acceptance: ['ok'], dependsOn: null })

describe('nextTasks', () => {
  it('makes rows of a first plan', () => {
    const parsed = parsePlan('- [ ] **a**: Do it\n  - It is done\n  - [x] **b**: And this\n')
    if (parsed.kind !== 'plan') throw new Error(parsed.kind)
    const { rows, toWrite, changed } = nextTasks(parsed, [], facts(5))
    const common = { pipelineId: 'rope-1.1', sessionId: 'rope-1', status: 'todo', note: '', updatedAt: 5 }
    expect(rows).toEqual([
      {
        ...common,
        id: 'rope-1.1/a',
        taskId: 'a',
        position: 0,
        title: 'Do it',
        acceptance: ['It is done'],
        dependsOn: null,
      },
      {
        ...common,
        id: 'rope-1.1/b',
        taskId: 'b',
        position: 1,
        title: 'And this',
        acceptance: [],
        dependsOn: 'a',
      },
    ])
    expect({ toWrite, changed }).toEqual({ toWrite: rows, changed: true })
  })

  it('keeps status and note of a task that is worded anew', () => {
    const stored = marked(read([task('a')], [], 1).rows, 'done')
    const { rows, changed } = read([task('a', 'Better')], stored, 2)
    expect(rows).toMatchObject([{ title: 'Better', status: 'done', note: 'my words', updatedAt: 2 }])
    expect(changed).toBe(true)
  })

  it('drops a task that is gone with its last words, and begins anew when it comes back', () => {
    const stored = marked(read([task('a'), task('b')], [], 1).rows, 'done')
    const dropped = read([task('b')], stored, 2).rows
    expect(dropped).toMatchObject([
      { taskId: 'b', position: 0, status: 'done', updatedAt: 2 },
      { taskId: 'a', status: 'dropped', note: 'my words', updatedAt: 2 },
    ])
    const back = read([task('b'), task('a')], dropped, 3)
    expect(back.rows).toMatchObject([
      { taskId: 'b', updatedAt: 2 },
      { taskId: 'a', position: 1, status: 'todo', note: '', updatedAt: 3 },
    ])
    expect(back.toWrite.map(({ taskId }) => taskId)).toEqual(['a'])
  })
})

describe('nextTasks: laws', () => {
  const history = fc.array(
    fc.record({ tasks: forest(), status: fc.constantFrom<TaskStatus>('todo', 'doing', 'done') }),
    { minLength: 1, maxLength: 4 },
  )

  it('changes nothing when the same plan is read again, and keeps the very rows', () => {
    fc.assert(
      fc.property(forest(), forest(), (first, second) => {
        const stored = read(second, read(first, [], 1).rows, 2).rows
        const again = read(second, stored, 3)
        expect(again).toMatchObject({ changed: false, toWrite: [] })
        expect(again.rows.every((row, at) => row === stored[at])).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('loses no row, puts the plan first in its order, and moves times only of what it writes', () => {
    fc.assert(
      fc.property(history, (readings) => {
        let stored: readonly ContractTask[] = []
        for (const [at, { tasks, status }] of readings.entries()) {
          const next = read(tasks, stored, at + 1)
          const ids = next.rows.map(({ taskId }) => taskId)
          expect(new Set(ids)).toEqual(
            new Set([...stored.map(({ taskId }) => taskId), ...tasks.map(({ id }) => id)]),
          )
          expect(ids).toHaveLength(new Set(ids).size)
          const planned = next.rows.filter((row) => row.status !== 'dropped')
          expect(planned).toMatchObject(
            tasks.map(({ id, ...rest }, position) => ({
              taskId: id,
              id: `rope-1.1/${id}`,
              position,
              ...rest,
            })),
          )
          expect(next.rows.slice(0, tasks.length)).toEqual(planned)
          const written = new Set(next.toWrite)
          for (const row of next.rows) expect(written.has(row)).toBe(row.updatedAt === at + 1)
          expect(next.changed).toBe(written.size > 0)
          stored = marked(next.rows, status)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('does not care about the order of what is stored', () => {
    fc.assert(
      fc.property(forest(), forest(), (first, second) => {
        const stored = read(first, [], 1).rows
        const byId = (rows: readonly ContractTask[]): unknown => new Map(rows.map((row) => [row.id, row]))
        expect(byId(read(second, stored.toReversed(), 2).rows)).toEqual(byId(read(second, stored, 2).rows))
      }),
      { numRuns: 30 },
    )
  })
})
