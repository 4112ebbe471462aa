// From the words an agent typed to what it asks for, or why it can not have it: one small reader a verb. How many words and
// how much text a verb takes stands in the table of verbs.

import { closestWord } from '../closest-word.ts'
import { readChoices } from './door-choices.ts'
import {
  isDoorVerb,
  TASK_MARKS,
  usableVerbs,
  verbSpec,
  type DoorRefusal,
  type DoorScope,
  type DoorTask,
  type DoorThread,
  type TaskMark,
} from './door.ts'
import type { DoorCall } from './door-line.ts'
import { sortWords } from './door-words.ts'

/** What an agent asks for, with what it names looked up. */
export type DoorAsk =
  | { readonly verb: 'reply'; readonly thread: DoorThread; readonly text: string }
  | { readonly verb: 'resolve'; readonly thread: DoorThread; readonly text: string | null }
  | { readonly verb: 'task'; readonly task: DoorTask; readonly mark: TaskMark; readonly note: string }
  | { readonly verb: 'alert'; readonly text: string }
  | { readonly verb: 'ask'; readonly text: string; readonly choices: readonly string[] }

export type DoorReading =
  | { readonly kind: 'ask'; readonly ask: DoorAsk }
  | { readonly kind: 'help' }
  /** The text is missing and standard input may hold it. */
  | { readonly kind: 'input_wanted' }
  | { readonly kind: 'refused'; readonly refusal: DoorRefusal }

type AskVerb = DoorAsk['verb']
type Refused = Extract<DoorReading, { kind: 'refused' }>
/** A part of what was typed, read and looked up; or what the agent is told instead. */
type Found<T> =
  { readonly kind: 'found'; readonly value: T } | Extract<DoorReading, { kind: 'refused' | 'input_wanted' }>

/** What stands behind a verb, with as many plain words as the verb takes. */
interface Given {
  readonly verb: AskVerb
  readonly plain: readonly string[]
  readonly texts: readonly string[]
  readonly choices: readonly string[]
  readonly input: string | null
  readonly scope: DoorScope
}

/** Says what the agent's words ask for, given what its attempt may. */
export function readDoorCall(
  { args, input }: Pick<DoorCall, 'args' | 'input'>,
  scope: DoorScope,
): DoorReading {
  const [name = 'help', ...rest] = args
  if (name === '-h' || name === '--help') return { kind: 'help' }
  if (!isDoorVerb(name)) {
    const didYouMean = closestWord(name, usableVerbs(scope))
    return refused({ kind: 'unknown_verb', verb: name, didYouMean })
  }
  if (name === 'help') return { kind: 'help' }
  const spec = verbSpec(name)
  if (!spec.roles.includes(scope.role)) return refused({ kind: 'not_for_reviewers', verb: name })
  const words = sortWords(rest, spec)
  if (words.kind === 'help') return words
  if (words.kind === 'unknown_option')
    return refused({ kind: 'unknown_option', verb: name, option: words.option })
  if (words.plain.length !== spec.arguments.length) return refused({ kind: 'wrong_arguments', verb: name })
  return READERS[name]({ ...words, verb: name, input, scope })
}

const READERS: Readonly<Record<AskVerb, (given: Given) => DoorReading>> = {
  reply(given) {
    const thread = threadOf(given)
    if (thread.kind !== 'found') return thread
    const text = neededText(given)
    return text.kind === 'found' ? asks({ verb: 'reply', thread: thread.value, text: text.value }) : text
  },
  resolve(given) {
    const thread = threadOf(given)
    if (thread.kind !== 'found') return thread
    const text = optionalText(given)
    return text.kind === 'found' ? asks({ verb: 'resolve', thread: thread.value, text: text.value }) : text
  },
  task(given) {
    const task = taskOf(given)
    if (task.kind !== 'found') return task
    const mark = markOf(given)
    if (mark.kind !== 'found') return mark
    const note = optionalText(given)
    if (note.kind !== 'found') return note
    return asks({ verb: 'task', task: task.value, mark: mark.value, note: note.value ?? '' })
  },
  alert(given) {
    const text = neededText(given)
    return text.kind === 'found' ? asks({ verb: 'alert', text: text.value }) : text
  },
  ask(given) {
    const offered = readChoices(given.choices)
    if (offered.kind === 'unfit') return refused({ kind: 'unfit_choices', fault: offered.fault })
    const text = neededText(given)
    if (text.kind !== 'found') return text
    return asks({ verb: 'ask', text: text.value, choices: offered.choices })
  },
}

function threadOf({ plain: [word = ''], scope: { threads } }: Given): Found<DoorThread> {
  const handle = word.toLowerCase()
  const thread = threads.find((one) => one.id === word || one.handle === handle)
  return thread === undefined ? refused({ kind: 'unknown_thread', thread: word }) : found(thread)
}

function taskOf({ plain: [word = ''], scope: { tasks } }: Given): Found<DoorTask> {
  const id = word.toLowerCase()
  const task = tasks.find((one) => one.id.toLowerCase() === id)
  if (task !== undefined) return found(task)
  const known = tasks.map((one) => one.id)
  return refused({ kind: 'unknown_task', task: word, didYouMean: closestWord(word, known) })
}

function markOf({ plain: [, word = ''] }: Given): Found<TaskMark> {
  const mark = TASK_MARKS.find((one) => one === word.toLowerCase())
  if (mark !== undefined) return found(mark)
  return refused({ kind: 'unknown_mark', mark: word, didYouMean: closestWord(word, TASK_MARKS) })
}

function optionalText(given: Given): Found<string | null> {
  return given.texts.length === 0 ? found(null) : fittingText(given, given.texts)
}

function neededText(given: Given): Found<string> {
  const { texts, input } = given
  if (texts.length > 0) return fittingText(given, texts)
  return input === null ? { kind: 'input_wanted' } : fittingText(given, [input])
}

/** Several texts are paragraphs, as git takes them. */
function fittingText({ verb }: Given, texts: readonly string[]): Found<string> {
  const text = texts.join('\n\n').replace(/\r\n?/gu, '\n').trim()
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) return refused({ kind: 'text_missing', verb })
  const { length } = Array.from(text)
  const limit = verbSpec(verb).longestText
  return length > limit ? refused({ kind: 'text_too_long', length, limit }) : found(text)
}

function found<T>(value: T): Found<T> {
  return { kind: 'found', value }
}

function asks(ask: DoorAsk): DoorReading {
  return { kind: 'ask', ask }
}

function refused(refusal: DoorRefusal): Refused {
  return { kind: 'refused', refusal }
}
