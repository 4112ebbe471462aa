// How a question ended: answered by whom and through what, withdrawn, expired.

import { assertNever } from '../assert-never.ts'
import type { AnswerChannel, Decision } from '../records.ts'
import { blocks, escapeText, inlineCode } from './markdown.ts'
import { formatTime } from './moment.ts'

/** Returns through what an answer came. */
export function channelWords(via: AnswerChannel): string {
  switch (via) {
    case 'command':
    case 'bare_command':
      return 'with a comment'
    case 'button':
      return 'with the button of the check'
    case 'cli':
      return 'on the command line'
    case 'rest':
      return 'through the REST API'
    default:
      return assertNever(via)
  }
}

/** Who answered, without notifying them again. */
function answererName(decision: Decision): string {
  return decision.answeredBy === null ? 'somebody' : inlineCode(decision.answeredBy)
}

/** Returns the first line of a question that needs no answer any more. */
export function closedLine(decision: Decision): string {
  const id = inlineCode(decision.id)
  const ended = at(decision.answeredAt)
  if (decision.status === 'expired')
    return `Question ${id} was closed without an answer${ended}; an answer does not count any more.`
  if (decision.status !== 'resolved')
    return `Question ${id} was withdrawn${by(decision)}${ended}; no answer is needed any more.`
  const through = decision.answeredVia === null ? '' : ` ${channelWords(decision.answeredVia)}`
  return `Question ${id} is answered: ${answererName(decision)} chose ${inlineCode(decision.answer ?? '')}${through}${ended}.`
}

function by({ answeredBy }: Decision): string {
  return answeredBy === null ? '' : ` by ${inlineCode(answeredBy)}`
}

function at(time: number | null): string {
  return time === null ? '' : ` at ${formatTime(time)}`
}

/** Returns what follows from the end of a question; null when nothing is to be said. */
export function closedEffect(decision: Decision): string | null {
  const chosen = decision.options.find((option) => option.id === decision.answer)
  if (decision.status === 'resolved')
    return chosen === undefined ? null : `**${escapeText(chosen.label)}.** ${chosen.effect}`
  const successor =
    decision.successorId === null
      ? null
      : `The question to answer now is ${inlineCode(decision.successorId)}.`
  const cancelReason = decision.cancelReason ?? decision.status
  const cancelled =
    decision.concerns === 'pipeline' && CANCELS.includes(cancelReason) ? ' The pipeline was cancelled.' : ''
  return blocks(`${withdrawalWords({ cancelReason })}${cancelled}`, successor)
}

/** The ends of a question that are the end of what it held up. */
const CANCELS: readonly string[] = ['expired', 'cancelled_by_operator']

const WITHDRAWN: Readonly<Record<string, string>> = {
  superseded:
    'The branch, its base or the repository moved before anybody answered, so the facts it was asked about are out of date.',
  news_over: 'Nothing waits for the agent any more.',
  session_stopped: 'The session was stopped. The worktree and every pin stay as they are.',
  pull_request_over: 'The pull request is closed. What was not on GitHub is pinned.',
  expired:
    'Nobody answered in the time that this repository allows. The worktree and every pin stay as they are.',
  cancelled_by_operator:
    'The operator withdrew it without an answer. The worktree and every pin stay as they are.',
  wrong_phase: 'The pipeline is at another phase than the one that it was about.',
  restarted: 'A person had the phase run again from its beginning, so there is nothing left to decide.',
}

/** Returns why a question was withdrawn. */
export function withdrawalWords({ cancelReason }: Pick<Decision, 'cancelReason'>): string {
  return WITHDRAWN[cancelReason ?? ''] ?? 'It does not apply any more.'
}
