// The agent's door: who may ask Belay for what while an attempt runs, and what each request has to look like.
// Knows no socket, no token's value and no GitHub.

import type { AttemptRole } from '../pipeline/records.ts'
import type { ChoiceFault } from './door-choices.ts'

/** A review thread that was delivered to an attempt; the agent may answer it and no other. */
export interface DoorThread {
  /** `t1`, `t2` and so on, as the prompt numbers them. */
  readonly handle: string
  /** GitHub's node id. */
  readonly id: string
  readonly path: string
  readonly line: number | null
}

/** A task of the contract, which an attempt may mark. */
export interface DoorTask {
  readonly id: string
  readonly title: string
}

/** What an attempt's door opens to: who the agent is, and what was delivered to it. */
export interface DoorScope {
  readonly role: AttemptRole
  readonly threads: readonly DoorThread[]
  readonly tasks: readonly DoorTask[]
}

/** A text of the agent; `id` is made of its subject and the text, so that the same one given twice is one. */
export interface DoorText {
  readonly id: string
  readonly body: string
}

/** What an agent can say of a task. */
export const TASK_MARKS = ['todo', 'doing', 'done'] as const
export type TaskMark = (typeof TASK_MARKS)[number]

/** What the runner accepted and control carries out. */
export type DoorRequest =
  | { readonly verb: 'reply'; readonly threadId: string; readonly text: DoorText }
  | { readonly verb: 'resolve'; readonly threadId: string; readonly text: DoorText | null }
  /** Marks a task of the contract; an empty note says nothing. */
  | {
      readonly verb: 'task'
      readonly taskId: string
      readonly status: TaskMark
      readonly note: string
    }
  /** Tells the operator and the people of the pull request that something is wrong. */
  | { readonly verb: 'alert'; readonly text: DoorText }
  /** Asks a person; asked when the attempt has ended, and its answer begins the next one. */
  | { readonly verb: 'ask'; readonly text: DoorText; readonly choices: readonly string[] }

/** A plain word that a verb takes. */
export type DoorArgument = 'thread' | 'task' | 'mark'

export interface VerbSpec {
  readonly roles: readonly AttemptRole[]
  readonly arguments: readonly DoorArgument[]
  /** In characters, 0 for none at all; GitHub takes 65 536 and our own lines need room. */
  readonly longestText: number
  /** Whether `--option` gives answers to choose from. */
  readonly hasChoices?: true
  /** How often in an attempt; without it the verb shares the limit of all the others. */
  readonly most?: number
}

const PRODUCER: readonly AttemptRole[] = ['producer']
const EVERYBODY: readonly AttemptRole[] = ['producer', 'reviewer']

/** Every verb of the door. A verb more is a row here, its words in the texts, its ask and its request. */
export const DOOR_VERBS = {
  reply: { roles: PRODUCER, arguments: ['thread'], longestText: 20_000 },
  resolve: { roles: PRODUCER, arguments: ['thread'], longestText: 20_000 },
  task: { roles: PRODUCER, arguments: ['task', 'mark'], longestText: 500 },
  ask: { roles: PRODUCER, arguments: [], longestText: 4000, hasChoices: true },
  alert: { roles: EVERYBODY, arguments: [], longestText: 4000, most: 10 },
  help: { roles: EVERYBODY, arguments: [], longestText: 0 },
} as const satisfies Readonly<Record<string, VerbSpec>>

export type DoorVerb = keyof typeof DOOR_VERBS

/** Tells whether a word is a verb of the door. */
export function isDoorVerb(word: string): word is DoorVerb {
  return Object.hasOwn(DOOR_VERBS, word)
}

/** Returns a verb's row. */
export function verbSpec(verb: DoorVerb): VerbSpec {
  return DOOR_VERBS[verb]
}

/** Returns the verbs that can lead to something in an attempt. */
export function usableVerbs({ role, threads, tasks }: DoorScope): readonly DoorVerb[] {
  const isThere: Readonly<Record<DoorArgument, boolean>> = {
    thread: threads.length > 0,
    task: tasks.length > 0,
    mark: true,
  }
  const all = Object.keys(DOOR_VERBS) as DoorVerb[]
  return all.filter((verb) => {
    const spec = verbSpec(verb)
    return spec.roles.includes(role) && spec.arguments.every((argument) => isThere[argument])
  })
}

/** Returns how many requests an attempt may make, but for verbs with a limit of their own: a few for each thing delivered. */
export function mostDoorRequests({ threads, tasks }: Pick<DoorScope, 'threads' | 'tasks'>): number {
  return Math.min(500, 20 + 4 * (threads.length + tasks.length))
}

/** Why the door does not do something; each has words that tell the agent what to do next. */
export type DoorRefusal =
  | {
      readonly kind: 'unreadable'
      readonly because: 'not_utf8' | 'not_json' | 'wrong_shape' | 'too_long' | 'too_slow'
    }
  | { readonly kind: 'wrong_token' }
  /** The attempt has ended. */
  | { readonly kind: 'over' }
  | { readonly kind: 'unknown_verb'; readonly verb: string; readonly didYouMean: DoorVerb | null }
  /** The verb is for the agent that makes the work, and this one reviews it. */
  | { readonly kind: 'not_for_reviewers'; readonly verb: DoorVerb }
  | { readonly kind: 'unknown_option'; readonly verb: DoorVerb; readonly option: string }
  | { readonly kind: 'wrong_arguments'; readonly verb: DoorVerb }
  | { readonly kind: 'text_missing'; readonly verb: DoorVerb }
  | { readonly kind: 'text_too_long'; readonly length: number; readonly limit: number }
  | { readonly kind: 'unknown_thread'; readonly thread: string }
  | { readonly kind: 'unknown_task'; readonly task: string; readonly didYouMean: string | null }
  | { readonly kind: 'unknown_mark'; readonly mark: string; readonly didYouMean: TaskMark | null }
  | { readonly kind: 'unfit_choices'; readonly fault: ChoiceFault }
  /** `verb` is null for the limit that most verbs share. */
  | { readonly kind: 'too_many'; readonly limit: number; readonly verb: DoorVerb | null }
  /** The control side could not store it. */
  | { readonly kind: 'not_stored' }
