// Finds files, exports and packages that nobody uses, with knip. Fails when knip does not find the dead code that was
// planted for it.

import { join } from 'node:path'
import type { CheckOutcome } from './check-outcome.ts'
import { ROOT, installed, typeScriptFiles } from './repository-files.ts'
import { runProgram } from './run-program.ts'

const PLANTED = join(ROOT, 'test', 'fixtures', 'planted', 'dead-code')
const EXPECTED = [
  'package.json: dependencies yaml',
  'src/half-used.ts: exports neverUsed',
  'src/never-imported.ts: files src/never-imported.ts',
]

type KnipIssue = Readonly<Record<string, unknown>> & { readonly file: string }

/** Runs knip in a folder and returns one line per unused thing. */
export async function unusedIn(folder: string): Promise<readonly string[]> {
  const args = ['--no-progress', '--no-config-hints', '--reporter', 'json']
  const { stdout, stderr } = await runProgram(installed('knip'), args, { cwd: folder })
  if (!stdout.startsWith('{')) throw new Error(`knip gave no report: ${stderr || stdout}`)
  const report = JSON.parse(stdout) as { readonly issues: readonly KnipIssue[] }
  return report.issues.flatMap(issueLines).toSorted()
}

function issueLines(issue: KnipIssue): readonly string[] {
  return Object.entries(issue).flatMap(([kind, found]) => {
    if (!Array.isArray(found)) return []
    const items = found.flat() as readonly { readonly name?: string }[]
    return items.map((item) => `${issue.file}: ${kind} ${item.name ?? ''}`.trimEnd())
  })
}

/** Checks a tree for dead code, and knip itself on the planted tree. */
export async function checkDeadCode(root: string): Promise<CheckOutcome> {
  const [real, planted, files] = await Promise.all([
    unusedIn(root),
    unusedIn(PLANTED),
    typeScriptFiles(root, ['src', 'scripts', 'test']),
  ])
  const missed = EXPECTED.filter((line) => !planted.includes(line))
  return {
    saw: `${files.length} files, ${EXPECTED.length} planted dead things found`,
    faults: [
      ...missed.map((line) => `knip did not find what was planted: ${line}`),
      ...real.map((line) => `unused: ${line}`),
    ],
  }
}
