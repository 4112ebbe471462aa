// The words of a question that an agent asks through its door. What it asks is quoted, and so are its choices.

import { DECISIONS } from '../decision/decision.ts'
import type { QuestionOf } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import { blocks, codeCell, escapeText, inlineCode, table } from './markdown.ts'
import { quotedText } from './quoted-words.ts'

type AgentQuestion = QuestionOf<'agent_question'>

const QUESTION_LENGTH = 3000

/** Returns what the agent asks, and what state things are in now. */
export function whatTheAgentAsks({ details, phase }: AgentQuestion): string {
  return blocks(
    `### ${DECISIONS.agent_question.title}`,
    `The agent ${inlineCode(details.agent)} ended its attempt of phase ${inlineCode(phase)} with a question. These are its own words:`,
    quotedText(details.text, QUESTION_LENGTH),
    'The phase is not complete. When you choose one of its answers, a new attempt begins that is told question and answer.',
  )
}

/** Returns branch, head and the choices in the order the agent gave them. */
export function agentQuestionFacts({ details, headSha, options }: AgentQuestion): string {
  const choices = options.filter(({ action }) => action === 'tell_agent')
  return table(
    ['', ''],
    [
      ['Branch', `${codeCell(details.branch)} at ${codeCell(shortSha(headSha))}`],
      ...choices.map(({ id, label }) => [`Choice ${codeCell(id)}`, escapeText(label)]),
    ],
  )
}
