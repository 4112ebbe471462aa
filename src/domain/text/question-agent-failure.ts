// The words of the question about an agent that did not end well: how it ended, and what is saved of its work.

import { assertNever } from '../assert-never.ts'
import { renderCommand } from '../command/render-command.ts'
import { DECISIONS } from '../decision/decision.ts'
import type { QuestionOf } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import type { PinNote } from '../sync/pin.ts'
import { blocks, codeCell, count, fence, inlineCode, table } from './markdown.ts'
import { pinRows } from './pin-rows.ts'
import { quotedText } from './quoted-words.ts'

type FailureQuestion = QuestionOf<'agent_failed'>

const ENDING_LENGTH = 500
const LISTED_PINS = 5

/** Returns how the last attempt ended, and what state things are in now. */
export function howTheAgentEnded(question: FailureQuestion): string {
  const { details } = question
  return blocks(
    `### ${DECISIONS.agent_failed.title}`,
    `${who(question)} did not end well. It had ${count(details.attempts, 'attempt')} since the phase was started last, and this is how the last one ended:`,
    quotedText(details.ending, ENDING_LENGTH),
    kept(question),
    rescue(question),
  )
}

function who({ details, phase }: FailureQuestion): string {
  const [agent, name] = [inlineCode(details.agent), inlineCode(phase)]
  switch (details.role) {
    case 'producer':
      return `The agent ${agent} of phase ${name}`
    case 'reviewer':
      return `The agent ${agent}, which reviews the work of phase ${name},`
    default:
      return assertNever(details.role)
  }
}

function kept({ details }: FailureQuestion): string {
  const branch = inlineCode(details.branch)
  if (details.role === 'reviewer')
    return `A review without a verdict accepts nothing: the commit that it was about is in the worktree and was not pushed to ${branch}.`
  const pinned = details.pins.length === 0 ? '' : ' It is pinned as well, with every uncommitted file.'
  return `What the agent left is in the worktree as it left it. Belay committed nothing of it and pushed nothing to ${branch}.${pinned}`
}

/** A pin on one machine is of little use to a person elsewhere. */
function rescue({ details, status }: FailureQuestion): string | null {
  const last = details.pins.at(-1)
  if (last === undefined || status !== 'pending') return null
  const backup = pinId(last)
  const lines = [false, true].map((dirty) => renderCommand({ verb: 'rescue', backup, dirty }))
  return blocks(
    'To have it on a branch of its own in this repository, without answering: its commits, or the uncommitted files with them.',
    fence(lines.join('\n'), 'text'),
  )
}

function pinId({ prefix }: PinNote): string {
  return prefix.slice(prefix.lastIndexOf('/') + 1)
}

/** Returns branch, head, where the worktree lies, and what is pinned. */
export function agentFailureFacts({ details, headSha, sessionId }: FailureQuestion): string {
  return table(
    ['', ''],
    [
      ['Branch', `${codeCell(details.branch)} at ${codeCell(shortSha(headSha))}`],
      ['Agent', `${codeCell(details.agent)}, ${details.role}`],
      ['Where the worktree lies', `${codeCell(`$BELAY_HOME/sessions/${sessionId}/tree`)}, on the runner`],
      ...details.pins.slice(-LISTED_PINS).flatMap(pinRows),
    ],
  )
}
