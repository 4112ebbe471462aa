// Reads one block `yaml tasks`: its tasks as written, and what is wrong with their shape. Knows no other block.

import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml'
import type { Node, Pair } from 'yaml'

import { closestWord } from '../closest-word.ts'
import { readGuardedYaml } from '../config/guarded-yaml.ts'
import { positionAt } from '../config/yaml-position.ts'
import type { YamlSource } from '../config/yaml-position.ts'
import * as words from '../text/plan-faults.ts'
import { plainLine } from './draft.ts'
import type { DraftPlan, DraftTask, PlanText } from './draft.ts'
import type { TaskBlock } from './find-task-blocks.ts'
import type { PlanFault } from './plan.ts'

/** Keys of a task. */
const KEYS = ['id', 'title', 'acceptance', 'depends_on'] as const
type Key = (typeof KEYS)[number]

interface Reading {
  readonly source: YamlSource
  readonly block: TaskBlock
  readonly faults: PlanFault[]
}

/** Returns the tasks of a block with the lines of the whole plan; an empty block or list gives none. */
export function readTaskBlock(block: TaskBlock): DraftPlan {
  const text = block.lines.join('\n')
  if (text.trim() === '') return { tasks: [], faults: [], isWhole: true }
  const yaml = readGuardedYaml(text)
  const faults = yaml.faults.map((fault) => ({
    line: lineOf(block, fault.line),
    message: words.yamlText(fault),
  }))
  if (yaml.kind === 'unreadable') return { tasks: [], faults, isWhole: false }
  const reading = { source: yaml.source, block, faults }
  const list = resolved(reading, yaml.source.document.contents)
  if (isAbsent(list)) return { tasks: [], faults, isWhole: true }
  if (!isSeq(list)) {
    blame(reading, list, words.wrongShapeText('the list of tasks', kindOf(list)))
    return { tasks: [], faults, isWhole: false }
  }
  const tasks = list.items.flatMap((item) => readTask(reading, isNode(item) ? item : null, list) ?? [])
  return {
    tasks,
    faults,
    isWhole: tasks.length === list.items.length && tasks.every(({ id }) => id !== null),
  }
}

function readTask(reading: Reading, item: Node | null, list: Node): DraftTask | null {
  const task = resolved(reading, item)
  if (!isMap(task)) {
    blame(reading, item ?? list, words.wrongShapeText('a task', kindOf(task)))
    return null
  }
  const values = new Map<Key, Node | null>()
  for (const pair of task.items) {
    const key = keyOf(pair)
    const known = KEYS.find((each) => each === key)
    if (known === undefined) blame(reading, keyNode(pair) ?? item, words.unknownKey(key, closestKey(key)))
    else values.set(known, isNode(pair.value) ? pair.value : null)
  }
  const line = lineAt(reading, item)
  const required = (key: 'id' | 'title'): PlanText | null => {
    const value = values.get(key)
    if (value === undefined) blame(reading, item, words.missingKey(key))
    return value === undefined ? null : readText(reading, { key, value, around: item })
  }
  return {
    line,
    id: required('id'),
    title: required('title'),
    acceptance: readTexts(reading, { key: 'acceptance', value: values.get('acceptance'), around: item }),
    dependsOn: readTexts(reading, { key: 'depends_on', value: values.get('depends_on'), around: item }),
  }
}

interface Place {
  readonly key: Key
  readonly value: Node | null | undefined
  /** What stands around an empty value. */
  readonly around: Node | null
}

function readTexts(reading: Reading, place: Place): readonly PlanText[] {
  const value = resolved(reading, place.value ?? null)
  if (isAbsent(value)) return []
  const values = isSeq(value) ? value.items.map((item) => (isNode(item) ? item : null)) : [value]
  return values.flatMap((each) => readText(reading, { ...place, value: each, around: value }) ?? [])
}

/** A number, `yes` or a date is the text that stands there: nobody wants to quote ids and titles. */
function readText(reading: Reading, { key, value, around }: Place): PlanText | null {
  const at = value ?? around
  const scalar = resolved(reading, value ?? null)
  if (scalar !== null && !isScalar(scalar)) {
    blame(reading, at, words.wrongShapeText(key, kindOf(scalar)))
    return null
  }
  const written = scalar === null || scalar.value === null ? '' : textOf(scalar)
  const text = plainLine(written)
  if (text !== '') return { text, line: lineAt(reading, at) }
  blame(reading, at, words.emptyText(key))
  return null
}

function textOf(scalar: { readonly value: unknown; readonly source?: string | undefined }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}

function resolved({ source }: Reading, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(source.document) ?? null) : node
}

function isAbsent(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null)
}

function keyNode(pair: Pair): Node | null {
  return isNode(pair.key) ? pair.key : null
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) && pair.key.value !== null ? textOf(pair.key) : ''
}

function closestKey(key: string): string | null {
  return closestWord(key, KEYS)
}

function kindOf(node: Node | null): 'nothing' | 'text' | 'list' | 'mapping' {
  if (isAbsent(node)) return 'nothing'
  if (isSeq(node)) return 'list'
  return isMap(node) ? 'mapping' : 'text'
}

function blame(reading: Reading, node: Node | null, message: string): void {
  reading.faults.push({ line: lineAt(reading, node), message })
}

function lineAt({ source, block }: Reading, node: Node | null): number {
  return lineOf(block, positionAt(source, node?.range?.[0] ?? 0).line)
}

/** An unexpected end can lie behind the last line, and an empty block has none at all. */
function lineOf(block: TaskBlock, line: number): number {
  return block.line + Math.min(line, block.lines.length)
}
