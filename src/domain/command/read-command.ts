// Reads one line that is spoken to us into a command or a problem. Knows the grammar; of Markdown only that a prompt
// may bring further lines along.

import { assertNever } from '../assert-never.ts'
import { closestWord } from '../closest-word.ts'
import { readAgentName, readBackupName, readDecisionId, readOptionId } from './argument.ts'
import { COMMAND_PREFIX, firstWord } from './command-address.ts'
import type { Addressed } from './command-address.ts'
import { commandSpec, isLaterVerb, isVerb, VERBS } from './grammar.ts'
import type { ArgumentName, FlagName, Verb } from './grammar.ts'
import type { Command, CommandProblem } from './parsed-command.ts'
import { trimBlankEnd } from './trim-blank-end.ts'

/** Is what one line says, before it is known where it stood. */
export type CommandReading =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'problem'; readonly problem: CommandProblem; readonly suggestion: string | null }

/** Stands before a prompt. Phones make a long dash of the two short ones. */
const PROMPT_MARKS: readonly string[] = ['--', '—']

type Values = { readonly [N in ArgumentName]?: string }

/** Reads a line that is spoken to us; `continuation` follows it directly, line breaks and all, if it has a prompt. */
export function readCommand(addressed: Addressed, continuation: string): CommandReading {
  if (addressed.kind === 'bare')
    return readArguments({ verb: addressed.verb, rest: addressed.rest, continuation })
  const word = firstWord(addressed.rest)
  const rest = addressed.rest.slice(word.length).trim()
  if (word === '') return { kind: 'command', command: { verb: 'help' } }
  const verb = word.toLowerCase()
  if (isVerb(verb)) return readArguments({ verb, rest, continuation })
  if (isLaterVerb(verb)) return problem({ kind: 'not_available_yet', verb }, null)
  return unknownVerb({ word, rest, continuation })
}

interface VerbLine {
  readonly verb: Verb
  readonly rest: string
  readonly continuation: string
}

function unknownVerb(line: {
  readonly word: string
  readonly rest: string
  readonly continuation: string
}): CommandReading {
  const didYouMean = closestWord(line.word, VERBS)
  const corrected = didYouMean === null ? null : readArguments({ ...line, verb: didYouMean })
  const suggestion =
    corrected?.kind === 'command' ? suggestLine(didYouMean, line.rest) : (corrected?.suggestion ?? null)
  return problem({ kind: 'unknown_verb', word: line.word, didYouMean }, suggestion)
}

function readArguments(line: VerbLine): CommandReading {
  const split = takesPrompt(line.verb) ? splitPrompt(line) : { words: wordsOf(line.rest), prompt: null }
  const { words, flags } = splitFlags(line.verb, split.words)
  const values = readWords(line, words)
  if (values.kind === 'problem') return values
  if (split.prompt === '') {
    const suggestion = suggestLine(line.verb, split.words.join(' '))
    return problem({ kind: 'missing_argument', verb: line.verb, argument: 'prompt' }, suggestion)
  }
  const given = split.prompt === null ? values.values : { ...values.values, prompt: split.prompt }
  return toCommand(line.verb, given, flags)
}

/** Phones make a long dash of the two short ones here as well. */
function splitFlags(
  verb: Verb,
  words: readonly string[],
): { readonly words: readonly string[]; readonly flags: ReadonlySet<FlagName> } {
  const known = commandSpec(verb).flags ?? []
  const flagOf = (word: string): FlagName | undefined =>
    known.find((name) => [`--${name}`, `—${name}`].includes(word.toLowerCase()))
  return {
    words: words.filter((word) => flagOf(word) === undefined),
    flags: new Set(words.flatMap((word) => flagOf(word) ?? [])),
  }
}

function takesPrompt(verb: Verb): boolean {
  return commandSpec(verb).args.some((argument) => argument.name === 'prompt')
}

