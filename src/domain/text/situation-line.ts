// The first line of the status comment: what is going on, and what is needed from whom.

import { assertNever } from '../assert-never.ts'
import { inlineCode, listing } from './markdown.ts'
import { formatTime } from './moment.ts'
import { endingTitle } from './session-ending.ts'
import type { Situation, SituationFacts } from './situation.ts'

/** Returns the line for a situation. */
export function situationLine(situation: Situation, facts: SituationFacts): string {
  const agent = inlineCode(facts.session.agent)
  const { ending } = facts.session
  if (ending !== null && (situation.kind === 'stopped' || situation.kind === 'closed'))
    return endingTitle(ending)
  switch (situation.kind) {
    case 'preparing':
      return `**Belay prepares the worktree for ${agent}.** Nothing is needed from you.`
    case 'agent_working':
      return `**${agent} works on phase ${inlineCode(situation.phase)}**, attempt ${situation.attempt}, since ${formatTime(situation.since)}. Nothing is needed from you.`
    case 'reviewing':
      return `**Phase ${inlineCode(situation.phase)} is being reviewed**, round ${situation.round}${waitsFor(situation.waitsFor)}. Nothing is needed from you.`
    case 'between_steps':
      return `**Belay takes phase ${inlineCode(situation.phase)} to its next step.** Nothing is needed from you.`
    case 'question_open':
      return `**An answer is needed** to question ${inlineCode(situation.decision.id)} below. Nothing runs until somebody answers.`
    case 'finished':
      return situation.changed
        ? `**${agent} is done, and its commits are on ${inlineCode(facts.session.branch)}.** Please review them.`
        : `**${agent} is done and changed nothing.** Nothing was committed or pushed.`
    case 'failed':
      return `**Phase ${inlineCode(situation.phase)} failed.** Somebody has to look at it.`
    case 'cancelled':
      return '**The pipeline was cancelled.** Nothing runs.'
    case 'stopped':
      return '**The session was stopped.** Nothing runs; everything it made is kept.'
    case 'closed':
      return '**The session is over.** Nothing runs.'
    default:
      return assertNever(situation)
  }
}

const LISTED_REVIEWERS = 5

/** Returns the reviewers that have not spoken yet, as the end of a sentence. */
export function waitsFor(reviewers: readonly string[]): string {
  return reviewers.length === 0
    ? ''
    : `; it waits for ${listing(
        reviewers.map((name) => inlineCode(name)),
        LISTED_REVIEWERS,
      )}`
}
