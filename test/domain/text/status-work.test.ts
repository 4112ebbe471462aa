// Reviews, contract, alerts and merges in the status comment and the check run.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Proposal, Verdict } from '../../../src/domain/pipeline/records.ts'
import { renderCheckRun } from '../../../src/domain/text/check-run.ts'
import { currentRounds } from '../../../src/domain/text/consensus-table.ts'
import { readSituation } from '../../../src/domain/text/situation.ts'
import { renderStatus, type StatusFacts } from '../../../src/domain/text/status-comment.ts'
import { foreignText } from './hostile.ts'
import { alert, contract, contractTask, proposal, verdict } from './review-samples.ts'
import { attempt, backup, NOON, phase, pipeline, statusFacts } from './samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

const HOUR = 3_600_000
const ENDED = { status: 'succeeded', exit: { kind: 'exited', code: 0 }, endedAt: NOON + 60_000 } as const

const ROUNDS: readonly Proposal[] = [
  proposal({ status: 'refused' }),
  proposal({ round: 2, status: 'stale' }),
  proposal({ round: 3 }),
]
const VERDICTS: readonly Verdict[] = [
  verdict({ status: 'nack', reasons: ['There is no test.', 'The name says nothing.'] }),
  verdict({ reviewer: 'careful', status: 'ack' }),
  verdict({ proposalId: 'pp_2', failures: 1 }),
  verdict({ proposalId: 'pp_2', reviewer: 'careful', status: 'ack' }),
  verdict({ proposalId: 'pp_3', failures: 2 }),
  verdict({ proposalId: 'pp_3', reviewer: 'careful', status: 'ack', reasons: ['Well done.'] }),
]

const REVIEWING: Partial<StatusFacts> = {
  phases: [
    phase({ id: 'p0', name: 'plan', status: 'complete', result: 'changed', rounds: 1 }),
    phase({ position: 1, rounds: 3 }),
  ],
  attempts: [
    attempt({ id: 'a0', phaseRunId: 'p0', ...ENDED }),
    attempt({ id: 'a1', ...ENDED }),
    attempt({ id: 'r1', role: 'reviewer', agent: 'strict', proposalId: 'pp_3' }),
  ],
  proposals: [proposal({ id: 'pp_0', phaseRunId: 'p0', status: 'accepted' }), ...ROUNDS],
  verdicts: VERDICTS,
}

describe('a phase under review', () => {
  it('is a situation of its own', () => {
    expect(readSituation(statusFacts(REVIEWING))).toEqual({
      kind: 'reviewing',
      phase: 'implement',
      round: 3,
      waitsFor: ['strict'],
    })
  })

  it('is over for people when the producer works again', () => {
    const facts = statusFacts({ ...REVIEWING, attempts: [attempt({ id: 'a2' })] })
    expect(readSituation(facts)).toMatchObject({ kind: 'agent_working', attempt: 1 })
  })

  it('is between two steps when nothing is proposed and nobody looks', () => {
    const facts = statusFacts({ ...REVIEWING, attempts: [], proposals: [proposal({ status: 'refused' })] })
    expect(readSituation(facts)).toEqual({ kind: 'between_steps', phase: 'implement' })
    const elsewhere = statusFacts({ attempts: [], proposals: [proposal({ pipelineId: 'rocket-1.0' })] })
    expect(readSituation(elsewhere).kind).toBe('between_steps')
  })

  it('is shown with every round, every verdict and the reasons', () => {
    expect(renderStatus(statusFacts(REVIEWING)).split('\n\n|  |')[0]).toMatchInlineSnapshot(`
      "**Phase \`implement\` is being reviewed**, round 3; it waits for \`strict\`. Nothing is needed from you.

      | Phase | Status | Attempts | Last attempt |
      | --- | --- | --- | --- |
      | \`plan\` | complete, accepted in round 1 | 1 | ended well after 1 min |
      | \`implement\` | in review, round 3 | 1 | ended well after 1 min |

      **Reviews of phase \`implement\`**

      | Round | Commit | \`strict\` | \`careful\` | Result |
      | --- | --- | --- | --- | --- |
      | 1 | \`4444444\` | refuses | accepts | refused |
      | 2 | \`5555555\` | no verdict, 1 failed attempt | accepts | counts no more |
      | 3 | \`6666666\` | looks at it, 2 failed attempts | accepts | under review |

      <details><summary>What the reviewers say (2)</summary>

      Round 3, \`careful\` accepts:

      > - Well done.

      Round 1, \`strict\` refuses:

      > - There is no test.
      > - The name says nothing.

      </details>"
    `)
  })

  it('is shown in the check run', () => {
    const { state, title, summary, buttons } = renderCheckRun(statusFacts(REVIEWING))
    expect(state).toEqual({ status: 'in_progress' })
    expect(title).toBe('Phase implement is being reviewed, round 3')
    expect(summary.split('\n')[0]).toBe('Round 3; it waits for `strict`.')
    expect(buttons).toEqual([])
  })

  it('shows the rounds since the phase began last, and only those', () => {
    const again = [...ROUNDS, proposal({ round: 1, id: 'pp_4' }), proposal({ round: 2, id: 'pp_5' })]
    expect(currentRounds(again).map(({ id }) => id)).toEqual(['pp_4', 'pp_5'])
    expect(currentRounds(ROUNDS)).toEqual(ROUNDS)
  })

  it('says in the table of phases how reviews ended', () => {
    const cell = (status: Proposal['status'], rounds = 1): string => {
      const done = phase({ status: 'complete', result: 'changed', rounds })
      const body = renderStatus(statusFacts({ phases: [done], proposals: [proposal({ status })] }))
      return /^\| `implement` \| ([^|]+) \|/mu.exec(body)?.[1] ?? ''
    }
    expect(cell('accepted')).toBe('complete, accepted in round 1')
    expect(cell('overruled')).toBe('complete, accepted by a person')
    expect(cell('stale')).toBe('complete')
    expect(cell('accepted', 0)).toBe('complete')
  })
})

