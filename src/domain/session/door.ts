// The agent's door: what an agent may ask Belay for while its attempt runs, and what each request has to look like.
// Knows no socket, no token's value and no GitHub.

import { z } from 'zod'

/** A review thread that was delivered to an attempt; the agent may answer it and no other. */
export interface DoorThread {
  /** `t1`, `t2` and so on, as the prompt numbers them. */
  readonly handle: string
  /** GitHub's node id. */
  readonly id: string
  readonly path: string
  readonly line: number | null
}

/** A text of the agent; `id` is made of thread and text, so that the same reply given twice is one. */
export interface DoorText {
  readonly id: string
  readonly body: string
}

/** What the runner accepted and control carries out. */
export type DoorRequest =
  | { readonly verb: 'reply'; readonly threadId: string; readonly text: DoorText }
  | { readonly verb: 'resolve'; readonly threadId: string; readonly text: DoorText | null }

interface VerbSpec {
  readonly arguments: readonly 'thread'[]
  /** A required text is read from standard input when no option gives it; an optional one never is. */
  readonly text: 'required' | 'optional' | 'none'
  /** In characters; GitHub takes 65 536 and our own lines need room. */
  readonly longestText: number
}

/** Every verb of the door. A verb more is a row here, its words in the texts, and its request above. */
export const DOOR_VERBS = {
  reply: { arguments: ['thread'], text: 'required', longestText: 20_000 },
  resolve: { arguments: ['thread'], text: 'optional', longestText: 20_000 },
  help: { arguments: [], text: 'none', longestText: 0 },
} as const satisfies Readonly<Record<string, VerbSpec>>

export type DoorVerb = keyof typeof DOOR_VERBS

/** The longest line that is read, in bytes: the longest text, written with escapes, and room for the rest. */
export const LONGEST_DOOR_LINE = 256 * 1024

const MOST_ARGUMENTS = 64

/** Why the door does not do something; each has words that tell the agent what to do next. */
export type DoorRefusal =
  | {
      readonly kind: 'unreadable'
      readonly because: 'not_utf8' | 'not_json' | 'wrong_shape' | 'too_long' | 'too_slow'
    }
  | { readonly kind: 'wrong_token' }
  /** The attempt has ended. */
  | { readonly kind: 'over' }
  | { readonly kind: 'unknown_verb'; readonly verb: string }
  | { readonly kind: 'unknown_option'; readonly verb: DoorVerb; readonly option: string }
  | { readonly kind: 'wrong_arguments'; readonly verb: DoorVerb }
  | { readonly kind: 'text_missing'; readonly verb: DoorVerb }
  | { readonly kind: 'text_too_long'; readonly length: number; readonly limit: number }
  | { readonly kind: 'unknown_thread'; readonly thread: string }
  | { readonly kind: 'too_many'; readonly limit: number }
  /** The control side could not store it. */
  | { readonly kind: 'not_stored' }

const callSchema = z.strictObject({
  token: z.string().max(200),
  args: z.array(z.string()).max(MOST_ARGUMENTS),
  input: z.string().nullable(),
})

/** One line of the wire: the agent's words as it typed them, and its standard input once it was asked for. */
export type DoorCall = Readonly<z.infer<typeof callSchema>>

/** What the door answers, one line as well; `reason` is there when it is refused. */
export interface DoorAnswer {
  readonly kind: 'accepted' | 'refused' | 'help' | 'input_wanted'
  readonly reason?: DoorRefusal['kind']
  readonly text: string
}

/** Reads a line of the wire. */
export function parseDoorLine(
  line: string,
): { readonly kind: 'call'; readonly call: DoorCall } | Extract<DoorRefusal, { kind: 'unreadable' }> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    // The words of the parser would quote the input; that it is no JSON is all there is to know.
    return { kind: 'unreadable', because: 'not_json' }
  }
  const parsed = callSchema.safeParse(value)
  return parsed.success ? { kind: 'call', call: parsed.data } : { kind: 'unreadable', because: 'wrong_shape' }
}

/** What an attempt may ask for. */
export type DoorAsk =
  | { readonly verb: 'reply'; readonly thread: DoorThread; readonly text: string }
  | { readonly verb: 'resolve'; readonly thread: DoorThread; readonly text: string | null }

export type DoorReading =
  | { readonly kind: 'ask'; readonly ask: DoorAsk }
  | { readonly kind: 'help' }
  /** The text is missing and standard input may hold it. */
  | { readonly kind: 'input_wanted' }
  | { readonly kind: 'refused'; readonly refusal: DoorRefusal }

