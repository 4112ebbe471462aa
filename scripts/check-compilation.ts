// Checks types, and that the built program starts. Fails when the compiler was not asked about a file that exists.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unseenFaults, type CheckOutcome } from './check-outcome.ts'
import { installed, typeScriptFiles } from './repository-files.ts'
import { runProgram } from './run-program.ts'

/** Checks the types of all that is ours. */
export async function checkTypes(root: string): Promise<CheckOutcome> {
  const [compiled, shown, existing] = await Promise.all([
    runProgram(installed('tsc'), ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.json'], { cwd: root }),
    runProgram(installed('tsc'), ['--showConfig', '-p', 'tsconfig.json'], { cwd: root }),
    typeScriptFiles(root, ['src', 'scripts', 'test']),
  ])
  const { files } = JSON.parse(shown.stdout) as { readonly files: readonly string[] }
  const seen = files.map((file) => file.replace(/^\.\//u, ''))
  return {
    saw: `${existing.length} files`,
    faults: [...unseenFaults(existing, seen), ...(compiled.exitCode === 0 ? [] : lines(compiled.stdout))],
  }
}

/** Builds `dist` as `npm start` does, and starts the program once. */
export async function checkBuild(root: string): Promise<CheckOutcome> {
  const built = await runProgram(installed('tsc'), ['--pretty', 'false', '-p', 'tsconfig.build.json'], {
    cwd: root,
  })
  const sources = await typeScriptFiles(root, ['src'])
  const dist = new Set(await readdir(join(root, 'dist'), { recursive: true }).catch((): string[] => []))
  const missing = sources
    .map((file) => file.replace(/^src\//u, '').replace(/\.ts$/u, '.js'))
    .filter((file) => !dist.has(file))
    .map((file) => `dist/${file}: was not written (an old .tsbuildinfo hides a removed dist)`)
  const faults = [...(built.exitCode === 0 ? [] : lines(built.stdout)), ...missing]
  if (faults.length > 0 || !sources.includes('src/main.ts')) {
    return {
      saw: `${sources.length} files`,
      faults: faults.length > 0 ? faults : ['src/main.ts: is missing'],
    }
  }
  const started = await runProgram(process.execPath, [join('dist', 'main.js'), '--version'], { cwd: root })
  const version = started.stdout.trim()
  const answered = started.exitCode === 0 && /^\d+\.\d+\.\d+/u.test(version)
  return {
    saw: `${sources.length} files, belay ${version}`,
    faults: answered
      ? []
      : [`dist/main.js --version ended with ${started.exitCode}: ${started.stderr}${version}`],
  }
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}
