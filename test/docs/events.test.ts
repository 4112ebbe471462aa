// docs/events.md names every type of the change log and every field of its payload: both are read out of the program.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ROOT, typeScriptFiles } from '../../scripts/repository-files.ts'
import { TRIGGERS } from '../../src/adapters/db/triggers.ts'

type Fields = ReadonlyMap<string, ReadonlySet<string>>

/** Returns the fields of each type in the tables of a section. */
function documented(page: string, section: string): Fields {
  const text = page.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = text.matchAll(/^\| `([\w.]+)` +\|[^|]*\|([^|]*)\|$/gmu)
  return new Map(
    [...rows].map(([, type = '', fields = '']) => [
      type,
      new Set([...fields.matchAll(/`(\w+)`/gu)].map(([, field = '']) => field)),
    ]),
  )
}

/** Returns the arguments of the first call that begins with the text; what is quoted or in brackets stays whole. */
function argumentsOf(sql: string, opening: string): readonly string[] {
  const found: string[] = ['']
  let depth = 1
  for (const [part] of sql.slice(sql.indexOf(opening) + opening.length).matchAll(/'[^']*'|[\s\S]/gu)) {
    if (part === '(') depth += 1
    if (part === ')') depth -= 1
    if (depth === 0) break
    if (part === ',' && depth === 1) found.push('')
    else found[found.length - 1] += part
  }
  return found.map((argument) => argument.trim())
}

function unquoted(text: string): string {
  return text.replace(/^'(.*)'$/u, '$1')
}

/** Types may have several triggers; their fields count together. */
function written(): Fields {
  const fields = new Map<string, Set<string>>()
  for (const sql of Object.values(TRIGGERS)) {
    const values = argumentsOf(sql, 'VALUES (')
    const type = unquoted(values[3] ?? '')
    const keys = argumentsOf(values[4] ?? '', 'json_object(').filter((_, position) => position % 2 === 0)
    const ofType = fields.get(type) ?? new Set()
    for (const key of keys) ofType.add(unquoted(key))
    fields.set(type, ofType)
  }
  return fields
}

function nodesIn(text: string): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2023, true))
  return nodes
}

/** Returns the names an object literal has of its own; what it spreads in is unknown here. */
function namesIn(object: ts.ObjectLiteralExpression): readonly string[] {
  return object.properties.flatMap(({ name }) =>
    name !== undefined && ts.isIdentifier(name) ? [name.text] : [],
  )
}

function objectAt(object: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralExpression | null {
  for (const property of object.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== name) continue
    return ts.isObjectLiteralExpression(property.initializer) ? property.initializer : null
  }
  return null
}

/** Returns the object literals that become a payload, or the details of one, in a file. */
function payloadsIn(text: string): readonly ts.ObjectLiteralExpression[] {
  return nodesIn(text).flatMap((node) => {
    if (ts.isVariableDeclaration(node)) {
      const { name, initializer, type } = node
      // With a type of its own it is something else: what a question is rendered from.
      const isDetails = name.getText() === 'details' && initializer !== undefined && type === undefined
      return isDetails && ts.isObjectLiteralExpression(initializer) ? [initializer] : []
    }
    if (!ts.isObjectLiteralExpression(node)) return []
    const hasType = node.properties.some((property) => property.name?.getText() === 'type')
    return [hasType ? objectAt(node, 'payload') : null, hasType ? objectAt(node, 'details') : null].filter(
      (object) => object !== null,
    )
  })
}

/** Returns every name that a workflow gives a field of a lifecycle row. */
async function fieldsOfWorkflows(): Promise<readonly string[]> {
  const files = await typeScriptFiles(ROOT, ['src/workflows'])
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')))
  const logging = texts.filter((text) => /kind: 'log'|\b(?:lifecycle|decisionLog)\(/u.test(text))
  const fields = logging.flatMap(payloadsIn).flatMap(namesIn)
  return [...new Set(fields)].filter((field) => field !== 'v').toSorted()
}

async function lifecycleTypes(): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, 'src/domain/lifecycle.ts'), 'utf8')
  const union = nodesIn(text).find(
    (node): node is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(node) && node.name.text === 'LifecycleType',
  )
  return [...(union?.type.getText() ?? '').matchAll(/'([\w.]+)'/gu)].map(([, type = '']) => type)
}

describe('docs/events.md', () => {
  it('has every type that a trigger writes, with exactly its fields', async () => {
    const page = documented(await readFile(join(ROOT, 'docs/events.md'), 'utf8'), 'Row changes')
    const program = written()
    expect(program.size).toBeGreaterThan(4)
    const withVersion = new Map([...page].map(([type, fields]) => [type, new Set([...fields, 'v'])]))
    expect([...withVersion.keys()].toSorted()).toEqual([...program.keys()].toSorted())
    for (const [type, fields] of program) expect([type, withVersion.get(type)]).toEqual([type, fields])
  })

  it('has every lifecycle type, and the fields that workflows write', async () => {
    const page = documented(await readFile(join(ROOT, 'docs/events.md'), 'utf8'), 'Lifecycle')
    const types = await lifecycleTypes()
    expect(types.length).toBeGreaterThan(10)
    expect([...page.keys()].toSorted()).toEqual(types.toSorted())
    const alert = page.get('alert.raised') ?? new Set()
    const fields = (await fieldsOfWorkflows()).filter((field) => !alert.has(field))
    expect(fields).toContain('operation_id')
    const others = [...page].filter(([type]) => type !== 'alert.raised').flatMap(([, names]) => [...names])
    expect([...new Set(others)].filter((field) => !alert.has(field)).toSorted()).toEqual(fields)
  })

  it('names no field of an alert that nobody writes', async () => {
    const page = documented(await readFile(join(ROOT, 'docs/events.md'), 'utf8'), 'Lifecycle')
    const files = await typeScriptFiles(ROOT, ['src/workflows', 'src/domain/pipeline'])
    const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')))
    const names = new Set(
      texts.flatMap(nodesIn).flatMap((node) => (ts.isObjectLiteralExpression(node) ? namesIn(node) : [])),
    )
    const fields = [...(page.get('alert.raised') ?? [])]
    expect(fields).toContain('attempt')
    expect(fields.filter((field) => !names.has(field))).toEqual([])
  })
})
