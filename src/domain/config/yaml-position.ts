// Finds where in a YAML document a path stands, for messages with line numbers. Knows nothing of what the keys mean.

import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml'
import type { Document, LineCounter, Node, Pair } from 'yaml'

/** Is a way through a document: keys of mappings and indexes of lists. */
export type YamlPath = readonly (string | number)[]

/** Is a place in the file, both from 1. */
export interface YamlPosition {
  readonly line: number
  readonly column: number
}

/** Holds a parsed document with what turns offsets into lines. */
export interface YamlSource {
  readonly document: Document
  readonly lineCounter: LineCounter
}

/** Returns the position of an offset; a document without lines has its only position at 1:1. */
export function positionAt(source: YamlSource, offset: number): YamlPosition {
  const { line, col } = source.lineCounter.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** Returns the position of the value at a path, or of the nearest thing around it that exists. */
export function positionOfValue(source: YamlSource, path: YamlPath): YamlPosition {
  return positionAt(source, walk(source, path).value)
}

/** Returns the position of the key at a path, or of the nearest thing around it that exists. */
export function positionOfKey(source: YamlSource, path: YamlPath): YamlPosition {
  return positionAt(source, walk(source, path).key)
}

function walk(source: YamlSource, path: YamlPath): { readonly key: number; readonly value: number } {
  let node = source.document.contents
  let at = { key: startOf(node) ?? 0, value: startOf(node) ?? 0 }
  for (const step of path) {
    const container = isAlias(node) ? (node.resolve(source.document) ?? null) : node
    const found = findStep(container, step)
    if (found === null) break
    const value = startOf(found.value)
    const key = startOf(found.key) ?? value ?? at.key
    at = { key, value: isEmpty(found.value) ? key : (value ?? key) }
    node = found.value
  }
  return at
}

function findStep(
  container: Node | null,
  step: string | number,
): { readonly key: Node | null; readonly value: Node | null } | null {
  if (isMap(container)) {
    // The last one wins, as it does when the document is turned into values.
    const pair = container.items.findLast((item) => keyText(item) === String(step))
    return pair === undefined ? null : { key: toNode(pair.key), value: toNode(pair.value) }
  }
  if (!isSeq(container) || typeof step !== 'number') return null
  const item = container.items[step]
  if (isPair(item)) return { key: toNode(item.key), value: toNode(item.value) }
  return isNode(item) ? { key: null, value: item } : null
}

/** Returns the property name that a key becomes: an empty key becomes the empty name. */
function keyText(pair: Pair): string | null {
  if (isScalar(pair.key) && pair.key.value === null) return ''
  if (isScalar(pair.key) && typeof pair.key.value === 'string') return pair.key.value
  return isNode(pair.key) ? pair.key.toString() : null
}

function toNode(value: unknown): Node | null {
  return isNode(value) ? value : null
}

function startOf(node: Node | null): number | null {
  return node?.range?.[0] ?? null
}

/** A key with nothing after it has a value that begins at some blank; the key is where people look. */
function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '')
}
