// What the check run `Belay` shows: state, title, summary and buttons. A copy of what the comments say; it mentions
// nobody. Titles are plain text, summaries Markdown.

import { assertNever } from '../assert-never.ts'
import type { CheckRunButton, CheckRunState } from '../effects.ts'
import { shortSha } from '../ids.ts'
import type { Sha } from '../ids.ts'
import type { Decision } from '../records.ts'
import { answerLines } from './answer-line.ts'
import { renderFailure } from './failure-text.ts'
import { blocks, clip, fence, inlineCode, oneLine } from './markdown.ts'
import { formatTime } from './moment.ts'
import { phaseTable } from './phase-table.ts'
import { questionFacts, whatHappened } from './question-words.ts'
import { waitsFor } from './situation-line.ts'
import { readSituation } from './situation.ts'
import type { Situation, SituationFacts } from './situation.ts'

/** The part of a check-run effect that people see. */
export interface CheckRunText {
  readonly state: CheckRunState
  /** The open question's id, else the session's: what a button press comes back with. */
  readonly externalId: string
  readonly title: string
  readonly summary: string
  readonly buttons: readonly CheckRunButton[]
}

// GitHub's limits: three actions, 20 characters a label and an identifier, 40 a description.
const MOST_BUTTONS = 3
const LABEL_LENGTH = 20
const DESCRIPTION_LENGTH = 40
const TITLE_LENGTH = 120

/** Returns what the check run of a session's head shows now. */
export function renderCheckRun(facts: SituationFacts): CheckRunText {
  const situation = readSituation(facts)
  return {
    state: checkRunState(situation, facts),
    externalId: situation.kind === 'question_open' ? situation.decision.id : facts.session.id,
    title: clip(titleOf(situation, facts), TITLE_LENGTH),
    summary: summaryOf(situation, facts),
    buttons: situation.kind === 'question_open' ? buttonsOf(situation.decision) : [],
  }
}

/** Returns what a check run shows that was left open on an older commit. */
export function renderContinuedAt(at: Sha): Omit<CheckRunText, 'externalId'> {
  return {
    state: { status: 'completed', conclusion: 'neutral' },
    title: `Continued at ${shortSha(at)}`,
    summary: `The branch moved. The check of ${inlineCode(shortSha(at))} shows what is going on now.`,
    buttons: [],
  }
}

function checkRunState(situation: Situation, facts: SituationFacts): CheckRunState {
  switch (situation.kind) {
    case 'preparing':
      return { status: 'queued' }
    case 'agent_working':
    case 'reviewing':
    case 'between_steps':
      return { status: 'in_progress' }
    case 'question_open':
      return { status: 'completed', conclusion: facts.pipeline?.config.check ?? 'action_required' }
    case 'finished':
      return { status: 'completed', conclusion: 'success' }
    case 'failed':
      return { status: 'completed', conclusion: 'failure' }
    case 'cancelled':
    case 'stopped':
      return { status: 'completed', conclusion: 'cancelled' }
    case 'closed':
      return { status: 'completed', conclusion: 'neutral' }
    default:
      return assertNever(situation)
  }
}

function titleOf(situation: Situation, facts: SituationFacts): string {
  const agent = oneLine(facts.session.agent)
  switch (situation.kind) {
    case 'preparing':
      return `Preparing the worktree for ${agent}`
    case 'agent_working':
      return `${agent} works on phase ${oneLine(situation.phase)}`
    case 'reviewing':
      return `Phase ${oneLine(situation.phase)} is being reviewed, round ${situation.round}`
    case 'between_steps':
      return `Phase ${oneLine(situation.phase)} is under way`
    case 'question_open':
      return `Question ${situation.decision.id}: an answer is needed`
    case 'finished':
      return situation.changed ? `${agent} is done` : `${agent} is done and changed nothing`
    case 'failed':
      return `Phase ${oneLine(situation.phase)} failed`
    case 'cancelled':
      return 'The pipeline was cancelled'
    case 'stopped':
      return 'The session was stopped'
    case 'closed':
      return 'The session is over'
    default:
      return assertNever(situation)
  }
}

function summaryOf(situation: Situation, facts: SituationFacts): string {
  switch (situation.kind) {
    case 'question_open':
      return questionSummary(situation.decision)
    case 'failed':
    case 'cancelled':
    case 'closed':
      return blocks(
        situation.failure === null ? 'Nothing runs.' : renderFailure(situation.failure),
        phasesOf(facts),
      )
    case 'stopped':
      return blocks('Nothing runs; everything the session made is kept.', phasesOf(facts))
    case 'agent_working':
      return blocks(`Attempt ${situation.attempt}, since ${formatTime(situation.since)}.`, phasesOf(facts))
    case 'reviewing':
      return blocks(`Round ${situation.round}${waitsFor(situation.waitsFor)}.`, phasesOf(facts))
    case 'preparing':
    case 'between_steps':
    case 'finished':
      return blocks('Nothing is needed from you.', phasesOf(facts))
    default:
      return assertNever(situation)
  }
}

function phasesOf(facts: SituationFacts): string | null {
  return facts.phases.length === 0 ? null : phaseTable(facts)
}

function questionSummary(decision: Decision): string {
  return blocks(
    'Answer in the comment of this pull request, or with a button of this check. Nothing runs until then.',
    whatHappened(decision),
    fence(answerLines(decision).join('\n'), 'text'),
    questionFacts(decision),
  )
}

function buttonsOf(decision: Decision): readonly CheckRunButton[] {
  return decision.options.slice(0, MOST_BUTTONS).map((option) => ({
    label: clip(option.button, LABEL_LENGTH),
    description: clip(oneLine(option.label), DESCRIPTION_LENGTH),
    identifier: option.id.slice(0, LABEL_LENGTH),
  }))
}
