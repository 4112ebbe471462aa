// Why the agent's door refuses something, and what the agent can do about it. Decides nothing.

import { assertNever } from '../assert-never.ts'
import { LONGEST_CHOICE, MOST_CHOICES, type ChoiceFault } from '../session/door-choices.ts'
import { LONGEST_DOOR_LINE } from '../session/door-line.ts'
import { TASK_MARKS, usableVerbs, type DoorRefusal, type DoorScope, type DoorVerb } from '../session/door.ts'
import { PROGRAM, quoted, taskLines, threadLines, usageOf, VERB_WORDS } from './door-verbs.ts'
import { count } from './markdown.ts'

/** Returns why something was refused, and what the agent can do about it. */
export function renderDoorRefusal(refusal: DoorRefusal, scope: DoorScope): string {
  return `Refused: ${reasonFor(refusal, scope)}`
}

function reasonFor(refusal: DoorRefusal, scope: DoorScope): string {
  switch (refusal.kind) {
    case 'unreadable':
      return `the request could not be read, because ${UNREADABLE[refusal.because]}.`
    case 'wrong_token':
      return 'the token is not the one of this attempt.'
    case 'over':
      return 'this attempt has ended, and nothing more is taken from it.'
    case 'unknown_verb':
      return `there is no verb ${quoted(refusal.verb)}.${meant(refusal.didYouMean)} There are: ${usableVerbs(scope).join(', ')}.`
    case 'not_for_reviewers':
      return `${quoted(refusal.verb)} is not for reviewers, who have ${usableVerbs(scope).join(' and ')}. What you have to say about the work belongs into your verdict.`
    case 'unknown_option':
      return `${quoted(refusal.option)} is not an option, or its value is missing. ${usageOf(refusal.verb)}`
    case 'wrong_arguments':
      return `${VERB_WORDS[refusal.verb].needs}. ${usageOf(refusal.verb)}`
    case 'text_missing':
      return `the text is empty. ${usageOf(refusal.verb)}`
    case 'text_too_long':
      return `the text has ${refusal.length} characters and at most ${refusal.limit} are taken. Shorten it.`
    case 'unknown_thread':
      return unknownThread(refusal.thread, scope)
    case 'unknown_task':
      return unknownTask(refusal, scope)
    case 'unknown_mark':
      return `${quoted(refusal.mark)} is nothing a task can be.${meant(refusal.didYouMean)} A task is one of ${TASK_MARKS.join(', ')}.`
    case 'unfit_choices':
      return `${choicesWords(refusal.fault)} ${usageOf('ask')}`
    case 'too_many':
      return tooMany(refusal.limit, refusal.verb)
    case 'not_stored':
      return 'the request could not be stored. Nothing was done; try again later.'
    default:
      return assertNever(refusal)
  }
}

const UNREADABLE: Readonly<Record<Extract<DoorRefusal, { kind: 'unreadable' }>['because'], string>> = {
  not_utf8: 'it is not UTF-8',
  not_json: 'it is not one line of JSON',
  wrong_shape: 'it is not an object with exactly token, args and input',
  too_long: `it is longer than ${LONGEST_DOOR_LINE} bytes`,
  too_slow: 'it did not arrive in time',
}

function meant(word: string | null): string {
  return word === null ? '' : ` Did you mean ${quoted(word)}?`
}

function unknownThread(thread: string, scope: DoorScope): string {
  const refusal = `the thread ${quoted(thread)} was not delivered to this attempt.`
  return scope.threads.length === 0
    ? `${refusal} None was, so there is none to answer.`
    : `${refusal} These were:\n${threadLines(scope)}`
}

function unknownTask(
  { task, didYouMean }: Extract<DoorRefusal, { kind: 'unknown_task' }>,
  scope: DoorScope,
): string {
  const refusal = `the task ${quoted(task)} was not delivered to this attempt.`
  return scope.tasks.length === 0
    ? `${refusal} None was, so there is none to mark.`
    : `${refusal}${meant(didYouMean)} These were:\n${taskLines(scope)}`
}

function choicesWords(fault: ChoiceFault): string {
  switch (fault.kind) {
    case 'too_many':
      return `${count(fault.given, 'answer')} are offered and at most ${MOST_CHOICES} are taken.`
    case 'empty':
      return 'an answer to choose from is empty.'
    case 'too_long':
      return `the answer ${quoted(fault.label)} has ${fault.length} characters and at most ${LONGEST_CHOICE} are taken.`
    case 'twice':
      return `two answers read ${quoted(fault.label)}, and nobody could tell them apart.`
    case 'reserved':
      return `${quoted(fault.label)} is an answer that every question has already. Take other words.`
    default:
      return assertNever(fault)
  }
}

function tooMany(limit: number, verb: DoorVerb | null): string {
  return verb === null
    ? `this attempt has made ${count(limit, 'request')}, and no more are taken.`
    : `this attempt has used ${PROGRAM} ${verb} ${count(limit, 'time')}, and no more are taken.`
}
