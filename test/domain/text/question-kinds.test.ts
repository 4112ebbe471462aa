// What every kind of question has in common: an end in words, a line for every option, buttons, and foreign words in it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { renderCheckRun } from '../../../src/domain/text/check-run.ts'
import { renderQuestion, type QuestionContext } from '../../../src/domain/text/question-comment.ts'
import { foreignText } from './hostile.ts'
import {
  agentDecision,
  consensusDecision,
  contractDecision,
  failureDecision,
  ONE_OF_EVERY_KIND,
} from './question-samples.ts'
import { NOON, pinNote, sha, statusFacts } from './samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

const CONTEXT: QuestionContext = { asks: 'alice', needs: 'write', rescues: [], replaces: [] }
const KINDS = Object.keys(DECISIONS) as DecisionKind[]

describe('a question that is closed', () => {
  it('mentions nobody and offers nothing once it is closed', () => {
    for (const kind of KINDS) {
      const body = renderQuestion(closed(kind, { cancelReason: 'session_stopped' }), CONTEXT)
      expect(body).not.toContain('@alice')
      expect(body).not.toMatch(/^\/(?:abort|belay)/mu)
      expect(body).toContain(DECISIONS[kind].title)
    }
  })
})

describe('the end of a question', () => {
  it.each([
    ['superseded', 'moved before anybody answered'],
    ['session_stopped', 'The session was stopped.'],
    ['pull_request_over', 'The pull request is closed.'],
    ['news_over', 'Nothing waits for the agent any more.'],
    ['cancelled_by_operator', 'The operator withdrew it without an answer.'],
    ['wrong_phase', 'The pipeline is at another phase'],
    ['restarted', 'A person had the phase run again from its beginning'],
    [null, 'It does not apply any more.'],
  ])('is said in words when it is withdrawn: %s', (cancelReason, words) => {
    const [first, second] = ending(closed('agent_failed', { cancelReason })).split('\n\n')
    expect(first).toBe(
      'Question `k3m9qx` was withdrawn at 2025-01-31 12:00 UTC; no answer is needed any more.',
    )
    expect(second).toContain(words)
  })

  it('names who withdrew it', () => {
    const stored = { cancelReason: 'cancelled_by_operator', answeredBy: 'ops' }
    expect(ending(closed('empty_contract', stored))).toMatchInlineSnapshot(`
      "Question \`k3m9qx\` was withdrawn by \`ops\` at 2025-01-31 12:00 UTC; no answer is needed any more.

      The operator withdrew it without an answer. The worktree and every pin stay as they are. The pipeline was cancelled."
    `)
  })

  it('is said in words when nobody answered in time, and when somebody did', () => {
    expect(ending(closed('agent_failed', { status: 'expired', cancelReason: 'expired' })))
      .toMatchInlineSnapshot(`
        "Question \`k3m9qx\` was closed without an answer at 2025-01-31 12:00 UTC; an answer does not count any more.

        Nobody answered in the time that this repository allows. The worktree and every pin stay as they are. The pipeline was cancelled."
      `)
    expect(ending(closed('agent_failed', { status: 'expired', cancelReason: null }))).toContain(
      'Nobody answered in the time',
    )
    const answered = { status: 'resolved', answer: 'a', answeredBy: 'bob', answeredVia: 'rest' } as const
    expect(ending(closed('agent_question', answered))).toMatchInlineSnapshot(`
      "Question \`k3m9qx\` is answered: \`bob\` chose \`a\` through the REST API at 2025-01-31 12:00 UTC.

      **Yes, accept tabs.** A new attempt of the agent is told this choice."
    `)
  })
})

describe('a question that is closed by itself after a time', () => {
  it('says so, and what follows', () => {
    const closesAfterMs = 7 * 24 * 3_600_000
    const body = renderQuestion(contractDecision(), { ...CONTEXT, closesAfterMs })
    expect(body).toContain(
      'If nobody answers for 7 d, it is closed and the pipeline is cancelled; the worktree and every pin stay as they are.',
    )
    const budget = renderQuestion(ONE_OF_EVERY_KIND.nudge_budget({}), { ...CONTEXT, closesAfterMs })
    expect(budget).toContain('If nobody answers for 7 d, it is closed, and nothing else changes.')
    expect(renderQuestion(contractDecision(), { ...CONTEXT, closesAfterMs: null })).toContain(
      'If nobody answers, nothing happens',
    )
  })
})

