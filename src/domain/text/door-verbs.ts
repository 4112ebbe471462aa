// How each verb of the agent's door is written and what it does, and how the things it names are shown. Decides nothing.

import { LONGEST_CHOICE, MOST_CHOICES } from '../session/door-choices.ts'
import { TASK_MARKS, type DoorScope, type DoorThread, type DoorVerb } from '../session/door.ts'
import { clip, oneLine } from './markdown.ts'

export const PROGRAM = 'belay-agent'
const MOST_LINES = 60
const PATH_LENGTH = 200
const TITLE_LENGTH = 120

interface VerbWords {
  readonly usage: string
  readonly does: readonly string[]
  /** What has to stand behind the verb. */
  readonly needs: string
}

const ONE_THREAD = 'exactly one thread is needed, and the text comes with -m'

export const VERB_WORDS: Readonly<Record<DoorVerb, VerbWords>> = {
  reply: {
    usage: 'reply <thread> [-m TEXT]',
    does: ['Answers a review thread. Without -m the text is read from standard input.'],
    needs: ONE_THREAD,
  },
  resolve: {
    usage: 'resolve <thread> [-m TEXT]',
    does: ['Marks a review thread as resolved; with -m it answers first.'],
    needs: ONE_THREAD,
  },
  task: {
    usage: `task <id> ${TASK_MARKS.join('|')} [-m NOTE]`,
    does: ['Marks a task of the contract. The last mark counts, with its note.'],
    needs: `a task and one of ${TASK_MARKS.join(', ')} are needed, and the note comes with -m`,
  },
  ask: {
    usage: 'ask [-m QUESTION] [--option ANSWER]...',
    does: [
      'Asks a person. Without -m the question is read from standard input.',
      `Up to ${MOST_CHOICES} answers to choose from, each of at most ${LONGEST_CHOICE} characters; none stands for Yes and No.`,
      'The question is asked when you end: end now with exit code 0, and you are started again with the answer.',
      'Asking again replaces the question.',
    ],
    needs: 'the question comes with -m and each answer with --option',
  },
  alert: {
    usage: 'alert [-m TEXT]',
    does: [
      'Tells the operator and the people of the pull request that something is wrong. It stops nothing.',
      'Without -m the text is read from standard input.',
    ],
    needs: 'the text comes with -m and nothing else is taken',
  },
  help: { usage: 'help', does: ['Shows this.'], needs: 'nothing else is taken' },
}

/** Returns how a verb is written, as a sentence. */
export function usageOf(verb: DoorVerb): string {
  return `Usage: ${PROGRAM} ${VERB_WORDS[verb].usage}`
}

/** Returns the threads that may be answered, one a line. */
export function threadLines({ threads }: Pick<DoorScope, 'threads'>): string {
  return lines(threads, (thread) => `${placeOf(thread)} ${thread.id}`)
}

/** Returns the tasks that may be marked, one a line. */
export function taskLines({ tasks }: Pick<DoorScope, 'tasks'>): string {
  return lines(tasks, ({ id, title }) => `${oneLine(id)}: ${clip(oneLine(title), TITLE_LENGTH)}`)
}

function lines<T>(things: readonly T[], lineOf: (thing: T) => string): string {
  const shown = things.slice(0, MOST_LINES).map((thing) => `  ${lineOf(thing)}`)
  const left = things.length - shown.length
  return [...shown, ...(left > 0 ? [`  and ${left} more`] : [])].join('\n')
}

/** Returns a thread by its handle and place. */
export function placeOf({ handle, path, line }: DoorThread): string {
  return `${handle} (${clip(oneLine(path), PATH_LENGTH)}${line === null ? '' : `:${line}`})`
}

/** Returns a word of the agent as it can be shown back to it. */
export function quoted(word: string): string {
  return JSON.stringify(clip(oneLine(word), 80))
}
