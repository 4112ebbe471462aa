// What the agent's door says: to the agent, and in the agent's name on the pull request. Decides nothing.

import { assertNever } from '../assert-never.ts'
import { redactSecrets } from '../redact-secrets.ts'
import { usableVerbs, type DoorScope } from '../session/door.ts'
import type { DoorAsk } from '../session/read-door-call.ts'
import { postable } from './agent-words.ts'
import { placeOf, PROGRAM, quoted, taskLines, threadLines, VERB_WORDS } from './door-verbs.ts'
import { blocks, inlineCode, listing, oneLine } from './markdown.ts'

/** Returns the help: the verbs that can be used in the attempt, and what they can be used on. */
export function renderDoorHelp(scope: DoorScope): string {
  const verbs = usableVerbs(scope)
  const described = verbs.flatMap((verb) => [
    `  ${PROGRAM} ${VERB_WORDS[verb].usage}`,
    ...VERB_WORDS[verb].does.map((line) => `      ${line}`),
  ])
  return blocks(
    `${PROGRAM} asks Belay to act on the pull request for you.`,
    described.join('\n'),
    'Texts are Markdown. The same request given twice counts once.',
    verbs.includes('reply') ? `Threads, by handle or by id:\n${threadLines(scope)}` : null,
    verbs.includes('task') ? `Tasks, by id:\n${taskLines(scope)}` : null,
  )
}

/** Returns the answer to a request that was stored. */
export function renderAccepted(ask: DoorAsk, isRepeat: boolean): string {
  return `${isRepeat ? 'Accepted before, and done once' : 'Accepted'}: Belay will ${whatFollows(ask)}`
}

function whatFollows(ask: DoorAsk): string {
  switch (ask.verb) {
    case 'reply':
      return `post your reply to ${placeOf(ask.thread)}.`
    case 'resolve': {
      const place = placeOf(ask.thread)
      return ask.text === null ? `resolve ${place}.` : `post your reply to ${place} and then resolve it.`
    }
    case 'task':
      return `mark the task ${quoted(ask.task.id)} as ${ask.mark}.`
    case 'alert':
      return 'tell the operator and the people of the pull request. This stops nothing: go on, or end.'
    case 'ask':
      return `ask a person when you end, with the answers ${listing(ask.choices.map(quoted))}. End now with exit code 0: you are started again with the answer. Asking again before that replaces the question.`
    default:
      return assertNever(ask)
  }
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

/** Returns an agent's Markdown as it is kept and posted: without what hides, commands, mentions or leaks. */
export function keptText(text: string): string {
  return postable(redactSecrets(text))
}

/** Returns an agent's remark as one line of plain text without secrets; whoever shows it in Markdown escapes it. */
export function keptLine(text: string): string {
  return oneLine(redactSecrets(text))
}

/** Returns an agent's reply as it is posted: what it wrote, without what hides or leaks, and who wrote it. */
export function renderThreadReply({
  agent,
  text,
}: {
  readonly agent: string
  readonly text: string
}): string {
  return blocks(keptText(text), `<sub>Written by the agent ${inlineCode(agent)}.</sub>`)
}
