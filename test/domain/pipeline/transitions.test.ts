// Every pair of a state and an event of the three machines, and the laws that no table may break. Pure.

import { describe, expect, it } from 'vitest'
import { ATTEMPT_STATES, RUN_STATES } from '../../../src/domain/pipeline/states.ts'
import {
  ATTEMPT_TRANSITIONS,
  PHASE_TRANSITIONS,
  PIPELINE_TRANSITIONS,
} from '../../../src/domain/pipeline/transitions.ts'

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

const TABLES: Readonly<Record<string, Table>> = {
  pipeline: PIPELINE_TRANSITIONS,
  phase: PHASE_TRANSITIONS,
  attempt: ATTEMPT_TRANSITIONS,
}

interface Row {
  readonly machine: string
  readonly state: string
  readonly event: string
  readonly outcome: string
}

const ROWS: readonly Row[] = Object.entries(TABLES).flatMap(([machine, table]) =>
  Object.entries(table).flatMap(([state, row]) =>
    Object.entries(row).map(([event, outcome]) => ({ machine, state, event, outcome })),
  ),
)

const ENDED_ATTEMPTS = ['succeeded', 'failed', 'stopped', 'lost']

/** What a person can cause at will: a command, an answer, an order to stop. */
const BY_A_PERSON: Readonly<Record<string, readonly string[]>> = {
  pipeline: ['resumed', 'aborted', 'restarted', 'session_ended'],
  phase: ['resumed', 'aborted', 'restarted', 'rewound', 'session_ended'],
  attempt: ['stopped'],
}

/** One line for each pair, as the tables have them in order. */
function linesOf(table: Table): string {
  return Object.entries(table)
    .flatMap(([state, row]) => Object.entries(row).map(([event, to]) => `${state} + ${event} -> ${to}`))
    .toSorted()
    .join('\n')
}

function leadsAway({ state, outcome }: Row): boolean {
  return outcome !== 'ignored' && outcome !== 'refused' && outcome !== state
}

describe('every pair of the tables', () => {
  it('is pinned for pipelines', () => {
    expect(linesOf(PIPELINE_TRANSITIONS)).toMatchInlineSnapshot(`
      "awaiting_human + aborted -> cancelled
      awaiting_human + asked_failed -> ignored
      awaiting_human + asked_paused -> ignored
      awaiting_human + completed -> ignored
      awaiting_human + gave_up -> ignored
      awaiting_human + prepared -> ignored
      awaiting_human + restarted -> refused
      awaiting_human + resumed -> running
      awaiting_human + session_ended -> cancelled
      cancelled + aborted -> ignored
      cancelled + asked_failed -> ignored
      cancelled + asked_paused -> ignored
      cancelled + completed -> ignored
      cancelled + gave_up -> ignored
      cancelled + prepared -> ignored
      cancelled + restarted -> running
      cancelled + resumed -> ignored
      cancelled + session_ended -> ignored
      complete + aborted -> ignored
      complete + asked_failed -> ignored
      complete + asked_paused -> ignored
      complete + completed -> ignored
      complete + gave_up -> ignored
      complete + prepared -> ignored
      complete + restarted -> refused
      complete + resumed -> ignored
      complete + session_ended -> ignored
      failed + aborted -> cancelled
      failed + asked_failed -> ignored
      failed + asked_paused -> ignored
      failed + completed -> ignored
      failed + gave_up -> ignored
      failed + prepared -> ignored
      failed + restarted -> running
      failed + resumed -> running
      failed + session_ended -> cancelled
      pending + aborted -> ignored
      pending + asked_failed -> ignored
      pending + asked_paused -> ignored
      pending + completed -> ignored
      pending + gave_up -> failed
      pending + prepared -> running
      pending + restarted -> refused
      pending + resumed -> ignored
      pending + session_ended -> cancelled
      running + aborted -> ignored
      running + asked_failed -> failed
      running + asked_paused -> awaiting_human
      running + completed -> complete
      running + gave_up -> failed
      running + prepared -> ignored
      running + restarted -> running
      running + resumed -> ignored
      running + session_ended -> cancelled"
    `)
  })

  it('is pinned for phases', () => {
    expect(linesOf(PHASE_TRANSITIONS)).toMatchInlineSnapshot(`
      "awaiting_human + aborted -> cancelled
      awaiting_human + asked_failed -> ignored
      awaiting_human + asked_paused -> ignored
      awaiting_human + completed -> ignored
      awaiting_human + gave_up -> ignored
      awaiting_human + restarted -> refused
      awaiting_human + resumed -> running
      awaiting_human + rewound -> refused
      awaiting_human + session_ended -> cancelled
      awaiting_human + started -> ignored
      cancelled + aborted -> ignored
      cancelled + asked_failed -> ignored
      cancelled + asked_paused -> ignored
      cancelled + completed -> ignored
      cancelled + gave_up -> ignored
      cancelled + restarted -> running
      cancelled + resumed -> ignored
      cancelled + rewound -> pending
      cancelled + session_ended -> ignored
      cancelled + started -> ignored
      complete + aborted -> ignored
      complete + asked_failed -> ignored
      complete + asked_paused -> ignored
      complete + completed -> ignored
      complete + gave_up -> ignored
      complete + restarted -> running
      complete + resumed -> ignored
      complete + rewound -> pending
      complete + session_ended -> ignored
      complete + started -> ignored
      failed + aborted -> cancelled
      failed + asked_failed -> ignored
      failed + asked_paused -> ignored
      failed + completed -> ignored
      failed + gave_up -> ignored
      failed + restarted -> running
      failed + resumed -> running
      failed + rewound -> pending
      failed + session_ended -> cancelled
      failed + started -> ignored
      pending + aborted -> ignored
      pending + asked_failed -> failed
      pending + asked_paused -> awaiting_human
      pending + completed -> ignored
      pending + gave_up -> failed
      pending + restarted -> running
      pending + resumed -> ignored
      pending + rewound -> pending
      pending + session_ended -> cancelled
      pending + started -> running
      running + aborted -> ignored
      running + asked_failed -> failed
      running + asked_paused -> awaiting_human
      running + completed -> complete
      running + gave_up -> failed
      running + restarted -> running
      running + resumed -> ignored
      running + rewound -> pending
      running + session_ended -> cancelled
      running + started -> running"
    `)
  })

  it('is pinned for attempts', () => {
    expect(linesOf(ATTEMPT_TRANSITIONS)).toMatchInlineSnapshot(`
      "failed + failed -> ignored
      failed + lost -> ignored
      failed + spawned -> ignored
      failed + stopped -> ignored
      failed + succeeded -> ignored
      lost + failed -> ignored
      lost + lost -> ignored
      lost + spawned -> ignored
      lost + stopped -> ignored
      lost + succeeded -> ignored
      running + failed -> failed
      running + lost -> lost
      running + spawned -> ignored
      running + stopped -> stopped
      running + succeeded -> succeeded
      starting + failed -> failed
      starting + lost -> lost
      starting + spawned -> running
      starting + stopped -> stopped
      starting + succeeded -> succeeded
      stopped + failed -> ignored
      stopped + lost -> ignored
      stopped + spawned -> ignored
      stopped + stopped -> ignored
      stopped + succeeded -> ignored
      succeeded + failed -> ignored
      succeeded + lost -> ignored
      succeeded + spawned -> ignored
      succeeded + stopped -> ignored
      succeeded + succeeded -> ignored"
    `)
  })
})

