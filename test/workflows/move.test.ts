// Every pair of the tables of transitions as the one function that writes a status carries it out.

import { describe, expect, it } from 'vitest'
import {
  ATTEMPT_TRANSITIONS,
  PHASE_TRANSITIONS,
  PIPELINE_TRANSITIONS,
} from '../../src/domain/pipeline/transitions.ts'
import type { Change } from '../../src/domain/changes.ts'
import type { Attempt, PhaseRun, Pipeline } from '../../src/domain/records.ts'
import { moveAttempt, movePhase, movePipeline } from '../../src/workflows/move.ts'

interface Machine {
  readonly table: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly move: (state: string, event: string) => readonly Change[]
  readonly written: (state: string, to: string) => unknown
}

const ID = 'the-row'
const RUN_EPOCH = 7

const MACHINES: Readonly<Record<string, Machine>> = {
  pipeline: {
    table: PIPELINE_TRANSITIONS,
    move: (status, event) =>
      movePipeline({ id: ID, status, runEpoch: RUN_EPOCH } as Pipeline, event as 'prepared', { endedAt: 5 }),
    written: (status, to) => ({
      kind: 'update',
      table: 'pipelines',
      where: { id: ID },
      set: { endedAt: 5, status: to },
      expect: { runEpoch: RUN_EPOCH, status },
    }),
  },
  phase: {
    table: PHASE_TRANSITIONS,
    move: (status, event) => movePhase({ id: ID, status } as PhaseRun, event as 'started', { endedAt: 5 }),
    written: (status, to) => ({
      kind: 'update',
      table: 'phaseRuns',
      where: { id: ID },
      set: { endedAt: 5, status: to },
      expect: { status },
    }),
  },
  attempt: {
    table: ATTEMPT_TRANSITIONS,
    move: (status, event) => moveAttempt({ id: ID, status } as Attempt, event as 'spawned', { endedAt: 5 }),
    written: (status, to) => ({
      kind: 'update',
      table: 'attempts',
      where: { id: ID },
      set: { endedAt: 5, status: to },
      expect: { status },
    }),
  },
}

const PAIRS = Object.entries(MACHINES).flatMap(([name, { table }]) =>
  Object.entries(table).flatMap(([state, row]) =>
    Object.entries(row).map(([event, outcome]) => ({ name, state, event, outcome })),
  ),
)

describe('a status is moved', () => {
  it('looks at every pair', () => {
    expect(PAIRS).toHaveLength(6 * 9 + 6 * 10 + 6 * 5)
  })

  it.each(PAIRS)('$name: $state + $event -> $outcome', ({ name, state, event, outcome }) => {
    const machine = MACHINES[name]
    if (machine === undefined) throw new Error(`There is no machine ${name}`)
    if (outcome === 'refused') {
      expect(() => machine.move(state, event)).toThrow(expect.objectContaining({ code: 'INTERNAL_ERROR' }))
      return
    }
    const expected = outcome === 'ignored' ? [] : [machine.written(state, outcome)]
    expect(machine.move(state, event)).toEqual(expected)
  })
})