describe('the rest of the work in the status comment', () => {
  it('shows the contract as a checklist', () => {
    const tasks = [
      contractTask({ status: 'done' }),
      contractTask({ taskId: 'handbook', title: 'Say so in the handbook', position: 1 }),
    ]
    const body = renderStatus(statusFacts({ contract: contract(), tasks }))
    expect(body).toContain('**Contract:** 1 of 2 tasks done.')
    expect(body).toContain('- [x] `parser` Reject an empty header')
    expect(body).toContain('- [ ] `handbook` Say so in the handbook')
  })

  it('shows alerts of the last day in sight, and older ones folded', () => {
    const stall = alert({
      id: 'al_2',
      code: 'overseer_stall',
      details: {
        agent: 'claude-code',
        role: 'producer',
        phase: 'implement',
        limit_ms: HOUR,
        active_at: NOON,
      },
      raisedAt: NOON - 25 * HOUR,
    })
    const body = renderStatus(statusFacts({ alerts: { newest: [alert(), stall], now: NOON + HOUR } }))
    expect(body.split('\n\n')[1]).toMatchInlineSnapshot(
      `"- **Warning** of 2025-01-31 12:00 UTC: The agent raised an alert in phase \`implement\`: The tests need a database that is not here."`,
    )
    expect(body.slice(body.indexOf('<details><summary>Earlier'))).toMatchInlineSnapshot(`
      "<details><summary>Earlier warnings (1)</summary>

      - 2025-01-30 11:00 UTC: The agent \`claude-code\` in phase \`implement\` has shown no life since 2025-01-31 12:00 UTC, longer than 1 h.

      </details>

      <sub>\`/belay status\` refreshes this comment, \`/belay help\` lists what you can do.</sub>"
    `)
  })

  it('says why nothing goes on while GitHub merges, and only then', () => {
    const merging = { waiting: [], hasOpenQuestion: false, isMerging: true }
    const held = '**GitHub is about to merge this pull request.**'
    expect(renderStatus(statusFacts({ attempts: [], news: merging }))).toContain(held)
    expect(renderStatus(statusFacts({ news: merging }))).not.toContain(held)
    const done = pipeline({ status: 'complete' })
    expect(renderStatus(statusFacts({ pipeline: done, news: merging }))).not.toContain(held)
  })

  it('mentions nobody, keeps its shape and stays harmless whatever foreign text it carries', () => {
    const benign = shapeOf(withText('plain'))
    fc.assert(
      fc.property(foreignText(), (foreign) => {
        const text = foreign.replace(/\\+\|/gu, '/')
        expect(dangersOf(withText(text))).toEqual([])
        expect(shapeOf(withText(text))).toEqual(benign)
      }),
      { numRuns: 30 },
    )
  })

  it('fits into a comment when everything is as long as it can be', () => {
    const long = '@<'.repeat(2000)
    const many = <T>(item: T, amount = 60): readonly T[] => Array.from({ length: amount }, () => item)
    const reviewers = Array.from({ length: 12 }, (_, at) => `${at}${'@'.repeat(80)}`)
    const refused = ROUNDS.flatMap(({ id: proposalId }) =>
      reviewers.map((reviewer) => verdict({ proposalId, reviewer, status: 'nack', reasons: many(long) })),
    )
    const task = contractTask({ title: long, note: long, acceptance: many(long, 50) })
    const body = renderStatus(
      statusFacts({
        ...REVIEWING,
        verdicts: refused,
        contract: contract({ path: long }),
        tasks: many(task, 500).map((one, at) => ({ ...one, id: String(at), taskId: `t${at}` })),
        alerts: { newest: many(alert({ details: { text: long } }), 5), now: NOON },
        pins: many(backup({ rescueBranch: 'x'.repeat(200) })),
      }),
    )
    expect(body.length).toBeLessThan(65_000)
  })
})

/** A status in which every word of an agent or a plan is the given one. */
function withText(text: string): string {
  const reasons = [text, `x ${text}`]
  return renderStatus(
    statusFacts({
      ...REVIEWING,
      verdicts: ROUNDS.map(({ id }) => verdict({ proposalId: id, reviewer: text, status: 'nack', reasons })),
      contract: contract({ path: text, phase: text }),
      tasks: [contractTask({ title: text, note: text, acceptance: [text] })],
      alerts: { newest: [alert({ details: { phase: text, text } })], now: NOON },
    }),
  )
}
