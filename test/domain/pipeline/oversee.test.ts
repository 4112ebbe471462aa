// The overseer's rules: what counts, from which anchor, and that nothing is raised twice.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  findAnomalies,
  type Finding,
  type WatchedAttempt,
  type WatchFacts,
} from '../../../src/domain/pipeline/oversee.ts'
import type { AgentExit } from '../../../src/domain/session/attempt.ts'

const NOW = 1_000_000
const LIMITS = { stallMs: 600, loop: 3, budgetMs: 5_000 }
const PHASE = { id: 'rope-1.1/build', name: 'build' }
const QUIET: WatchFacts = {
  now: NOW,
  limits: LIMITS,
  pipelineId: 'rope-1.1',
  phase: PHASE,
  attempts: [],
  questions: [],
  refusals: [],
  raised: [],
}

function attempt(fields: Partial<WatchedAttempt> = {}): WatchedAttempt {
  return {
    id: 'at_1',
    phaseRunId: PHASE.id,
    role: 'producer',
    agent: 'knotter',
    status: 'running',
    exit: null,
    activeAt: NOW - 10,
    startedAt: NOW - 1_000,
    endedAt: null,
    ...fields,
  }
}

function ended(exit: AgentExit, fields: Partial<WatchedAttempt> = {}): WatchedAttempt {
  const isWell = exit.kind === 'exited' && exit.code === 0
  return attempt({ status: isWell ? 'succeeded' : 'failed', exit, endedAt: NOW - 1_000, ...fields })
}

const CRASH: AgentExit = { kind: 'exited', code: 3 }
const WELL: AgentExit = { kind: 'exited', code: 0 }

function kindsIn(facts: Partial<WatchFacts>): readonly string[] {
  return findAnomalies({ ...QUIET, ...facts }).map(({ anomaly }) => anomaly)
}

describe('findAnomalies: stall', () => {
  it('is raised for the attempt that is silent for longer than the limit, with its own anchor', () => {
    const silent = attempt({ activeAt: NOW - 601 })
    expect(findAnomalies({ ...QUIET, attempts: [silent] })).toEqual([
      {
        anomaly: 'stall',
        about: 'at_1',
        details: {
          phase: 'build',
          attempt_id: 'at_1',
          role: 'producer',
          agent: 'knotter',
          active_at: NOW - 601,
          limit_ms: 600,
        },
      },
    ])
    expect(kindsIn({ attempts: [attempt({ activeAt: NOW - 600 })] })).toEqual([])
  })

  it.each([
    ['has not started yet', { status: 'starting', activeAt: NOW - 5_000 }],
    ['is over', { status: 'lost', activeAt: NOW - 5_000 }],
    ['has an anchor of zero', { activeAt: 0, startedAt: 0 }],
    ['has an anchor in the future', { activeAt: NOW + 1 }],
    ['carries a sign of life from before its start', { activeAt: NOW - 900_000, startedAt: NOW - 100 }],
    ['is of another phase', { activeAt: NOW - 5_000, phaseRunId: 'rope-1.1/plan' }],
  ] as const)('is not raised for an attempt that %s', (_what, fields) => {
    expect(kindsIn({ limits: { ...LIMITS, budgetMs: Infinity }, attempts: [attempt(fields)] })).toEqual([])
  })

  it('takes no sign of life of one attempt for that of another', () => {
    const attempts = [attempt({ id: 'at_1', activeAt: NOW - 700 }), attempt({ id: 'at_2', activeAt: NOW })]
    expect(findAnomalies({ ...QUIET, attempts }).map(({ about }) => about)).toEqual(['at_1'])
  })
})

