// The command table: every verb, what follows it, what it needs and its help line. Adding a verb here breaks the
// build wherever verbs are handled. Knows no Markdown, no decision and no person.

import type { Role } from '../permission.ts'

/** Names what may follow a verb. A prompt stands after `--`; everything else is one word. */
export type ArgumentName = 'agent' | 'prompt' | 'decision' | 'option' | 'backup'

/** Describes one argument of a verb; arguments come in the order of the table. */
export interface ArgumentSpec {
  readonly name: ArgumentName
  readonly required: boolean
}

/** Names what may stand beside the arguments as `--name`, anywhere after the verb. */
export type FlagName = 'dirty'

/** Describes one verb. */
export interface CommandSpec {
  readonly args: readonly ArgumentSpec[]
  readonly flags?: readonly FlagName[]
  /** Whether it changes anything. Such a verb has the floor `write`, which nobody can lower. */
  readonly changes: boolean
  /** The role it needs when the repository says nothing. */
  readonly needs: Role
  /** The option of a decision that this verb is short for. */
  readonly answer?: string
  /** One line for the help. */
  readonly summary: string
  /** A complete line to copy. */
  readonly example: string
}

const DECISION: ArgumentSpec = { name: 'decision', required: false }

/** Holds the grammar: the verbs that work in this version, in the order of the help. */
export const COMMANDS = {
  run: {
    args: [
      { name: 'agent', required: false },
      { name: 'prompt', required: false },
    ],
    changes: true,
    needs: 'write',
    summary: 'Start a session on this pull request. What follows `--` is the prompt.',
    example: '/belay run claude-code -- Fix the failing parser test',
  },
  continue: {
    args: [DECISION],
    changes: true,
    needs: 'write',
    answer: 'continue',
    summary: 'Answer the open question with `continue`.',
    example: '/belay continue',
  },
  abort: {
    args: [DECISION],
    changes: true,
    needs: 'write',
    answer: 'abort',
    summary: 'Answer the open question with `abort`.',
    example: '/belay abort',
  },
  answer: {
    args: [{ name: 'option', required: true }, DECISION],
    changes: true,
    needs: 'write',
    summary: 'Answer the open question with any of its options.',
    example: '/belay answer rescue',
  },
  rescue: {
    args: [{ name: 'backup', required: false }],
    flags: ['dirty'],
    changes: true,
    needs: 'write',
    answer: 'rescue',
    summary:
      'Put pinned commits on a new branch and link the comparison; with `--dirty`, the uncommitted files with them.',
    example: '/belay rescue',
  },
  status: {
    args: [],
    changes: false,
    needs: 'read',
    summary: 'Refresh the status comment.',
    example: '/belay status',
  },
  sync: {
    args: [],
    changes: true,
    needs: 'write',
    summary: 'Sync the worktree now, or as soon as the agent is idle.',
    example: '/belay sync',
  },
  populate: {
    args: [DECISION],
    changes: true,
    needs: 'write',
    answer: 'populate',
    summary:
      'Fill the contract from the plan again, after a sync; or answer the open question with `populate`.',
    example: '/belay populate',
  },
  retry: {
    args: [DECISION],
    changes: true,
    needs: 'write',
    answer: 'retry',
    summary: 'Run the phase that failed or was cancelled again; or answer the open question with `retry`.',
    example: '/belay retry',
  },
  stop: {
    args: [],
    changes: true,
    needs: 'write',
    summary: 'End the session. Everything it made is kept.',
    example: '/belay stop',
  },
  help: {
    args: [],
    changes: false,
    needs: 'read',
    summary: 'List the commands you can use here and now.',
    example: '/belay help',
  },
} as const satisfies Record<string, CommandSpec>

/** Names a verb of this version. */
export type Verb = keyof typeof COMMANDS

/** Lists the verbs of this version in the order of the help. */
export const VERBS = Object.keys(COMMANDS).filter(isVerb)

/** Lists verbs that are promised but not built yet. All of them change something. */
export const LATER_VERBS = ['restore', 'claim'] as const

/** Names a verb of a later version. */
export type LaterVerb = (typeof LATER_VERBS)[number]

/** Lists the verbs that also work alone, without `/belay`. */
export const BARE_VERBS = ['continue', 'abort'] as const satisfies readonly Verb[]

/** Tells whether a word, in lower case, is a verb of this version. */
export function isVerb(word: string): word is Verb {
  return Object.hasOwn(COMMANDS, word)
}

/** Tells whether a word, in lower case, is a verb of a later version. */
export function isLaterVerb(word: string): word is LaterVerb {
  return LATER_VERBS.some((verb) => verb === word)
}

/** Returns the row of a verb, with its optional fields readable. */
export function commandSpec(verb: Verb): CommandSpec {
  return COMMANDS[verb]
}

/** Returns the verb that is short for an option of a decision, or null when the option has none. */
export function verbOfOption(option: string): Verb | null {
  return VERBS.find((verb) => commandSpec(verb).answer === option) ?? null
}
