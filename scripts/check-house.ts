// Checks the house rules that no linter knows: names of files, the opening comment, and `new Date()` in the domain.

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import ts from 'typescript'
import type { CheckOutcome } from './check-outcome.ts'
import { typeScriptFiles } from './repository-files.ts'

/** Names that say nothing: whatever is put there could have been put anywhere. */
const EMPTY_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'lib',
  'manager',
  'service',
  'shared',
])

/** Returns what is wrong with the name of a file or of a folder above it. */
export function nameFaults(file: string): readonly string[] {
  return file
    .split('/')
    .map((part) => part.replace(/(\.test|\.d)?\.ts$/u, ''))
    .filter((part) => EMPTY_NAMES.has(part) || [...EMPTY_NAMES].some((name) => part.endsWith(`-${name}`)))
    .map((part) => `${file}: the name "${part}" does not say what is in it`)
}

/** Most lines an opening may have: below `test` it may also teach how to use what is in the file. */
const LONGEST_OPENING = { test: 30, elsewhere: 4 }

/** Returns a fault when the file does not open with a few lines that say what it is for. */
export function openingFaults(file: string, text: string): readonly string[] {
  const lines = text.replace(/^#!.*\n/u, '').split('\n')
  const length = lines.findIndex((line) => !line.startsWith('//'))
  const longest = file.startsWith('test/') ? LONGEST_OPENING.test : LONGEST_OPENING.elsewhere
  if (length >= 1 && length <= longest) return []
  return [
    `${file}: opens with ${length} comment lines; say in 1 to ${longest} what it is for and what it must not know`,
  ]
}

/** Returns every reading of the clock and of randomness, also where it hides behind another name. */
export function purityFaults(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const faults: string[] = []
  const report = (node: ts.Node, what: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    faults.push(`${file}:${line}: ${what}; the domain takes time and randomness as arguments`)
  }
  const visit = (node: ts.Node): void => {
    if (isNamed(node, ts.isNewExpression, 'Date') && (node.arguments ?? []).length === 0)
      report(node, 'new Date()')
    if (isNamed(node, ts.isCallExpression, 'Date')) report(node, 'Date()')
    if (isClockOrDice(node)) report(node, node.getText())
    ts.forEachChild(node, visit)
  }
  visit(source)
  return faults
}

function isNamed<N extends ts.NewExpression | ts.CallExpression>(
  node: ts.Node,
  is: (node: ts.Node) => node is N,
  name: string,
): node is N {
  return is(node) && ts.isIdentifier(node.expression) && node.expression.text === name
}

/** Tells whether the node is `Date.now`, `Math.random` or either by brackets or destructuring. */
function isClockOrDice(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    return /^(Date\s*(\.\s*now|\[)|Math\s*(\.\s*random|\[))/u.test(node.getText())
  }
  const takenApart = ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)
  return takenApart && (node.initializer?.getText() === 'Date' || node.initializer?.getText() === 'Math')
}

/** Checks every file of the tree. */
export async function checkHouse(root: string): Promise<CheckOutcome> {
  const files = await typeScriptFiles(root, ['src', 'scripts', 'test'])
  const faults = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8')
      const needsOpening = !basename(file).endsWith('.test.ts')
      return [
        ...nameFaults(file),
        ...(needsOpening ? openingFaults(file, text) : []),
        ...(file.startsWith('src/domain/') ? purityFaults(file, text) : []),
      ]
    }),
  )
  return { saw: `${files.length} files`, faults: files.length === 0 ? ['no file found'] : faults.flat() }
}
