// The shape of published webhook payloads: keys and JSON types that every example of an event has.
// Used to compare what the fake sends with what GitHub was seen to send.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

type JsonObject = Readonly<Record<string, unknown>>

/** The shape of a value: its JSON types, the shapes of the fields that all examples have, and of the elements of lists. */
export interface Shape {
  readonly types: ReadonlySet<string>
  readonly fields: ReadonlyMap<string, Shape>
  readonly element?: Shape
}

/** Returns the published examples of an event, of one action when given. */
export function publishedExamples(event: string, action?: string): readonly JsonObject[] {
  const definition = readDefinitions().find(({ name }) => name === event)
  return (definition?.examples ?? []).filter(
    (example) => action === undefined || example['action'] === action,
  )
}

/** Returns the shape that all values share. */
export function sharedShape(values: readonly unknown[]): Shape {
  const types = new Set(values.map(typeOf))
  const elements = values.filter((value) => Array.isArray(value)).flat()
  if (elements.length > 0) return { types, fields: new Map(), element: sharedShape(elements) }
  const objects = values.filter(isObject)
  const [first] = objects
  if (first === undefined || objects.length < values.length) return { types, fields: new Map() }
  const names = Object.keys(first).filter((name) => objects.every((object) => name in object))
  return {
    types,
    fields: new Map(names.map((name) => [name, sharedShape(objects.map((object) => object[name]))])),
  }
}

/**
 * Returns where a value lacks a field of the shape or has another type there, as `path: what is wrong`.
 *
 * Fields that the examples happen to fill may be null where `isNullable` says so; an open map is compared as a whole.
 */
export function differences(value: unknown, shape: Shape, rules: ShapeRules, path = ''): string[] {
  if (!shape.types.has(typeOf(value))) {
    const isExcused = value === null ? rules.isNullable(path) : shape.types.has('null')
    return isExcused ? [] : [`${path}: ${typeOf(value)} instead of ${[...shape.types].join('|')}`]
  }
  const { element } = shape
  if (Array.isArray(value) && element !== undefined) {
    return value.flatMap((item) => differences(item, element, rules, `${path}[]`))
  }
  if (!isObject(value) || rules.isOpenMap(path)) return []
  return [...shape.fields].flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`
    return name in value ? differences(value[name], inner, rules, at) : [`${at}: missing`]
  })
}

/** Where the comparison is lenient. */
export interface ShapeRules {
  isNullable(path: string): boolean
  isOpenMap(path: string): boolean
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isObject(value: unknown): value is JsonObject {
  return typeOf(value) === 'object'
}

interface Definition {
  readonly name: string
  readonly examples: readonly JsonObject[]
}

let definitions: readonly Definition[] | undefined

function readDefinitions(): readonly Definition[] {
  definitions ??= decodeDefinitions(
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-examples'), 'utf8')),
  )
  return definitions
}

function decodeDefinitions(json: unknown): readonly Definition[] {
  if (!Array.isArray(json) || json.length < 50)
    throw new Error('The package of published webhooks is not as expected.')
  return json as readonly Definition[]
}
