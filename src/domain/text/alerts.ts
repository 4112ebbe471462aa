// What alerts say, one sentence each. What the agent, git or a file said is foreign text.

import { assertNever } from '../assert-never.ts'
import type { Alert } from '../records.ts'
import { clip, count, escapeText, inlineCode } from './markdown.ts'
import { formatDuration, formatTime } from './moment.ts'

/** An alert as far as its words go. */
export type AlertFacts = Pick<Alert, 'code' | 'details'>

/** As much of foreign words as a line has room for. */
const MOST_CHARACTERS = 300

/** Returns one line of Markdown about an alert. */
export function alertLine({ code, details }: AlertFacts): string {
  switch (code) {
    case 'overseer_stall':
      return stallLine(details)
    case 'overseer_loop':
      return loopLine(details)
    case 'overseer_budget':
      return budgetLine(details)
    case 'agent_alert':
      return `The agent raised an alert${phaseWords(details)}: ${foreign(details, 'text')}`
    case 'backup_damaged':
      return `The pin ${named(details, 'backup')} can not be read back: ${foreign(details, 'detail')}`
    case 'workspace_held':
      return `The workspace stays, because not everything in it could be saved: ${foreign(details, 'detail')}`
    case 'hard_reset_recovery_unknown_resolution':
      return `${named(details, 'actor')} answered the question ${named(details, 'decision_id')} with ${named(details, 'resolution')}, which is none of its options; it is still open.`
    default:
      return assertNever(code)
  }
}

function stallLine(details: Alert['details']): string {
  const limit = formatDuration(numberOf(details, 'limit_ms'))
  const since = formatTime(numberOf(details, 'active_at'))
  const who = details['role'] === 'reviewer' ? 'reviewer' : 'agent'
  return `The ${who} ${named(details, 'agent')}${phaseWords(details)} has shown no life since ${since}, longer than ${limit}.`
}

function loopLine(details: Alert['details']): string {
  const times = count(numberOf(details, 'times'), 'time')
  return `The same thing happens again and again${phaseWords(details)}: ${repeatWords(details)}, ${times} so far.`
}

function repeatWords(details: Alert['details']): string {
  switch (details['what']) {
    case 'question':
      return `the question ${named(details, 'which')}`
    case 'refusal':
      return `the reviewer ${named(details, 'who')} refused with “${foreign(details, 'which')}”`
    default:
      return `the ${foreign(details, 'who')} ended with ${named(details, 'which')}`
  }
}

function budgetLine(details: Alert['details']): string {
  const spent = formatDuration(numberOf(details, 'spent_ms'))
  const limit = formatDuration(numberOf(details, 'limit_ms'))
  const attempts = count(numberOf(details, 'attempts'), 'attempt')
  return `The agents of this pipeline have worked for ${spent} in ${attempts}; \`overseer.budget\` is ${limit}.`
}

function phaseWords(details: Alert['details']): string {
  return typeof details['phase'] === 'string' ? ` in phase ${named(details, 'phase')}` : ''
}

function named(details: Alert['details'], key: string): string {
  return inlineCode(textOf(details, key))
}

function foreign(details: Alert['details'], key: string): string {
  return escapeText(clip(textOf(details, key), MOST_CHARACTERS))
}

function textOf(details: Alert['details'], key: string): string {
  return String(details[key] ?? '')
}

function numberOf(details: Alert['details'], key: string): number {
  const value = details[key]
  return typeof value === 'number' ? value : 0
}
