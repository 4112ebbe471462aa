// Turns what the schema has against a decoded file into faults with positions and hints. Knows the schema's issues,
// not its keys, except for two that people try and that can never work.

import type { z } from 'zod'

import { closestWord } from '../closest-word.ts'
import { roleAtLeast, isRole } from '../permission.ts'
import * as text from '../text/config-faults.ts'
import type { ConfigFault } from './repository-config.ts'
import { positionOfKey, positionOfValue } from './yaml-position.ts'
import type { YamlPath, YamlSource } from './yaml-position.ts'

type Issue = z.core.$ZodIssue

/** Holds the file in its three forms: text with positions, values, and what the schema says. */
export interface CheckedFile {
  readonly source: YamlSource
  readonly value: unknown
  readonly knownKeys: (path: YamlPath) => readonly string[]
}

/** Keys with which people try to bring their own program along. */
const COMMAND_KEYS: readonly string[] = [
  'agents',
  'args',
  'binary',
  'command',
  'commands',
  'env',
  'exec',
  'shell',
]

/** Returns the faults behind one issue of the schema: one for each unknown key, else one. */
export function toFaults(file: CheckedFile, issue: Issue): readonly ConfigFault[] {
  const path = toYamlPath(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(file, [...path, key]))
  const found = valueAt(file.value, path)
  if (issue.code === 'invalid_type' && found === undefined) return [missingKey(file, path)]
  const position = positionOfValue(file.source, path)
  return [{ ...position, path: renderPath(path), ...explain(issue, found, path) }]
}

/** Returns a fault for each phase whose name an earlier one has. Looks past everything else that is wrong. */
export function repeatedPhaseFaults(file: CheckedFile): readonly ConfigFault[] {
  const phases = valueAt(file.value, ['phases'])
  if (!Array.isArray(phases)) return []
  const seen = new Set<unknown>()
  return phases.flatMap((_phase, index) => {
    const path = ['phases', index, 'name']
    const name = valueAt(file.value, path)
    if (typeof name !== 'string') return []
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = text.repeatedPhaseText(name)
    return [{ ...positionOfValue(file.source, path), path: renderPath(path), message }]
  })
}

/** Returns a path as people write it: `phases[1].timeout`. */
function renderPath(path: YamlPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${text.quote(step).slice(1, -1)}`))
    .join('')
    .replace(/^\./, '')
}

function unknownKey(file: CheckedFile, path: YamlPath): ConfigFault {
  const key = String(path.at(-1) ?? '')
  const known = file.knownKeys(path.slice(0, -1))
  const meant = closestWord(key, known)
  const hint = COMMAND_KEYS.includes(key)
    ? text.CONFIG_TEXT.neverACommand
    : meant === null
      ? text.knownKeysText(known)
      : text.didYouMeanText(meant)
  return {
    ...positionOfKey(file.source, path),
    path: renderPath(path),
    message: text.unknownKeyText(key),
    hint,
  }
}

function missingKey(file: CheckedFile, path: YamlPath): ConfigFault {
  const message = text.missingKeyText(String(path.at(-1) ?? ''))
  return { ...positionOfValue(file.source, path), path: renderPath(path), message }
}

type Explanation = Pick<ConfigFault, 'message' | 'hint'>

function explain(issue: Issue, found: unknown, path: YamlPath): Explanation {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(issue.expected, found, path)
    case 'invalid_value':
      return wrongChoice(issue.values.map(String), found, path)
    case 'too_small':
      return { message: text.outOfBoundsText({ kind: 'least', of: amount(issue.origin, issue.minimum) }) }
    case 'too_big':
      return { message: text.outOfBoundsText({ kind: 'most', of: amount(issue.origin, issue.maximum) }) }
    default:
      return { message: issue.message }
  }
}

function wrongKind(expected: string, found: unknown, path: YamlPath): Explanation {
  const message = text.wrongKindText(KINDS.get(expected) ?? expected, describe(found))
  if (found === null) return { message, hint: text.CONFIG_TEXT.emptyHint }
  if (path.at(-1) === 'timeout' && typeof found === 'number')
    return { message, hint: text.CONFIG_TEXT.durationHint }
  const isAgent = path.at(-1) === 'agent' || path.includes('reviewers')
  return isAgent && typeof found === 'object'
    ? { message, hint: text.CONFIG_TEXT.neverACommand }
    : { message }
}

function wrongChoice(choices: readonly string[], found: unknown, path: YamlPath): Explanation {
  const verb = path[0] === 'permissions' ? path[1] : undefined
  const message = text.wrongChoiceText(choices, describe(found))
  if (typeof found !== 'string')
    return found === null ? { message, hint: text.CONFIG_TEXT.emptyHint } : { message }
  if (verb !== undefined && isRole(found) && !roleAtLeast(found, 'write')) {
    return choices.includes('read') ? { message } : { message, hint: text.roleTooLowText(String(verb)) }
  }
  const meant = closestWord(found, choices)
  return meant === null ? { message } : { message, hint: text.didYouMeanText(meant) }
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['object', 'a mapping'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['int', 'a whole number'],
])

function describe(found: unknown): string {
  if (found === null || found === undefined) return 'empty'
  if (Array.isArray(found)) return 'a list'
  if (typeof found === 'object') return 'a mapping'
  if (typeof found === 'string') return text.quote(found)
  return typeof found === 'number' || typeof found === 'boolean' || typeof found === 'bigint'
    ? String(found)
    : 'neither'
}

function amount(origin: string, bound: number | bigint): string {
  if (origin === 'array') return `${bound} ${bound === 1 ? 'entry' : 'entries'}`
  return origin === 'string' ? `${bound} characters` : String(bound)
}

function toYamlPath(path: readonly PropertyKey[]): YamlPath {
  return path.map((step) => (typeof step === 'number' ? step : String(step)))
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let found = value
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = Reflect.get(found, step)
  }
  return found
}
