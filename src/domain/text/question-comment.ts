// The comment that asks a person to decide, and the same comment after it was answered or withdrawn. First line: what
// is needed from whom. Knows no storage and no clock: everything comes from the stored decision.

import { isAboutBudget, isAboutSync } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import type { Role } from '../permission.ts'
import { answerLine } from './answer-line.ts'
import { blocks, escapeText, fence, folded, inlineCode, link, mention } from './markdown.ts'
import { formatTime } from './moment.ts'
import { budgetOccasion, budgetWaits } from './question-budget.ts'
import { questionFacts } from './question-facts.ts'
import { recoveryLines } from './question-recovery.ts'
import { answererName, channelWords, whatHappened, withdrawalWords } from './question-words.ts'

/** What the question says beyond the decision itself. */
export interface QuestionContext {
  /** Who is asked: mentioned, so that GitHub notifies; null mentions nobody. */
  readonly asks: string | null
  /** The lowest role whose answer counts. */
  readonly needs: Role
  /** Branches that `rescue` made so far. */
  readonly rescues: readonly RescueNote[]
  /** The ids of withdrawn questions that this one takes the place of, oldest first. */
  readonly replaces: readonly string[]
}

/** A branch that holds rescued commits. */
export interface RescueNote {
  readonly branch: string
  readonly compareUrl: string
}

/** Returns the body of the question's comment in the form that its status asks for. */
export function renderQuestion(decision: Decision, context: QuestionContext): string {
  return decision.status === 'pending' ? renderOpen(decision, context) : renderClosed(decision, context)
}

function renderOpen(decision: Decision, context: QuestionContext): string {
  return blocks(
    firstLine(decision, context),
    replacedLine(decision, context),
    whatHappened(decision),
    questionFacts(decision),
    recoveryLines(decision),
    rescueLines(context),
    choices(decision),
    footer(decision, context),
  )
}

function firstLine(decision: Decision, context: QuestionContext): string {
  const what = decision.options.length === 1 ? 'Only one answer is possible' : 'A decision is needed'
  const asked = context.asks === null ? what : `${mention(context.asks)}: ${what.toLowerCase()}`
  return `${asked}${occasion(decision)}. This is question ${inlineCode(decision.id)}.`
}

/** A pipeline that had ended before goes on with nothing, whatever the answer. */
function occasion(decision: Decision): string {
  if (isAboutBudget(decision)) return budgetOccasion(decision)
  if (decision.concerns === 'pipeline') return ` before phase ${inlineCode(decision.phase)} can go on`
  const what = isAboutSync(decision) && decision.details.isReset ? 'was reset' : 'can not be synced'
  return `: the worktree of session ${inlineCode(decision.sessionId)} ${what}`
}

function replacedLine(decision: Decision, context: QuestionContext): string | null {
  if (context.replaces.length === 0) return null
  const ids = context.replaces.slice(-5).map((id) => inlineCode(id))
  const why = isAboutBudget(decision)
    ? 'news waits again that nobody decided about'
    : 'the branch, its base or the repository moved before anybody answered'
  return `It takes the place of ${ids.join(', ')}: ${why}.`
}

function choices(decision: Decision): string {
  const each = decision.options.map((option) =>
    blocks(
      `**${escapeText(option.label)}.** ${option.effect}`,
      fence(answerLine(option.id, decision.id), 'text'),
    ),
  )
  return blocks('### Your choices', ...each)
}

function footer(decision: Decision, context: QuestionContext): string {
  const buttons =
    decision.options.length > 1
      ? `The buttons of the check \`Belay\` do the same${decision.options.length > 3 ? ' for the first three' : ''}.`
      : 'The button of the check `Belay` does the same.'
  return [
    `Copy one line into a comment. ${buttons} The first valid answer from somebody with the role ${inlineCode(context.needs)} or higher counts; an edited comment does not.`,
    isAboutBudget(decision) ? budgetWaits(decision) : waits(decision),
  ].join('\n\n')
}

function waits({ details }: Decision): string {
  return `If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to ${inlineCode(details.branch)}. If the branch moves first, this question is withdrawn and asked anew for the new commit.`
}

function rescueLines(context: QuestionContext): string | null {
  if (context.rescues.length === 0) return null
  const lines = context.rescues.map(
    (rescue) => `- ${inlineCode(rescue.branch)}: ${link('compare', rescue.compareUrl)}`,
  )
  return ['**Rescued so far**', '', ...lines].join('\n')
}

function renderClosed(decision: Decision, context: QuestionContext): string {
  return blocks(
    closedLine(decision),
    closedEffect(decision),
    rescueLines(context),
    folded(
      'What was asked',
      blocks(whatHappened(decision), questionFacts(decision), recoveryLines(decision)),
    ),
  )
}

function closedLine(decision: Decision): string {
  const id = inlineCode(decision.id)
  if (decision.status !== 'resolved')
    return `Question ${id} was withdrawn${at(decision.answeredAt)}; no answer is needed any more.`
  const through = decision.answeredVia === null ? '' : ` ${channelWords(decision.answeredVia)}`
  return `Question ${id} is answered: ${answererName(decision)} chose ${inlineCode(decision.answer ?? '')}${through}${at(decision.answeredAt)}.`
}

function at(time: number | null): string {
  return time === null ? '' : ` at ${formatTime(time)}`
}

function closedEffect(decision: Decision): string | null {
  const chosen = decision.options.find((option) => option.id === decision.answer)
  if (decision.status === 'resolved')
    return chosen === undefined ? null : `**${escapeText(chosen.label)}.** ${chosen.effect}`
  const successor =
    decision.successorId === null
      ? null
      : `The question to answer now is ${inlineCode(decision.successorId)}.`
  return blocks(withdrawalWords(decision), successor)
}
