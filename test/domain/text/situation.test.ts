import { describe, expect, it } from 'vitest'
import { readSituation } from '../../../src/domain/text/situation.ts'
import { attempt, decision, NOON, phase, pipeline, session, statusFacts } from './samples.ts'

describe('readSituation', () => {
  it('puts an open question before everything else', () => {
    for (const state of ['spawning', 'live', 'stopped', 'closed'] as const) {
      const facts = statusFacts({ openDecision: decision(), session: session({ state }) })
      expect(readSituation(facts).kind).toBe('question_open')
    }
  })

  it('names the phase and the attempt that run', () => {
    const facts = statusFacts({
      pipeline: pipeline({ currentPhase: 'implement' }),
      phases: [phase({ id: 'p0', name: 'plan' }), phase()],
      attempts: [
        attempt({ id: 'a0', phaseRunId: 'p0', status: 'succeeded' }),
        attempt({ id: 'a1', status: 'failed' }),
        attempt({ id: 'a2', status: 'starting', startedAt: NOON + 5000 }),
      ],
    })
    expect(readSituation(facts)).toEqual({
      kind: 'agent_working',
      phase: 'implement',
      attempt: 2,
      since: NOON + 5000,
    })
  })

  it('is between two steps when a pipeline runs and no attempt does', () => {
    const facts = statusFacts({ attempts: [attempt({ status: 'succeeded' })] })
    expect(readSituation(facts)).toEqual({ kind: 'between_steps', phase: 'implement' })
  })

  it('says whether anything was changed when it is finished', () => {
    const done = pipeline({ status: 'complete' })
    const changed = [phase({ result: 'no_changes' }), phase({ result: 'changed' })]
    expect(readSituation(statusFacts({ pipeline: done, phases: changed }))).toEqual({
      kind: 'finished',
      changed: true,
    })
    expect(readSituation(statusFacts({ pipeline: done }))).toEqual({ kind: 'finished', changed: false })
  })
})
