// Lints with oxlint, types included. Fails when it saw fewer files than exist, and when a rule does not report the
// code that was planted for it.

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unseenFaults, type CheckOutcome } from './check-outcome.ts'
import { ROOT, installed, typeScriptFiles } from './repository-files.ts'
import { runProgram } from './run-program.ts'

const CONFIG = '.oxlintrc.json'
const PLANTED = join(ROOT, 'test', 'fixtures', 'planted', 'lint')

/** The rules we count on; each must report something in the planted files. */
const EXPECTED = [
  'eslint(eqeqeq)',
  'eslint(max-lines)',
  'eslint(max-lines-per-function)',
  'eslint(max-params)',
  'eslint(no-console)',
  'eslint(no-empty)',
  'eslint(no-restricted-globals)',
  'eslint(no-restricted-properties)',
  'import(no-default-export)',
  'typescript(ban-ts-comment)',
  'typescript(no-explicit-any)',
  'typescript(no-floating-promises)',
  'typescript(no-misused-promises)',
  'typescript(no-non-null-assertion)',
  'typescript(switch-exhaustiveness-check)',
  'unicorn(filename-case)',
]
/** How often the purity rules must speak: once per forbidden name in the planted domain file. */
const EXPECTED_IMPURITIES = { 'eslint(no-restricted-globals)': 5, 'eslint(no-restricted-properties)': 2 }

interface Diagnostic {
  readonly code: string
  readonly message: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

/** Runs oxlint in a folder that has its configuration. */
async function lint(cwd: string): Promise<readonly Diagnostic[]> {
  const result = await runProgram(installed('oxlint'), ['--config', CONFIG, '--format', 'json'], { cwd })
  if (!result.stdout.startsWith('{'))
    throw new Error(`oxlint gave no report: ${result.stdout}${result.stderr}`)
  return (JSON.parse(result.stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics
}

/** Returns the files that oxlint would read in a folder. */
async function lintedFiles(cwd: string): Promise<readonly string[]> {
  const { stdout } = await runProgram(installed('oxlint'), ['--config', CONFIG, '--debug=files'], { cwd })
  return stdout.split('\n').map((line) => line.trim().replace(/^\.\//u, ''))
}

/** Lints the planted files as if they lay in `src` and returns every report. */
export async function lintPlanted(): Promise<readonly Diagnostic[]> {
  const folder = await mkdtemp(join(tmpdir(), 'belay-planted-'))
  try {
    await cp(PLANTED, folder, { recursive: true })
    await cp(join(ROOT, CONFIG), join(folder, CONFIG))
    const room = join(folder, 'src', 'workflows')
    await mkdir(room, { recursive: true })
    const lines = Array.from({ length: 260 }, (_, index) => `export const line${index} = ${index}`)
    await writeFile(join(room, 'too-long.ts'), `${lines.join('\n')}\n`)
    const body = Array.from({ length: 62 }, (_, index) => `  count(${index})`)
    await writeFile(
      join(room, 'long-function.ts'),
      `declare function count(n: number): void\nexport function long(): void {\n${body.join('\n')}\n}\n`,
    )
    return await lint(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns one fault for every rule that did not report what was planted for it. */
export function silentRules(reported: readonly { readonly code: string }[]): readonly string[] {
  const count = (code: string): number => reported.filter((diagnostic) => diagnostic.code === code).length
  return [
    ...EXPECTED.filter((code) => count(code) === 0).map((code) => `${code} did not report the planted code`),
    ...Object.entries(EXPECTED_IMPURITIES)
      .filter(([code, times]) => count(code) < times)
      .map(([code, times]) => `${code} reported ${count(code)} of ${times} planted lines`),
  ]
}

/** Lints the tree and proves the rules on the planted files. */
export async function checkLint(root: string): Promise<CheckOutcome> {
  const [existing, seen, diagnostics, planted] = await Promise.all([
    typeScriptFiles(root, ['src', 'test', 'scripts']),
    lintedFiles(root),
    lint(root),
    lintPlanted(),
  ])
  return {
    saw: `${existing.length} files, ${EXPECTED.length} rules seen to report planted code`,
    faults: [
      ...(existing.length === 0 ? ['no file found'] : []),
      ...unseenFaults(existing, seen),
      ...silentRules(planted),
      ...diagnostics.map(
        ({ code, message, filename, labels }) =>
          `${filename}:${labels[0]?.span.line ?? 1}: ${message} ${code}`,
      ),
    ],
  }
}