describe('a table of transitions', () => {
  it.each(Object.entries(TABLES))('has every event in every state: %s', (_machine, table) => {
    const events = Object.values(table).map((row) => Object.keys(row).toSorted())
    expect(events.length).toBeGreaterThan(5)
    for (const each of events) expect(each).toEqual(events[0])
  })

  it.each(Object.entries(TABLES))('leads only to states it has: %s', (_machine, table) => {
    const known = [...Object.keys(table), 'ignored', 'refused']
    const outcomes = Object.values(table).flatMap((row) => Object.values(row))
    expect(known).toEqual(expect.arrayContaining([...new Set(outcomes)]))
  })

  it('lets an ended pipeline or phase take nothing but a new start', () => {
    const taken = ROWS.filter(
      ({ machine, state, outcome }) =>
        machine !== 'attempt' && (state === 'complete' || state === 'cancelled') && outcome !== 'ignored',
    )
    expect(
      taken.map(({ machine, state, event, outcome }) => `${machine} ${state} ${event} ${outcome}`),
    ).toEqual([
      'pipeline complete restarted refused',
      'pipeline cancelled restarted running',
      'phase complete restarted running',
      'phase complete rewound pending',
      'phase cancelled restarted running',
      'phase cancelled rewound pending',
    ])
  })

  it('has no end but a complete pipeline and an ended attempt', () => {
    const stuck = Object.entries(TABLES).flatMap(([machine, table]) =>
      Object.keys(table)
        .filter(
          (state) => !ROWS.some((row) => row.machine === machine && row.state === state && leadsAway(row)),
        )
        .map((state) => `${machine} ${state}`),
    )
    expect(stuck).toEqual(['pipeline complete', ...ENDED_ATTEMPTS.map((state) => `attempt ${state}`)])
  })

  it('has a way out of every other state that a person can take', () => {
    const ways = new Map<string, string[]>()
    for (const row of ROWS) {
      const mayCause = BY_A_PERSON[row.machine]?.includes(row.event) === true
      const key = `${row.machine} ${row.state}`
      ways.set(key, [...(ways.get(key) ?? []), ...(mayCause && leadsAway(row) ? [row.event] : [])])
    }
    const without = [...ways].filter(([, events]) => events.length === 0).map(([key]) => key)
    expect(without).toEqual(['pipeline complete', ...ENDED_ATTEMPTS.map((state) => `attempt ${state}`)])
  })

  it('refuses nothing but the wish to have a phase again', () => {
    const refused = ROWS.filter(({ outcome }) => outcome === 'refused')
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused.map(({ event }) => event))).toEqual(new Set(['restarted', 'rewound']))
  })

  it('asks a question only of what can be answered', () => {
    const tables: readonly Table[] = [PIPELINE_TRANSITIONS, PHASE_TRANSITIONS]
    for (const table of tables) {
      const asked = Object.values(table).flatMap((row) => [
        row['asked_failed'] ?? '',
        row['asked_paused'] ?? '',
      ])
      const states = [...new Set(asked)].filter((state) => state !== 'ignored' && state !== 'refused')
      expect(states.toSorted((one, other) => one.localeCompare(other))).toEqual(['awaiting_human', 'failed'])
      for (const state of states)
        expect(table[state]).toMatchObject({ resumed: 'running', aborted: 'cancelled' })
    }
  })

  it('says of every state how it is entered and left', () => {
    expect(Object.keys(RUN_STATES).toSorted()).toEqual(Object.keys(PIPELINE_TRANSITIONS).toSorted())
    expect(Object.keys(ATTEMPT_STATES).toSorted()).toEqual(Object.keys(ATTEMPT_TRANSITIONS).toSorted())
    for (const spec of [...Object.values(RUN_STATES), ...Object.values(ATTEMPT_STATES)])
      expect([spec.entered, spec.meanwhile, spec.left].every((text) => text.endsWith('.'))).toBe(true)
  })
})