/** Says what the agent's words ask for, given the threads that were delivered to its attempt. */
export function readDoorCall(
  { args, input }: Pick<DoorCall, 'args' | 'input'>,
  threads: readonly DoorThread[],
): DoorReading {
  const [name = 'help', ...rest] = args
  if (name === '-h' || name === '--help') return { kind: 'help' }
  if (!isVerb(name)) return refused({ kind: 'unknown_verb', verb: name })
  if (name === 'help') return { kind: 'help' }
  const words = readWords(rest)
  if (words.kind === 'help') return words
  if (words.kind === 'unknown_option')
    return refused({ kind: 'unknown_option', verb: name, option: words.option })
  const [wanted, ...more] = words.plain
  if (wanted === undefined || more.length > 0) return refused({ kind: 'wrong_arguments', verb: name })
  const thread = findThread(threads, wanted)
  if (thread === null) return refused({ kind: 'unknown_thread', thread: wanted })
  const text = readText(name, words.texts, input)
  if (text.kind !== 'text') return text
  if (name === 'resolve') return { kind: 'ask', ask: { verb: name, thread, text: text.value } }
  return { kind: 'ask', ask: { verb: name, thread, text: text.value ?? '' } }
}

/** Returns how many requests an attempt may make: a few for each thread, and some to spare. */
export function mostDoorRequests(threads: number): number {
  return Math.min(500, 20 + 4 * threads)
}

/** Returns the request with its id; `digest` turns any text into a short one of its own. */
export function identifyAsk(
  ask: DoorAsk,
  digest: (text: string) => string,
): { readonly requestId: string; readonly request: DoorRequest } {
  const threadId = ask.thread.id
  const textOf = (body: string): DoorText => ({ id: digest(JSON.stringify([threadId, body])), body })
  const request: DoorRequest =
    ask.verb === 'reply'
      ? { verb: 'reply', threadId, text: textOf(ask.text) }
      : { verb: 'resolve', threadId, text: ask.text === null ? null : textOf(ask.text) }
  return { requestId: digest(JSON.stringify([request.verb, threadId, request.text?.id ?? null])), request }
}

function refused(refusal: DoorRefusal): DoorReading {
  return { kind: 'refused', refusal }
}

function isVerb(name: string): name is DoorVerb {
  return Object.hasOwn(DOOR_VERBS, name)
}

function findThread(threads: readonly DoorThread[], wanted: string): DoorThread | null {
  const handle = wanted.toLowerCase()
  return threads.find((thread) => thread.id === wanted || thread.handle === handle) ?? null
}

type Words =
  | { readonly kind: 'words'; readonly plain: readonly string[]; readonly texts: readonly string[] }
  | { readonly kind: 'help' }
  | { readonly kind: 'unknown_option'; readonly option: string }

/** `-m text`, `--message text` and `--message=text`; what follows `--` is no option. */
function readWords(args: readonly string[]): Words {
  const plain: string[] = []
  const texts: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    const next = args[at + 1]
    if (word === '--') return { kind: 'words', plain: [...plain, ...args.slice(at + 1)], texts }
    if (word === '-h' || word === '--help') return { kind: 'help' }
    if (word.startsWith('--message=')) texts.push(word.slice('--message='.length))
    else if ((word === '-m' || word === '--message') && next !== undefined) {
      texts.push(next)
      at += 1
    } else if (word.startsWith('-') && word !== '-') return { kind: 'unknown_option', option: word }
    else plain.push(word)
  }
  return { kind: 'words', plain, texts }
}

type ReadText =
  | { readonly kind: 'text'; readonly value: string | null }
  | Extract<DoorReading, { kind: 'refused' | 'input_wanted' }>

function readText(verb: Exclude<DoorVerb, 'help'>, texts: readonly string[], input: string | null): ReadText {
  const spec: VerbSpec = DOOR_VERBS[verb]
  if (texts.length === 0 && spec.text === 'optional') return { kind: 'text', value: null }
  if (texts.length === 0 && input === null) return { kind: 'input_wanted' }
  // Several options are paragraphs, as git takes them.
  const value = (texts.length > 0 ? texts.join('\n\n') : (input ?? '')).replace(/\r\n?/gu, '\n').trim()
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(value))
    return { kind: 'refused', refusal: { kind: 'text_missing', verb } }
  const { length } = Array.from(value)
  return length > spec.longestText
    ? { kind: 'refused', refusal: { kind: 'text_too_long', length, limit: spec.longestText } }
    : { kind: 'text', value }
}
