// What reading a comment gives: commands, and lines that were meant as commands but are not. Types only.

import type { ArgumentName, LaterVerb, Verb } from './grammar.ts'

/** Holds one command with its arguments; an argument that was not given is null. */
export type Command =
  | { readonly verb: 'run'; readonly agent: string | null; readonly prompt: string | null }
  | { readonly verb: 'continue'; readonly decision: string | null }
  | { readonly verb: 'abort'; readonly decision: string | null }
  | { readonly verb: 'answer'; readonly option: string; readonly decision: string | null }
  | { readonly verb: 'rescue'; readonly backup: string | null; readonly dirty: boolean }
  | { readonly verb: 'populate'; readonly decision: string | null }
  | { readonly verb: 'retry'; readonly decision: string | null }
  | { readonly verb: 'status' }
  | { readonly verb: 'sync' }
  | { readonly verb: 'stop' }
  | { readonly verb: 'help' }

/** Holds where a command line stood and how it was typed. */
export interface CommandOrigin {
  /** Line of the comment, from 1. */
  readonly line: number
  /** The line as typed, without the space around it. Of a prompt over several lines only the first. */
  readonly source: string
  /** Whether it was `/continue` or `/abort` alone: words that other bots use too. */
  readonly bare: boolean
}

/** Says why a command line is not a command. */
export type CommandProblem =
  /** The first word is no verb; `didYouMean` is the likely one. */
  | { readonly kind: 'unknown_verb'; readonly word: string; readonly didYouMean: Verb | null }
  /** The verb is promised for a later version. */
  | { readonly kind: 'not_available_yet'; readonly verb: LaterVerb }
  /** Something the verb can not do without is missing; for a prompt, `--` stood there with nothing after it. */
  | { readonly kind: 'missing_argument'; readonly verb: Verb; readonly argument: ArgumentName }
  /** A word too many. */
  | { readonly kind: 'unexpected_argument'; readonly verb: Verb; readonly word: string }
  /** A word that can not be the id of a decision. */
  | { readonly kind: 'bad_decision_id'; readonly verb: Verb; readonly word: string }
  /** A word that can not be the argument in whose place it stands. */
  | {
      readonly kind: 'bad_argument'
      readonly verb: Verb
      readonly argument: ArgumentName
      readonly word: string
    }

/** Is a command that can be run, if its sender may. */
export type ValidCommand = Command & CommandOrigin & { readonly kind: 'command' }

/** Is a line that was meant as a command. */
export type ProblemLine = CommandOrigin & {
  readonly kind: 'problem'
  readonly problem: CommandProblem
  /** A corrected line to copy, or null when nobody could guess it. It is a command without a problem. */
  readonly suggestion: string | null
}

/** Is what one command line turned out to be. */
export type ParsedCommand = ValidCommand | ProblemLine
