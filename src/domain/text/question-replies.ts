// Replies about questions: open, several, answered, withdrawn, replaced, and answers that do not count.

import { assertNever } from '../assert-never.ts'
import { DECISIONS } from '../decision/decision.ts'
import type { DecisionOption } from '../decision/option.ts'
import { answerLine, answerLines } from './answer-line.ts'
import { blocks, clip, escapeText, fence, inlineCode, link, listing, mention } from './markdown.ts'
import { formatDuration, formatTime } from './moment.ts'
import { channelWords, withdrawalWords } from './question-closing.ts'
import type { OpenQuestion, QuestionReply } from './reply.ts'

const QUOTED = 200

/** Returns the body of a reply about a question. */
export function renderQuestionReply(reply: QuestionReply): string {
  switch (reply.kind) {
    case 'question_open':
      return blocks(
        `${inlineCode(reply.verb)} was not done: question ${inlineCode(reply.question.id)} is open, and nothing runs until it is answered. Its answers:`,
        copy(answerLines(reply.question)),
      )
    case 'several_open':
      return blocks(
        `${reply.questions.length} questions are open here, so the answer must name one of them:`,
        copy(reply.questions.map((question) => answerLine(reply.optionId, question.id))),
        reply.questions.map(questionItem).join('\n'),
      )
    case 'already_answered':
      return alreadyAnswered(reply)
    case 'withdrawn':
      return withdrawn(reply)
    case 'unknown_question':
      return unknownQuestion(reply)
    case 'not_an_option':
      return notAnOption(reply)
    case 'edited_comment':
      return blocks(
        'This comment was edited, and an edited comment gives no consent: nobody could tell later what was agreed to. Nothing was done. Write the line in a new comment:',
        copy([reply.line]),
      )
    case 'nothing_to_abort':
      return blocks(
        `No question is open here, so there is nothing to abort. To end the session ${inlineCode(reply.sessionId)}, keeping everything:`,
        copy(['/belay stop']),
      )
    case 'nothing_to_answer':
      return `No question is open on this pull request, so ${inlineCode(reply.verb)} has nothing to answer. Nothing was done.`
    case 'question_replaced':
      return replaced(reply)
    case 'wrong_phase':
      return `Question ${inlineCode(reply.id)} is about phase ${inlineCode(reply.phase)}, and the pipeline is at phase ${inlineCode(reply.now)} now. The question was withdrawn, and the answer changed nothing.`
    case 'reminder':
      return reminder(reply)
    case 'question_expired':
      return expired(reply)
    default:
      return assertNever(reply)
  }
}

function questionItem(question: OpenQuestion): string {
  return `- ${inlineCode(question.id)}: ${DECISIONS[question.kind].title}, phase ${inlineCode(question.phase)}`
}

function alreadyAnswered(reply: Extract<QuestionReply, { kind: 'already_answered' }>): string {
  const through = reply.via === null ? '' : ` ${channelWords(reply.via)}`
  const at = reply.at === null ? '' : ` at ${formatTime(reply.at)}`
  return `Question ${inlineCode(reply.id)} was answered already: ${inlineCode(reply.by)} chose ${inlineCode(reply.answer)}${through}${at}. The first valid answer counts; nothing was done a second time.`
}

function withdrawn(reply: Extract<QuestionReply, { kind: 'withdrawn' }>): string {
  const why = `Question ${inlineCode(reply.id)} was withdrawn, so this answer does not count. ${withdrawalWords({ cancelReason: reply.reason })}`
  if (reply.successor === null) return why
  const offersIt = reply.successor.options.some((option) => option.id === reply.optionId)
  return blocks(
    `${why} The question to answer now is ${inlineCode(reply.successor.id)}:`,
    copy(offersIt ? [answerLine(reply.optionId, reply.successor.id)] : answerLines(reply.successor)),
  )
}

function unknownQuestion(reply: Extract<QuestionReply, { kind: 'unknown_question' }>): string {
  const none = `There is no question ${inlineCode(clip(reply.id, QUOTED))} on this pull request. Nothing was done.`
  if (reply.open.length === 0) return `${none} No question is open here.`
  return blocks(
    `${none} Open here:`,
    reply.open.map(questionItem).join('\n'),
    copy(reply.open.flatMap(answerLines)),
  )
}

function notAnOption(reply: Extract<QuestionReply, { kind: 'not_an_option' }>): string {
  return blocks(
    `${inlineCode(clip(reply.answer, QUOTED))} is not an option of question ${inlineCode(reply.id)}; it stays open. Its options are ${optionNames(reply.options)}:`,
    copy(reply.options.map((option) => answerLine(option.id, reply.id))),
  )
}

function optionNames(options: readonly DecisionOption[]): string {
  return listing(options.map((option) => inlineCode(option.id)))
}

function replaced(reply: Extract<QuestionReply, { kind: 'question_replaced' }>): string {
  const asked = reply.asks === null ? '' : `${mention(reply.asks)} `
  const now = reply.url === null ? inlineCode(reply.newId) : link(reply.newId, reply.url)
  return `${asked}The branch, its base or the repository moved before question ${inlineCode(reply.oldId)} was answered, so it was withdrawn. The question to answer now is ${now}.`
}

function reminder(reply: Extract<QuestionReply, { kind: 'reminder' }>): string {
  const { asks, question, openMs, url } = reply
  const named = url === null ? inlineCode(question.id) : link(question.id, url)
  const who = asks === null ? 'Question' : `${mention(asks)}: question`
  return blocks(
    `${who} ${named} has been open for ${formatDuration(openMs)}, and nothing runs until it is answered.`,
    `**${DECISIONS[question.kind].title}**, phase ${inlineCode(question.phase)}. Its answers:`,
    question.options.map((option) => `- ${inlineCode(option.id)}: ${escapeText(option.label)}`).join('\n'),
    copy(answerLines(question)),
  )
}

function expired(reply: Extract<QuestionReply, { kind: 'question_expired' }>): string {
  const who = reply.asks === null ? 'Question' : `${mention(reply.asks)}: question`
  const after = `${who} ${inlineCode(reply.id)} was open for ${formatDuration(reply.afterMs)} without an answer, which is as long as \`decisions.expire\` of this repository allows. It is closed.`
  if (!reply.cancelled) return `${after} Nothing else was changed.`
  return blocks(
    `${after} The pipeline was cancelled; the worktree and every pin stay as they are. To run the phase again:`,
    copy(['/belay retry']),
  )
}

function copy(lines: readonly string[]): string {
  return fence(lines.join('\n'), 'text')
}
