import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderCheckRun, renderContinuedAt } from '../../../src/domain/text/check-run.ts'
import { foreignText } from './hostile.ts'
import { attempt, commit, decision, details, phase, pipeline, session, sha, statusFacts } from './samples.ts'
import { dangersOf } from './structure.ts'

describe('renderCheckRun', () => {
  it('asks the open question with its options as buttons', () => {
    const { summary, ...shown } = renderCheckRun(statusFacts({ openDecision: decision() }))
    expect(shown).toMatchInlineSnapshot(`
      {
        "buttons": [
          {
            "description": "Continue with post-reset state",
            "identifier": "continue",
            "label": "Continue",
          },
          {
            "description": "Abort pipeline",
            "identifier": "abort",
            "label": "Abort pipeline",
          },
          {
            "description": "Rescue my commits",
            "identifier": "rescue",
            "label": "Rescue my commits",
          },
        ],
        "externalId": "k3m9qx",
        "state": {
          "conclusion": "action_required",
          "status": "completed",
        },
        "title": "Question k3m9qx: an answer is needed",
      }
    `)
    expect(summary).toContain('```text\n/continue k3m9qx\n/abort k3m9qx\n/belay rescue k3m9qx\n```')
    expect(summary).toContain('### The branch diverged and was reset')
  })

  it('takes the conclusion of an open question from the configuration', () => {
    const config = { ...pipeline().config, check: 'neutral' as const }
    const { state } = renderCheckRun(
      statusFacts({ openDecision: decision(), pipeline: pipeline({ config }) }),
    )
    expect(state).toEqual({ status: 'completed', conclusion: 'neutral' })
  })

  it.each([
    [
      'queued',
      'Preparing the worktree for claude-code',
      statusFacts({ pipeline: null, phases: [], attempts: [] }),
    ],
    ['in_progress', 'claude-code works on phase implement', statusFacts({})],
    ['in_progress', 'Phase implement is under way', statusFacts({ attempts: [] })],
    [
      'success',
      'claude-code is done',
      statusFacts({ pipeline: pipeline({ status: 'complete' }), phases: [phase({ result: 'changed' })] }),
    ],
    [
      'success',
      'claude-code is done and changed nothing',
      statusFacts({ pipeline: pipeline({ status: 'complete' }) }),
    ],
    [
      'failure',
      'Phase implement failed',
      statusFacts({
        pipeline: pipeline({ status: 'failed', failure: { code: 'agent_failed', detail: '' } }),
      }),
    ],
    ['cancelled', 'The pipeline was cancelled', statusFacts({ pipeline: pipeline({ status: 'cancelled' }) })],
    ['cancelled', 'The session was stopped', statusFacts({ session: session({ state: 'stopped' }) })],
    ['neutral', 'The session is over', statusFacts({ session: session({ state: 'closed' }) })],
  ])('is %s when it says "%s", without buttons', (expected, title, facts) => {
    const shown = renderCheckRun(facts)
    const { state } = shown
    expect(state.status === 'completed' ? state.conclusion : state.status).toBe(expected)
    expect(shown.buttons).toEqual([])
    expect(shown.externalId).toBe('rocket-1')
    expect(shown.title).toBe(title)
  })

  it('counts attempts of the phase that runs', () => {
    const attempts = [
      attempt({ id: 'a', status: 'failed' }),
      attempt({ id: 'b', phaseRunId: 'other' }),
      attempt({ id: 'c' }),
    ]
    expect(
      renderCheckRun(
        statusFacts({ attempts: attempts.map((a) => (a.id === 'b' ? { ...a, status: 'failed' } : a)) }),
      ).summary,
    ).toMatch(/^Attempt 2, since 2025-01-31 12:00 UTC\./u)
  })

  it('stays within the limits of GitHub and mentions nobody, whatever it carries', () => {
    fc.assert(
      fc.property(foreignText(), (text) => {
        const facts = details({ discarded: [commit('1', text, text)], conflictingPaths: [text], note: text })
        const options = [
          { id: text, label: text, button: text, effect: 'x', action: 'cancel_pipeline' as const },
        ]
        const open = decision({ details: facts, phase: text })
        const shown = renderCheckRun(statusFacts({ openDecision: open }))
        const cut = renderCheckRun(
          statusFacts({
            openDecision: { ...open, options: [...options, ...options, ...options, ...options] },
          }),
        )
        expect(dangersOf(shown.summary)).toEqual([])
        expect(shown.summary.length).toBeLessThan(60_000)
        expect(cut.buttons).toHaveLength(3)
        for (const button of cut.buttons) {
          expect(Array.from(button.label).length).toBeLessThanOrEqual(20)
          expect(Array.from(button.description).length).toBeLessThanOrEqual(40)
          expect(button.identifier.length).toBeLessThanOrEqual(20)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('renderContinuedAt', () => {
  it('ends as neutral and names the commit', () => {
    expect(renderContinuedAt(sha('3'))).toEqual({
      state: { status: 'completed', conclusion: 'neutral' },
      title: 'Continued at 3333333',
      summary: 'The branch moved. The check of `3333333` shows what is going on now.',
      buttons: [],
    })
  })
})
