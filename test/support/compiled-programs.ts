// Makes what tests start as processes of their own into plain JavaScript, once for a whole run: translating it again at
// each start costs more than most of these programs. Checks no types, and starts none of them.

import { symlinkSync } from 'node:fs'
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAMS_FOLDER, REPOSITORY } from './program-arguments.ts'

/** The part of esbuild that is used here. It comes with tsx, which starts the programs everywhere else. */
interface Bundler {
  build(order: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** What the programs look for above their own place. */
const BESIDE = ['node_modules', 'drizzle', 'package.json']
const PROGRAMS = [
  'src/main.ts',
  ...['program.ts', 'recover-once.ts', 'losses/check.ts'].map((name) => `test/support/${name}`),
]

/** Called by vitest before the first test file; returns what it calls after the last. */
export async function setup(): Promise<() => Promise<void>> {
  // Each project of vitest calls this; the first one does it for all.
  if (process.env[PROGRAMS_FOLDER] !== undefined) return () => Promise.resolve()
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'belay-programs-')))
  for (const name of BESIDE) symlinkSync(join(REPOSITORY, name), join(folder, name))
  const tsx = createRequire(import.meta.filename).resolve('tsx')
  const { build } = createRequire(tsx)('esbuild') as Bundler
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [...PROGRAMS, ...(await smallPrograms())],
    outbase: REPOSITORY,
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  process.env[PROGRAMS_FOLDER] = folder
  return () => rm(folder, { recursive: true, force: true })
}

async function smallPrograms(): Promise<readonly string[]> {
  const paths = await readdir(join(REPOSITORY, 'test'), { recursive: true })
  const isProgram = (path: string): boolean => /^(?!fixtures\/).*\/programs\/[^/]+\.ts$/u.test(path)
  return paths.filter(isProgram).map((path) => `test/${path}`)
}
