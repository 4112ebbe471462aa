// Checks which room imports which, with dependency-cruiser. Fails when the tool saw fewer files than exist, and when a
// rule does not report the file that was planted for it: a silent tool is worse than none.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { unseenFaults, type CheckOutcome } from './check-outcome.ts'
import { ROOT, installed, typeScriptFiles } from './repository-files.ts'
import { runProgram } from './run-program.ts'

const CONFIG = join(ROOT, '.dependency-cruiser.cjs')
/** The tree in which every rule is broken once. */
export const PLANTED = join(ROOT, 'test', 'fixtures', 'planted')

/** One broken rule: `rule: from -> to`, with paths from the root of the tree. */
export interface Violation {
  readonly rule: string
  readonly from: string
  readonly to: string
}

interface Cruise {
  readonly seen: readonly string[]
  readonly violations: readonly Violation[]
}

interface CruiseReport {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string }
      readonly from: string
      readonly to: string
    }[]
  }
}

/** Runs dependency-cruiser on `src` below a root, with the rules of this repository. */
export async function cruise(root: string): Promise<Cruise> {
  const args = ['--config', CONFIG, '--output-type', 'json', 'src']
  const { stdout, stderr } = await runProgram(installed('depcruise'), args, { cwd: root })
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${stderr || stdout}`)
  const report = JSON.parse(stdout) as CruiseReport
  return {
    seen: report.modules.map((module) => module.source),
    violations: report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  }
}

/** Returns the names of all rules of the configuration. */
export function ruleNames(): readonly string[] {
  const config = createRequire(import.meta.url)(CONFIG) as { readonly forbidden: readonly { name: string }[] }
  return config.forbidden.map((rule) => rule.name)
}

/** Returns what is wrong with the rules themselves, judged by the planted tree. */
export function plantedFaults(
  expected: Readonly<Record<string, readonly string[]>>,
  rules: readonly string[],
  violations: readonly Violation[],
): readonly string[] {
  const wanted = new Set(
    Object.entries(expected).flatMap(([rule, files]) => files.map((file) => `${rule}: ${file}`)),
  )
  const got = new Set(violations.map(({ rule, from }) => `${rule}: ${from}`))
  return [
    ...rules.filter((rule) => !(rule in expected)).map((rule) => `no planted file breaks the rule ${rule}`),
    ...[...wanted].filter((row) => !got.has(row)).map((row) => `the planted tree was not reported: ${row}`),
    ...[...got].filter((row) => !wanted.has(row)).map((row) => `reported without being planted: ${row}`),
  ]
}

/** Checks the import rules of a tree, and the rules themselves on the planted one. */
export async function checkArchitecture(root: string): Promise<CheckOutcome> {
  const expected = JSON.parse(await readFile(join(PLANTED, 'expected.json'), 'utf8')) as Readonly<
    Record<string, readonly string[]>
  >
  const [real, planted, existing] = await Promise.all([
    cruise(root),
    cruise(PLANTED),
    typeScriptFiles(root, ['src']),
  ])
  const rules = ruleNames()
  return {
    saw: `${existing.length} files, ${rules.length} rules, each seen to report its planted file`,
    faults: [
      ...(existing.length === 0 ? ['no file below src'] : []),
      ...unseenFaults(existing, real.seen),
      ...plantedFaults(expected, rules, planted.violations),
      ...real.violations.map(({ rule, from, to }) => `${from} -> ${to}: breaks ${rule}`),
    ],
  }
}
