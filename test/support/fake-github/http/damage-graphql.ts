// Damage to the answer of a GraphQL query, each with its entry in `errors`, as when GitHub loses a part of its own work.
// Knows connections by their `nodes` or `edges`, and nothing of what is in them.
import { assertNever } from '../../../../src/domain/assert-never.ts'
import type { DamageFault, DamageKind } from '../call-faults.ts'
import { shuffle } from '../planted.ts'
import { failedQueryMessage } from './limit-refusals.ts'
import { isObject } from './request-body.ts'

type PathPart = string | number

/** A field of an answer that can be damaged. */
interface Field {
  readonly holder: Record<string, unknown>
  readonly name: string
  readonly path: readonly PathPart[]
}

/** A GraphQL answer before it becomes text. */
export interface GraphqlJson {
  readonly data: Record<string, unknown>
  readonly errors?: readonly unknown[]
}

/** Returns whether a fault finds anything to damage. */
export function hasVictim(json: GraphqlJson, fault: DamageFault): boolean {
  return findVictims(json, fault).length > 0
}

/** Damages the answer in place and returns the entries for `errors`. */
export function damageGraphql(json: GraphqlJson, fault: DamageFault): readonly unknown[] {
  const all = findVictims(json, fault)
  const ordered = fault.random === undefined ? all : shuffle(all, fault.random)
  return ordered.slice(0, fault.victims ?? 1).map((field) => damageField(field, fault))
}

function findVictims({ data }: GraphqlJson, { how, at }: DamageFault): readonly Field[] {
  const wanted = at ?? (how === 'null_object' ? /^(?!rateLimit$)[^.]+$/ : /(?:)/)
  return fieldsOf(data, []).filter((field) => isVictim(field, how) && wanted.test(toDottedPath(field)))
}

function isVictim({ holder, name }: Field, how: DamageKind): boolean {
  const value = holder[name]
  if (how === 'null_object') return isObject(value)
  return (name === 'nodes' || name === 'edges') && Array.isArray(value) && value.length > 0
}

// Every field of every object, outer ones first.
function fieldsOf(value: unknown, path: readonly PathPart[]): readonly Field[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => fieldsOf(item, [...path, index]))
  if (!isObject(value)) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((name) => {
    const inner = [...path, name]
    return [{ holder, name, path: inner }, ...fieldsOf(holder[name], inner)]
  })
}

// A connection goes by its own name, not by that of its list.
function toDottedPath({ path, name }: Field): string {
  const names = path.filter((part) => typeof part === 'string')
  return (name === 'nodes' || name === 'edges' ? names.slice(0, -1) : names).join('.')
}

function damageField({ holder, name, path }: Field, { how, random }: DamageFault): unknown {
  const value = holder[name]
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  switch (how) {
    case 'null_object':
      holder[name] = null
      return { path, message: failedQueryMessage }
    case 'null_node': {
      const index = Math.floor((random?.() ?? 0) * list.length)
      holder[name] = list.with(index, null)
      return { path: [...path, index], message: failedQueryMessage }
    }
    case 'null_nodes':
      holder[name] = null
      return toLimitError(path)
    case 'fewer_nodes':
      holder[name] = list.slice(0, Math.floor(list.length / 2))
      return toLimitError(path)
    default:
      return assertNever(how)
  }
}

function toLimitError(path: readonly PathPart[]): unknown {
  return { type: 'RESOURCE_LIMITS_EXCEEDED', path, message: 'Resource limits for this query exceeded.' }
}
