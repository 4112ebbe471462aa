// Reads YAML that strangers wrote: bounded in length, depth and aliases before and after the parser sees it. Names what
// is wrong and where; knows neither words for it nor what the values mean.

import { isAlias, LineCounter, parseDocument, visit } from 'yaml'

import { positionAt } from './yaml-position.ts'
import type { YamlPosition, YamlSource } from './yaml-position.ts'

/** What can be wrong with YAML, whatever its values are. */
export type YamlFaultKind =
  | 'too_large'
  | 'too_deep'
  | 'too_many_aliases'
  | 'unknown_alias'
  | 'repeated_key'
  | 'second_document'
  | 'syntax'

/** Is one thing that is wrong; `reason` is the parser's own sentence. */
export interface YamlFault extends YamlPosition {
  readonly kind: YamlFaultKind
  readonly reason: string
}

/** Is what reading gives. */
export type GuardedYaml =
  /** Its values can be looked at; a key may still stand twice, and then the last one counts. */
  | { readonly kind: 'readable'; readonly source: YamlSource; readonly faults: readonly YamlFault[] }
  /** At least one fault, and no value can be trusted. */
  | { readonly kind: 'unreadable'; readonly faults: readonly YamlFault[] }

/** Largest text that is read, in characters. */
const MAX_LENGTH = 65_536

/** Most aliases in a text: enough to be handy, too few to be a bomb. */
const MAX_ALIASES = 20

/** Most opening brackets in a text. Each could open a level, and counting the closing ones would mean to parse. */
const MAX_BRACKETS = 500

/** Most levels that one line may open with `- `, `? ` and `: `. */
const MAX_LEVELS_PER_LINE = 8

/** Parses a text; never throws, and expands no alias. */
export function readGuardedYaml(text: string): GuardedYaml {
  if (text.length > MAX_LENGTH) return unreadable([wholeText('too_large')])
  if (isTooDeep(text)) return unreadable([wholeText('too_deep')])
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' })
  const source = { document, lineCounter }
  const faults = [...syntaxFaults(source), ...aliasFaults(source)]
  const stops = faults.some(({ kind }) => kind !== 'repeated_key')
  return stops ? unreadable(faults) : { kind: 'readable', source, faults }
}

const KINDS: ReadonlyMap<string, YamlFaultKind> = new Map([
  ['DUPLICATE_KEY', 'repeated_key'],
  ['MULTIPLE_DOCS', 'second_document'],
])

function syntaxFaults(source: YamlSource): readonly YamlFault[] {
  return [...source.document.errors, ...source.document.warnings].map((error) => ({
    ...positionAt(source, error.pos[0]),
    kind: KINDS.get(error.code) ?? 'syntax',
    reason: error.message,
  }))
}

/** Refuses alias bombs, aliases of nothing and aliases of what contains them, before anything is expanded. */
function aliasFaults(source: YamlSource): readonly YamlFault[] {
  const faults: YamlFault[] = []
  let count = 0
  visit(source.document, (_key, node) => {
    if (!isAlias(node)) return undefined
    count += 1
    const position = positionAt(source, node.range?.[0] ?? 0)
    if (node.resolve(source.document) === undefined)
      faults.push({ ...position, kind: 'unknown_alias', reason: '' })
    if (count <= MAX_ALIASES) return undefined
    faults.push({ ...position, kind: 'too_many_aliases', reason: '' })
    return visit.BREAK
  })
  return faults
}

/**
 * Tells whether a text could be nested so deeply that reading it is dangerous.
 *
 * The YAML parser calls itself for every level, and a stack that runs out inside a regular expression ends the whole
 * process, not just the call. So depth is bounded before it starts.
 */
function isTooDeep(text: string): boolean {
  if ((text.match(/[[{]/g)?.length ?? 0) > MAX_BRACKETS) return true
  const prefixes = text.matchAll(/^(?:[ \t]+|[-?:](?=\s))+/gm)
  for (const [prefix] of prefixes) {
    if ((prefix.match(/[-?:]/g)?.length ?? 0) > MAX_LEVELS_PER_LINE) return true
  }
  return false
}

function wholeText(kind: YamlFaultKind): YamlFault {
  return { line: 1, column: 1, kind, reason: '' }
}

function unreadable(faults: readonly YamlFault[]): GuardedYaml {
  return { kind: 'unreadable', faults }
}
