// Checks the format with prettier. Fails when one of our files is on its ignore list.

import { join } from 'node:path'
import { getFileInfo } from 'prettier'
import type { CheckOutcome } from './check-outcome.ts'
import { installed, typeScriptFiles } from './repository-files.ts'
import { runProgram } from './run-program.ts'

/** Checks the format of a tree; prettier's own list of faults, one per file. */
export async function checkFormat(root: string): Promise<CheckOutcome> {
  const existing = await typeScriptFiles(root, ['src', 'scripts', 'test'])
  const ignorePath = ['.prettierignore', '.gitignore'].map((name) => join(root, name))
  const infos = await Promise.all(existing.map((file) => getFileInfo(join(root, file), { ignorePath })))
  const ignored = existing.filter((_, index) => infos[index]?.ignored === true)
  const result = await runProgram(installed('prettier'), ['--list-different', '.'], { cwd: root })
  const different = result.stdout.split('\n').filter((line) => line !== '')
  const broken = result.exitCode === 0 || result.exitCode === 1 ? [] : [result.stderr]
  return {
    saw: `${existing.length} files and everything else prettier knows`,
    faults: [
      ...ignored.map((file) => `${file}: prettier was told to ignore it`),
      ...different.map((file) => `${file}: npx prettier --write ${file}`),
      ...broken,
    ],
  }
}
