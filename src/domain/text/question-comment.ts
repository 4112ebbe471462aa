// The comment that asks a person to decide, and the same comment after it was answered or withdrawn. First line: what
// is needed from whom. Knows no storage and no clock: everything comes from the stored decision.

import { isAboutBudget, isAboutSync } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import type { Role } from '../permission.ts'
import { answerLine } from './answer-line.ts'
import { blocks, escapeText, fence, folded, inlineCode, link, mention } from './markdown.ts'
import { formatDuration } from './moment.ts'
import { budgetMoves, budgetOccasion } from './question-budget.ts'
import { closedEffect, closedLine } from './question-closing.ts'
import { recoveryLines } from './question-recovery.ts'
import { questionFacts, whatHappened } from './question-words.ts'

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
  /** When a question that nobody answers is closed; absent or null never. */
  readonly closesAfterMs?: number | null
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
    `${unanswered(decision, context)} ${isAboutBudget(decision) ? budgetMoves(decision) : moves()}`,
  ].join('\n\n')
}

function unanswered(decision: Decision, { closesAfterMs = null }: QuestionContext): string {
  const branch = inlineCode(decision.details.branch)
  if (closesAfterMs !== null) {
    const follows =
      decision.concerns === 'pipeline'
        ? 'it is closed and the pipeline is cancelled; the worktree and every pin stay as they are'
        : 'it is closed, and nothing else changes'
    return `If nobody answers for ${formatDuration(closesAfterMs)}, ${follows}. Until then Belay waits, starts nothing and pushes nothing to ${branch}.`
  }
  return isAboutBudget(decision)
    ? 'If nobody answers, nothing happens: Belay waits and tells the agent nothing.'
    : `If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to ${branch}.`
}

function moves(): string {
  return 'If the branch moves first, this question is withdrawn and asked anew for the new commit.'
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
