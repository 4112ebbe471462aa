// Reads the text of `.github/belay.yml`. Finds everything that is wrong at once, each with its line; never throws.
// Knows neither where the text came from nor what the operator allows.

import { isAlias, LineCounter, parseDocument, visit } from 'yaml'

import { CONFIG_TEXT, syntaxText } from '../text/config-faults.ts'
import { parseDuration } from './duration.ts'
import { knownKeys } from './known-keys.ts'
import { REPOSITORY_CONFIG_SCHEMA } from './repository-config-schema.ts'
import type { RepositoryConfigFile } from './repository-config-schema.ts'
import type { ConfigFault, PhaseConfig, RepositoryConfig } from './repository-config.ts'
import { repeatedPhaseFaults, toFaults } from './schema-faults.ts'
import { positionAt } from './yaml-position.ts'
import type { YamlSource } from './yaml-position.ts'

/** Is what reading a configuration gives: all of it, or everything that is wrong with it. */
export type ParsedRepositoryConfig =
  | { readonly kind: 'valid'; readonly config: RepositoryConfig }
  /** At least one fault, sorted by line and column. */
  | { readonly kind: 'invalid'; readonly faults: readonly ConfigFault[] }

/** Largest file that is read, in characters. */
const MAX_LENGTH = 65_536

/** Most aliases in a file: enough to be handy, too few to be a bomb. */
const MAX_ALIASES = 20

/** Most opening brackets in a file. Each could open a level, and counting the closing ones would mean to parse. */
const MAX_BRACKETS = 500

/** Most levels that one line may open with `- `, `? ` and `: `. */
const MAX_LEVELS_PER_LINE = 8

/** Reads a configuration; an empty text is a valid one, with every default. */
export function parseRepositoryConfig(text: string): ParsedRepositoryConfig {
  if (text.length > MAX_LENGTH) return invalid([wholeFile(CONFIG_TEXT.tooLarge)])
  if (isTooDeep(text)) return invalid([wholeFile(CONFIG_TEXT.tooDeep)])
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' })
  const source = { document, lineCounter }
  const syntax = [...syntaxFaults(source), ...aliasFaults(source)]
  if (syntax.some((fault) => fault.stops)) return invalid(syntax.map((each) => each.fault))
  return checkValues(
    source,
    syntax.map((each) => each.fault),
  )
}

/** Holds every default: what a repository without a file gets. */
export const DEFAULT_CONFIG: RepositoryConfig = toRepositoryConfig(REPOSITORY_CONFIG_SCHEMA.parse({}))

function checkValues(source: YamlSource, before: readonly ConfigFault[]): ParsedRepositoryConfig {
  // The aliases were counted before; the parser's own count would throw.
  const value: unknown = source.document.toJS({ maxAliasCount: -1 }) ?? {}
  const result = REPOSITORY_CONFIG_SCHEMA.safeParse(value)
  const file = { source, value, knownKeys }
  const issues = result.error?.issues ?? []
  const faults = [
    ...before,
    ...issues.flatMap((issue) => toFaults(file, issue)),
    ...repeatedPhaseFaults(file),
  ]
  if (result.data === undefined || faults.length > 0) return invalid(faults)
  return { kind: 'valid', config: toRepositoryConfig(result.data) }
}

interface SyntaxFault {
  readonly fault: ConfigFault
  /** Whether the values can not be trusted any more: then nothing else is checked. */
  readonly stops: boolean
}

/** Our own words where the parser's would not help. */
const SYNTAX_TEXTS: ReadonlyMap<string, string> = new Map([
  ['DUPLICATE_KEY', CONFIG_TEXT.repeatedKey],
  ['MULTIPLE_DOCS', CONFIG_TEXT.secondDocument],
])

function syntaxFaults(source: YamlSource): readonly SyntaxFault[] {
  return [...source.document.errors, ...source.document.warnings].map((error) => {
    const message = SYNTAX_TEXTS.get(error.code) ?? syntaxText(error.message)
    const fault = { ...positionAt(source, error.pos[0]), path: '', message }
    return { fault, stops: error.code !== 'DUPLICATE_KEY' }
  })
}

/** Refuses alias bombs, aliases of nothing and aliases of what contains them, before anything is expanded. */
function aliasFaults(source: YamlSource): readonly SyntaxFault[] {
  const faults: SyntaxFault[] = []
  let count = 0
  visit(source.document, (_key, node) => {
    if (!isAlias(node)) return undefined
    count += 1
    const position = positionAt(source, node.range?.[0] ?? 0)
    if (node.resolve(source.document) === undefined) {
      faults.push({ fault: { ...position, path: '', message: CONFIG_TEXT.unknownAlias }, stops: true })
    }
    if (count <= MAX_ALIASES) return undefined
    const fault = { ...position, path: '', message: CONFIG_TEXT.tooManyAliases, hint: CONFIG_TEXT.aliasHint }
    faults.push({ fault, stops: true })
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

function wholeFile(message: string): ConfigFault {
  return { line: 1, column: 1, path: '', message }
}

function invalid(faults: readonly ConfigFault[]): ParsedRepositoryConfig {
  const sorted = faults.toSorted((one, other) => one.line - other.line || one.column - other.column)
  return { kind: 'invalid', faults: sorted }
}

function toRepositoryConfig(file: RepositoryConfigFile): RepositoryConfig {
  const { _extends: extendsFrom = null } = file
  return {
    version: file.version,
    extendsFrom,
    agent: file.agent ?? null,
    phases: file.phases.map(toPhaseConfig),
    sync: {
      onConflict: file.sync.on_conflict,
      pushBackups: file.sync.push_backups,
      pushBackupsFallback: file.sync.push_backups_fallback,
    },
    check: file.check,
    nudges: file.nudges,
    permissions: file.permissions,
    triggers: file.triggers,
  }
}

function toPhaseConfig(phase: RepositoryConfigFile['phases'][number]): PhaseConfig {
  return {
    name: phase.name,
    prompt: phase.prompt,
    produces: phase.produces ?? null,
    reviewers: phase.reviewers,
    timeoutMs: parseDuration(phase.timeout) ?? 0,
    restarts: phase.restarts,
  }
}
