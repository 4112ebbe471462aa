// The words of the question whether an agent may go on answering news by itself. Nothing in it comes from outsiders but
// the name of the branch.

import { DECISIONS } from '../decision/decision.ts'
import type { BudgetQuestion } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import { blocks, codeCell, count, inlineCode, listing, table } from './markdown.ts'

/** Returns the end of the question's first line. */
export function budgetOccasion({ sessionId }: BudgetQuestion): string {
  return `: news waits for the agent of session ${inlineCode(sessionId)}`
}

/** Returns what happened and what state things are in now. */
export function whyBudgetIsUsedUp({ details }: BudgetQuestion): string {
  return blocks(
    `### ${DECISIONS.nudge_budget.title}`,
    `${rounds(details.rounds)} Nothing is lost: what waits is kept until you answer.`,
  )
}

function rounds(allowed: number): string {
  return allowed === 0
    ? 'In this repository a person decides each time whether the agent is told the news of a pull request (`nudges.rounds` is 0).'
    : `The agent was told of checks, reviews or conflicts ${count(allowed, 'time')} since a person last did something here. That is as often as \`nudges.rounds\` allows. News waits, and Belay stops here so that an agent and a check can not go round for ever.`
}

/** Returns branch, head and what waits. */
export function budgetFacts({ details, headSha }: BudgetQuestion): string {
  return table(
    ['', ''],
    [
      ['Branch', `${codeCell(details.branch)} at ${codeCell(shortSha(headSha))}`],
      ['Rounds allowed', String(details.rounds)],
      ['News that waits', waiting(details.waiting)],
    ],
  )
}

function waiting({ checks, reviews, conflicts }: BudgetQuestion['details']['waiting']): string {
  const parts = [
    ...(checks === 0 ? [] : ['failing checks']),
    ...(reviews === 0 ? [] : [reviews === 1 ? '1 review or thread' : `${reviews} reviews or threads`]),
    ...(conflicts === 0 ? [] : ['conflicts with the base']),
  ]
  return parts.length === 0 ? 'none' : listing(parts)
}

/** Returns what happens when the branch moves, or the news are over, before anybody answers. */
export function budgetMoves({ details }: BudgetQuestion): string {
  const onPush =
    details.rounds === 0
      ? 'this question is asked anew for the new commit'
      : 'this question is withdrawn, and the rounds count anew'
  return `If a person pushes to ${inlineCode(details.branch)} first, ${onPush}. If nothing waits any more, it is withdrawn as well.`
}
