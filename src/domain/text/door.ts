// What the agent's door says: to the agent, and in the agent's name on the pull request. Decides nothing.

import { assertNever } from '../assert-never.ts'
import { redactSecrets } from '../redact-secrets.ts'
import {
  DOOR_VERBS,
  LONGEST_DOOR_LINE,
  type DoorAsk,
  type DoorRefusal,
  type DoorThread,
  type DoorVerb,
} from '../session/door.ts'
import { postable } from './agent-words.ts'
import { blocks, clip, count, inlineCode, oneLine } from './markdown.ts'

const PROGRAM = 'belay-agent'
const MOST_THREADS = 60
const PATH_LENGTH = 200

const VERB_WORDS: Readonly<Record<DoorVerb, { readonly usage: string; readonly does: string }>> = {
  reply: {
    usage: 'reply <thread> [-m TEXT]',
    does: 'Answers a review thread. Without -m the text is read from standard input.',
  },
  resolve: {
    usage: 'resolve <thread> [-m TEXT]',
    does: 'Marks a review thread as resolved; with -m it answers first.',
  },
  help: { usage: 'help', does: 'Shows this.' },
}

/** Returns the help, with the threads that may be answered. */
export function renderDoorHelp(threads: readonly DoorThread[]): string {
  const verbs = verbNames().flatMap((verb) => [
    `  ${PROGRAM} ${VERB_WORDS[verb].usage}`,
    `      ${VERB_WORDS[verb].does}`,
  ])
  const answerable =
    threads.length === 0
      ? 'No review thread was delivered to this attempt, so there is none to answer.'
      : ['Threads, by handle or by id:', ...threadLines(threads)].join('\n')
  return blocks(
    `${PROGRAM} asks Belay to act on the pull request for you.`,
    verbs.join('\n'),
    'Texts are Markdown. The same reply to the same thread counts once.',
    answerable,
  )
}

/** Returns the answer to a request that was stored. */
export function renderAccepted(ask: DoorAsk, isRepeat: boolean): string {
  const place = placeOf(ask.thread)
  const reply = `post your reply to ${place}`
  const resolve = ask.text === null ? `resolve ${place}` : `${reply} and then resolve it`
  const what = ask.verb === 'reply' ? reply : resolve
  return `${isRepeat ? 'Accepted before, and done once' : 'Accepted'}: Belay will ${what}.`
}

/** Returns why something was refused, and what the agent can do about it. */
export function renderDoorRefusal(refusal: DoorRefusal, threads: readonly DoorThread[]): string {
  switch (refusal.kind) {
    case 'unreadable':
      return `Refused: the request could not be read, because ${UNREADABLE[refusal.because]}.`
    case 'wrong_token':
      return 'Refused: the token is not the one of this attempt.'
    case 'over':
      return 'Refused: this attempt has ended, and nothing more is taken from it.'
    case 'unknown_verb':
      return `Refused: there is no verb ${quoted(refusal.verb)}. There are: ${verbNames().join(', ')}.`
    case 'unknown_option':
      return `Refused: ${quoted(refusal.option)} is not an option, or its value is missing. ${usageOf(refusal.verb)}`
    case 'wrong_arguments':
      return `Refused: exactly one thread is needed, and the text comes with -m. ${usageOf(refusal.verb)}`
    case 'text_missing':
      return `Refused: the text is empty. ${usageOf(refusal.verb)}`
    case 'text_too_long':
      return `Refused: the text has ${refusal.length} characters and at most ${refusal.limit} are taken. Shorten it.`
    case 'unknown_thread':
      return unknownThread(refusal.thread, threads)
    case 'too_many':
      return `Refused: this attempt has made ${count(refusal.limit, 'request')}, and no more are taken.`
    case 'not_stored':
      return 'Refused: the request could not be stored. Nothing was done; try again later.'
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

/** Words of the program that speaks to the door, for what it meets before the door can answer. */
export const DOOR_PROGRAM_WORDS = {
  outside: `${PROGRAM} works only inside an attempt of Belay: BELAY_DOOR is not set.`,
  noNode: `${PROGRAM} needs node, and there is none here.`,
  closed: `${PROGRAM} can not reach the door: the attempt has ended, it was asked too often, or its folder is not visible here.`,
  notSocket: `${PROGRAM} does not use the door: what lies at BELAY_DOOR is not a socket.`,
  silent: `${PROGRAM} got no answer. Try again; the same request counts once.`,
  noInput: `${PROGRAM} waited for the text on standard input and none came. Give it with -m.`,
  badInput: `${PROGRAM} did not send the text: it is too long, or it is not UTF-8.`,
} as const

/** Returns an agent's reply as it is posted: what it wrote, without what hides or leaks, and who wrote it. */
export function renderThreadReply({
  agent,
  text,
}: {
  readonly agent: string
  readonly text: string
}): string {
  return blocks(postable(redactSecrets(text)), `<sub>Written by the agent ${inlineCode(agent)}.</sub>`)
}

function verbNames(): readonly DoorVerb[] {
  return Object.keys(DOOR_VERBS) as DoorVerb[]
}

function usageOf(verb: DoorVerb): string {
  return `Usage: ${PROGRAM} ${VERB_WORDS[verb].usage}`
}

function unknownThread(thread: string, threads: readonly DoorThread[]): string {
  const refusal = `Refused: the thread ${quoted(thread)} was not delivered to this attempt.`
  return threads.length === 0
    ? `${refusal} None was, so there is none to answer.`
    : [`${refusal} These were:`, ...threadLines(threads)].join('\n')
}

function threadLines(threads: readonly DoorThread[]): readonly string[] {
  const lines = threads.slice(0, MOST_THREADS).map((thread) => `  ${placeOf(thread)} ${thread.id}`)
  const left = threads.length - lines.length
  return left > 0 ? [...lines, `  and ${left} more`] : lines
}

function placeOf({ handle, path, line }: DoorThread): string {
  return `${handle} (${clip(oneLine(path), PATH_LENGTH)}${line === null ? '' : `:${line}`})`
}

function quoted(word: string): string {
  return JSON.stringify(clip(oneLine(word), 80))
}