describe('every kind of question', () => {
  it.each(KINDS)('has words, facts and a line for every option: %s', (kind) => {
    const asked = ONE_OF_EVERY_KIND[kind]({})
    const body = renderQuestion(asked, CONTEXT)
    expect(body.split('\n')[0]).toMatch(/^@alice: a decision is needed.* This is question `k3m9qx`\.$/u)
    expect(body).toContain(`### ${DECISIONS[kind].title}`)
    expect(body).toContain('| Branch | `feature`')
    for (const { id, effect } of asked.options) {
      expect(body).toContain(effect)
      expect(body).toMatch(new RegExp(`^/.*\\b${id}\\b.*k3m9qx$|^/${id} k3m9qx$`, 'mu'))
    }
  })

  it.each(KINDS)('has buttons that GitHub takes: %s', (kind) => {
    const all = [...DECISIONS[kind].options, ...DECISIONS[kind].optionsOnceEnded]
    for (const option of all) {
      expect(Array.from(option.button).length).toBeLessThanOrEqual(20)
      expect(option.id.length).toBeLessThanOrEqual(20)
    }
    const asked = ONE_OF_EVERY_KIND[kind]({})
    const { buttons, summary } = renderCheckRun(statusFacts({ openDecision: asked }))
    expect(buttons.map(({ identifier }) => identifier)).toEqual(asked.options.slice(0, 3).map(({ id }) => id))
    expect(buttons.map(({ label }) => label)).toEqual(asked.options.slice(0, 3).map(({ button }) => button))
    expect(summary).toContain(`### ${DECISIONS[kind].title}`)
  })
})

describe('foreign words in a question', () => {
  it('are harmless and keep their place, whoever wrote them', () => {
    const benign = questionsWith('plain').map((body) => shapeOf(body))
    fc.assert(
      fc.property(foreignText(), (foreign) => {
        const text = foreign.replace(/\\+\|/gu, '/').replace(/[\r\n\u2028\u2029]+/gu, ' ')
        const bodies = questionsWith(text)
        expect(bodies.flatMap((body) => dangersOf(body))).toEqual([])
        expect(bodies.map((body) => shapeOf(body))).toEqual(benign)
      }),
      { numRuns: 30 },
    )
  })

  it('are harmless over several lines', () => {
    fc.assert(
      fc.property(fc.array(foreignText(), { maxLength: 6 }), (lines) => {
        const body = renderQuestion(agentDecision({ text: lines.join('\n') }), { ...CONTEXT, asks: null })
        expect(dangersOf(body)).toEqual([])
        expect(body).toContain('\n\nThe phase is not complete.')
      }),
      { numRuns: 30 },
    )
  })

  it('fit into a comment when everything is as long as it can be', () => {
    const long = 'x<'.repeat(5000)
    const many = <T>(item: T): readonly T[] => Array.from({ length: 60 }, () => item)
    const round = consensusDecision({}).details.rounds[0]
    if (round === undefined) throw new Error('no round')
    const refusals = many({ reviewer: long.slice(0, 60), reasons: many(long) })
    const all = [
      consensusDecision({ rounds: many({ ...round, refusals }) }),
      contractDecision({ faults: many({ line: 1, message: long }) }),
      failureDecision({ ending: long, pins: many(pinNote({ dirtyPaths: many(long) })) }),
      agentDecision({ text: long, choices: [long.slice(0, 60), 'b', 'c'] }),
    ]
    for (const asked of all) expect(renderQuestion(asked, CONTEXT).length).toBeLessThan(60_000)
  })
})

function closed(kind: DecisionKind, stored: Partial<Decision>): Decision {
  return ONE_OF_EVERY_KIND[kind]({ status: 'cancelled', answeredAt: NOON, ...stored })
}

function ending(question: Decision): string {
  return renderQuestion(question, CONTEXT).split('\n\n<details>')[0] ?? ''
}

/** Every question about work, with the given text wherever agents, people or git can write. */
function questionsWith(text: string): readonly string[] {
  const reasons = [text, `x ${text}`]
  const round = {
    round: 1,
    commit: sha('4'),
    status: 'refused',
    refusals: [{ reviewer: text, reasons }],
  } as const
  const all = [
    contractDecision({ path: text, faults: [{ line: 1, message: text }] }, { phase: text }),
    consensusDecision({ rounds: [round, round] }, { phase: text }),
    failureDecision({ agent: text, ending: `x ${text}` }, { phase: text }),
    agentDecision({ agent: text, text: `x ${text}`, choices: [text] }, { phase: text }),
  ]
  return all.map((asked) => renderQuestion(asked, { ...CONTEXT, asks: null }))
}