describe('findAnomalies: loop', () => {
  const crashes = (times: number): readonly WatchedAttempt[] =>
    Array.from({ length: times }, () => ended(CRASH))

  it('is raised when the same kind of exit came as often as the limit says, and again at its next multiple', () => {
    expect(kindsIn({ attempts: crashes(2) })).toEqual([])
    const [first] = findAnomalies({ ...QUIET, attempts: crashes(3) })
    expect(first).toEqual({
      anomaly: 'loop',
      about: 'build:exit:producer knotter:exited:1',
      details: { phase: 'build', what: 'exit', who: 'producer knotter', which: 'exited', times: 3, limit: 3 },
    })
    const raised = first === undefined ? [] : [first]
    expect(findAnomalies({ ...QUIET, attempts: crashes(5), raised })).toEqual([])
    expect(findAnomalies({ ...QUIET, attempts: crashes(6), raised })).toMatchObject([
      { about: 'build:exit:producer knotter:exited:2', details: { times: 6 } },
    ])
  })

  it.each([
    ['a success lies between', [ended(CRASH), ended(CRASH), ended(WELL), ended(CRASH)]],
    ['they are of different kinds', [ended(CRASH), ended(CRASH), ended({ kind: 'lost' })]],
    ['somebody stopped them', Array.from({ length: 3 }, () => ended({ kind: 'stopped' }))],
    ['one is of another phase', [ended(CRASH), ended(CRASH), ended(CRASH, { phaseRunId: 'rope-1.1/plan' })]],
    ['one is of another agent', [ended(CRASH), ended(CRASH), ended(CRASH, { agent: 'other' })]],
  ])('is not raised when %s', (_what, attempts) => {
    expect(kindsIn({ attempts })).toEqual([])
  })

  it('does not take a reviewer’s success for one of the producer', () => {
    const attempts = [ended(CRASH), ended(CRASH), ended(WELL, { role: 'reviewer' }), ended(CRASH)]
    expect(kindsIn({ attempts })).toEqual(['loop'])
  })

  it('counts questions of one kind and phase, each chain once', () => {
    const asked = (rootId: string, phase = 'build') => ({ rootId, phase, kind: 'sync_blocked' as const })
    const anew = [asked('aaaaaa'), asked('aaaaaa'), asked('bbbbbb'), asked('cccccc', 'plan')]
    expect(kindsIn({ questions: anew })).toEqual([])
    expect(findAnomalies({ ...QUIET, questions: [...anew, asked('dddddd')] })).toMatchObject([
      {
        about: 'build:question::sync_blocked:1',
        details: { what: 'question', which: 'sync_blocked', times: 3 },
      },
    ])
  })

  it('counts the same words of the same reviewer, whatever their layout', () => {
    const refusal = (reviewer: string, ...reasons: string[]) => ({ reviewer, reasons })
    const twice = [refusal('ana', 'No  test.', 'Other'), refusal('ana', 'No test.', ' No test. ')]
    expect(kindsIn({ refusals: [...twice, refusal('ben', 'No test.')] })).toEqual([])
    expect(findAnomalies({ ...QUIET, refusals: [...twice, refusal('ana', 'No\ntest.')] })).toMatchObject([
      { anomaly: 'loop', details: { what: 'refusal', who: 'ana', which: 'No test.', times: 3 } },
    ])
  })
})

describe('findAnomalies: budget', () => {
  it('is raised once the attempts of all phases together took longer', () => {
    const plan = ended(WELL, { phaseRunId: 'rope-1.1/plan', startedAt: NOW - 5_000, endedAt: NOW - 1_000 })
    const build = attempt({ startedAt: NOW - 1_000 })
    expect(kindsIn({ attempts: [plan, build] })).toEqual([])
    expect(findAnomalies({ ...QUIET, now: NOW + 1, attempts: [plan, build] })).toMatchObject([
      { anomaly: 'budget', about: 'rope-1.1', details: { attempts: 2, spent_ms: 5_001, limit_ms: 5_000 } },
    ])
  })
})

