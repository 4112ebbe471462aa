// How a test starts a program of this repository as a process of its own: as the run of the tests compiled it, or by tsx
// where nothing was compiled, as in the demo.

import { join, relative } from 'node:path'

/** The folder of package.json. */
export const REPOSITORY = join(import.meta.dirname, '..', '..')

/** The variable that names the folder of the compiled programs; they lie there as their sources lie here. */
export const PROGRAMS_FOLDER = 'TEST_PROGRAMS_FOLDER'

/** Returns the arguments for node that start a program, given the absolute path of its source. */
export function programArguments(source: string): readonly string[] {
  const folder = process.env[PROGRAMS_FOLDER]
  if (folder === undefined) return ['--import', import.meta.resolve('tsx'), source]
  return [join(folder, relative(REPOSITORY, source).replace(/\.ts$/u, '.js'))]
}