function splitPrompt(line: VerbLine): { readonly words: readonly string[]; readonly prompt: string | null } {
  const mark = /(?<=^|\s)(?:--|—)(?=\s|$)/.exec(line.rest)
  if (mark === null) return { words: wordsOf(line.rest), prompt: null }
  const after = line.rest.slice(mark.index + mark[0].length)
  const prompt = trimBlankEnd(`${after}${line.continuation}`.trimStart())
  // Its first line stands on a command line, whose end is trimmed of everything blank.
  const firstLine = prompt.split('\n', 1).join('')
  return {
    words: wordsOf(line.rest.slice(0, mark.index)),
    prompt: `${firstLine.trimEnd()}${prompt.slice(firstLine.length)}`,
  }
}

function readWords(
  line: VerbLine,
  words: readonly string[],
): { readonly kind: 'values'; readonly values: Values } | Extract<CommandReading, { kind: 'problem' }> {
  const { verb } = line
  const places = commandSpec(verb).args.filter((argument) => argument.name !== 'prompt')
  const values: { [N in ArgumentName]?: string } = {}
  for (const [index, word] of words.entries()) {
    const argument = places[index]?.name
    if (argument === undefined)
      return problem({ kind: 'unexpected_argument', verb, word }, correctedLine(line))
    const value = readArgument(argument, word)
    if (value === null) return problem(misfit({ verb, argument, word }), correctedLine(line))
    values[argument] = value
  }
  return { kind: 'values', values }
}

function misfit(place: {
  readonly verb: Verb
  readonly argument: ArgumentName
  readonly word: string
}): CommandProblem {
  if (place.argument === 'decision') return { kind: 'bad_decision_id', verb: place.verb, word: place.word }
  return { kind: 'bad_argument', ...place }
}

function readArgument(argument: ArgumentName, word: string): string | null {
  switch (argument) {
    case 'agent':
      return readAgentName(word)
    case 'decision':
      return readDecisionId(word)
    case 'option':
      return readOptionId(word)
    case 'backup':
      return readBackupName(word)
    case 'prompt':
      return word
    default:
      return assertNever(argument)
  }
}

/** Words too many after a verb with a prompt were meant as the prompt; after any other verb they are dropped. */
function correctedLine(line: VerbLine): string | null {
  const words = wordsOf(line.rest).filter((word) => !PROMPT_MARKS.includes(word))
  if (takesPrompt(line.verb)) return suggestLine(line.verb, `-- ${words.join(' ')}`)
  const first = words[0]
  const firstPlace = commandSpec(line.verb).args[0]
  if (first === undefined || firstPlace === undefined) return suggestLine(line.verb, '')
  const value = readArgument(firstPlace.name, first)
  if (value !== null) return suggestLine(line.verb, value)
  return firstPlace.required ? null : suggestLine(line.verb, '')
}

function suggestLine(verb: Verb | null, rest: string): string | null {
  return verb === null ? null : `${COMMAND_PREFIX} ${verb} ${rest}`.trim()
}

function toCommand(verb: Verb, values: Values, flags: ReadonlySet<FlagName>): CommandReading {
  switch (verb) {
    case 'run':
      return command({ verb, agent: values.agent ?? null, prompt: values.prompt ?? null })
    case 'continue':
    case 'abort':
    case 'populate':
    case 'retry':
      return command({ verb, decision: values.decision ?? null })
    case 'answer':
      if (values.option === undefined)
        return problem({ kind: 'missing_argument', verb, argument: 'option' }, null)
      return command({ verb, option: values.option, decision: values.decision ?? null })
    case 'rescue':
      return command({ verb, backup: values.backup ?? null, dirty: flags.has('dirty') })
    case 'status':
    case 'sync':
    case 'stop':
    case 'help':
      return command({ verb })
    default:
      return assertNever(verb)
  }
}

function command(value: Command): CommandReading {
  return { kind: 'command', command: value }
}

function problem(
  value: CommandProblem,
  suggestion: string | null,
): Extract<CommandReading, { readonly kind: 'problem' }> {
  return { kind: 'problem', problem: value, suggestion }
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
