// The line of every alert, and that foreign words stay words in it.

import { describe, expect, it } from 'vitest'
import type { AlertCode } from '../../../src/domain/records.ts'
import { alertLine, type AlertFacts } from '../../../src/domain/text/alerts.ts'

const MINUTE = 60_000
const PHASE = { phase: 'build' }

const LINES: Readonly<Record<AlertCode, readonly [AlertFacts['details'], string]>> = {
  overseer_stall: [
    { ...PHASE, agent: 'knotter', role: 'producer', active_at: 0, limit_ms: 10 * MINUTE },
    'The agent `knotter` in phase `build` has shown no life since 1970-01-01 00:00 UTC, longer than 10 min.',
  ],
  overseer_loop: [
    { ...PHASE, what: 'exit', who: 'producer knotter', which: 'timed_out', times: 3, limit: 3 },
    'The same thing happens again and again in phase `build`: the producer knotter ended with `timed_out`, 3 times so far.',
  ],
  overseer_budget: [
    { attempts: 7, spent_ms: 13 * 60 * MINUTE, limit_ms: 12 * 60 * MINUTE },
    'The agents of this pipeline have worked for 13 h in 7 attempts; `overseer.budget` is 12 h.',
  ],
  agent_alert: [
    { ...PHASE, text: 'The tests need a key.' },
    'The agent raised an alert in phase `build`: The tests need a key.',
  ],
  backup_damaged: [
    { backup: '17-ab', detail: 'missing blob' },
    'The pin `17-ab` can not be read back: missing blob',
  ],
  workspace_held: [
    { detail: 'vendor/own' },
    'The workspace stays, because not everything in it could be saved: vendor/own',
  ],
  hard_reset_recovery_unknown_resolution: [
    { actor: 'alice', decision_id: 'abc234', resolution: 'populate' },
    '`alice` answered the question `abc234` with `populate`, which is none of its options; it is still open.',
  ],
}

describe('alertLine', () => {
  it.each(Object.entries(LINES))('has words for %s', (code, [details, line]) => {
    expect(alertLine({ code: code as AlertCode, details })).toBe(line)
  })

  it.each([
    [{ what: 'question', which: 'agent_failed' }, 'the question `agent_failed`'],
    [{ what: 'refusal', who: 'ana', which: 'No test.' }, 'the reviewer `ana` refused with “No test.”'],
  ])('says what repeats: %o', (repeat, words) => {
    const details = { ...PHASE, ...repeat, times: 3, limit: 3 }
    expect(alertLine({ code: 'overseer_loop', details })).toContain(`: ${words}, 3 times so far.`)
  })

  it('mentions nobody and opens no Markdown with what an agent wrote', () => {
    const line = alertLine({ code: 'agent_alert', details: { text: '@alice **look** <img src=x>\n# now' } })
    expect(line).not.toMatch(/@alice|\*\*look|<img|\n/u)
  })
})