describe('the laws of findAnomalies', () => {
  const exits: readonly AgentExit[] = [
    WELL,
    CRASH,
    { kind: 'lost' },
    { kind: 'stopped' },
    { kind: 'timed_out', afterMs: 1 },
  ]
  const someAttempt = fc
    .record({
      role: fc.constantFrom('producer', 'reviewer'),
      agent: fc.constantFrom('knotter', 'other'),
      phaseRunId: fc.constantFrom(PHASE.id, 'rope-1.1/plan'),
      exit: fc.option(fc.constantFrom(...exits)),
      startedAt: fc.integer({ min: NOW - 2_000, max: NOW }),
      activeAt: fc.oneof(fc.constant(0), fc.integer({ min: NOW - 3_000, max: NOW + 500 })),
      took: fc.integer({ min: 0, max: 1_000 }),
    })
    .map(({ exit, took, ...fields }) => {
      const now = exit === null ? attempt() : ended(exit)
      return { ...now, ...fields, endedAt: exit === null ? null : fields.startedAt + took }
    })
  const someFacts = fc
    .record({
      attempts: fc.array(someAttempt, { maxLength: 12 }),
      questions: fc.array(
        fc.record({
          rootId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
          kind: fc.constantFrom('agent_failed' as const, 'sync_blocked' as const),
          phase: fc.constantFrom('build', 'plan'),
        }),
        { maxLength: 10 },
      ),
      refusals: fc.array(
        fc.record({
          reviewer: fc.constantFrom('ana', 'ben'),
          reasons: fc.array(fc.constantFrom('No test.', 'Too long.'), { maxLength: 3 }),
        }),
        { maxLength: 10 },
      ),
    })
    .map((facts): WatchFacts => ({
      ...QUIET,
      ...facts,
      attempts: facts.attempts.map((each, index) => ({ ...each, id: `at_${index}` })),
    }))

  const keys = (findings: readonly Finding[]) => findings.map(({ anomaly, about }) => `${anomaly}:${about}`)

  /** A loop stands for all the multiples below it. */
  function standsIn(finding: Finding, later: readonly Finding[]): boolean {
    const [, stem = finding.about, bucket = '0'] = /^(.*):(\d+)$/u.exec(finding.about) ?? []
    return later.some(({ anomaly, about }) => {
      if (anomaly !== finding.anomaly) return false
      if (anomaly !== 'loop') return about === finding.about
      const [, otherStem, otherBucket = '0'] = /^(.*):(\d+)$/u.exec(about) ?? []
      return otherStem === stem && Number(otherBucket) >= Number(bucket)
    })
  }

  it('finds something in the generated worlds, of every kind', () => {
    const seen = new Set(fc.sample(someFacts, { numRuns: 300, seed: 7 }).flatMap((facts) => kindsIn(facts)))
    expect([...seen].toSorted()).toEqual(['budget', 'loop', 'stall'])
  })

  it('raises nothing twice: not in one look, and not in the next', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const found = findAnomalies(facts)
        expect(new Set(keys(found)).size).toBe(found.length)
        expect(findAnomalies({ ...facts, raised: found })).toEqual([])
      }),
    )
  })

  it('never takes back what time or more failures can only make worse', () => {
    fc.assert(
      fc.property(someFacts, fc.array(someAttempt, { maxLength: 4 }), fc.nat(5_000), (facts, more, later) => {
        const attempts = [...facts.attempts, ...more.map((each, index) => ({ ...each, id: `more_${index}` }))]
        const found = findAnomalies(facts)
        const after = findAnomalies({ ...facts, attempts, now: facts.now + later })
        expect(found.filter((finding) => !standsIn(finding, after))).toEqual([])
      }),
    )
  })

  it('judges an attempt by its own facts, whatever the others report', () => {
    fc.assert(
      fc.property(someFacts, fc.integer({ min: 0, max: NOW }), (facts, activeAt) => {
        const [mine, ...others] = facts.attempts
        if (mine === undefined) return
        const stalled = (attempts: readonly WatchedAttempt[]) =>
          keys(findAnomalies({ ...facts, attempts })).includes(`stall:${mine.id}`)
        expect(stalled([mine, ...others.map((each) => ({ ...each, activeAt }))])).toBe(stalled([mine]))
      }),
    )
  })
})
