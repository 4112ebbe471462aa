// `.ci/run` itself, in a copy of the repository's outline where `npm` is a script of the test.

import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/repository-files.ts'

interface Ended {
  readonly exitCode: number
  readonly lastLine: string
}

let outline: string

beforeEach(async () => {
  outline = await mkdtemp(join(tmpdir(), 'belay-ci-'))
  await cp(join(ROOT, '.ci'), join(outline, '.ci'), { recursive: true })
  await mkdir(join(outline, 'scripts'))
  await cp(join(ROOT, 'scripts', 'closing-line.ts'), join(outline, 'scripts', 'closing-line.ts'))
  await writeFile(join(outline, 'package.json'), '{ "type": "module" }')
})

afterEach(async () => {
  await rm(outline, { recursive: true, force: true })
})

/** Runs the copy of `.ci/run` with an `npm` made of these shell lines. */
async function runWith(npm: string, packages: 'installed' | 'missing'): Promise<Ended> {
  const programs = join(outline, 'programs')
  await mkdir(programs)
  await writeFile(join(programs, 'npm'), `#!/usr/bin/env bash\nset -eu\n${npm}\n`)
  await chmod(join(programs, 'npm'), 0o755)
  if (packages === 'installed') await symlink(join(ROOT, 'node_modules'), join(outline, 'node_modules'))
  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` }
  return new Promise((resolve) => {
    execFile(join(outline, '.ci', 'run'), { env, cwd: tmpdir() }, (error, stdout) => {
      const exitCode = error === null ? 0 : Number(error.code)
      resolve({ exitCode, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' })
    })
  })
}

const WRITE_REPORTS = `
for argument in "$@"; do
  case "$argument" in
    --outputFile.json=*) echo "$TESTS" >"\${argument#*=}" ;;
    */check.json) echo '{"stages":[{"passed":true}]}' >"$argument" ;;
  esac
done
`
const PASSING = `TESTS='{"numPassedTests":2,"numFailedTests":0,"testResults":[]}'${WRITE_REPORTS}`
const EMPTY = `TESTS='{"numPassedTests":0,"numFailedTests":0,"testResults":[]}'${WRITE_REPORTS}`

describe('.ci/run', () => {
  it('is executable', async () => {
    const { mode } = await stat(join(ROOT, '.ci', 'run'))
    expect(mode & 0o111).toBe(0o111)
  })

  it('ends with the count and exit code 0 when all is well', async () => {
    expect(await runWith(PASSING, 'installed')).toEqual({ exitCode: 0, lastLine: '3 passed, 0 failed' })
  })

  it('counts the demo when there is one', async () => {
    await writeFile(join(outline, 'scripts', 'demo.ts'), '')
    expect(await runWith(PASSING, 'installed')).toEqual({ exitCode: 0, lastLine: '4 passed, 0 failed' })
  })

  it('fails when no test ran', async () => {
    expect(await runWith(EMPTY, 'installed')).toEqual({ exitCode: 1, lastLine: '1 passed, 1 failed' })
  })

  it('fails when the commands ended well and left no report', async () => {
    expect(await runWith('exit 0', 'installed')).toEqual({ exitCode: 1, lastLine: '0 passed, 2 failed' })
  })

  it('still ends with the line when nothing could be installed', async () => {
    expect(await runWith('exit 1', 'missing')).toEqual({ exitCode: 1, lastLine: '0 passed, 1 failed' })
  })

  it('goes on to the checks after failed tests', async () => {
    const npm = `${PASSING}\ncase "$1" in test) exit 1 ;; esac`
    expect(await runWith(npm, 'installed')).toEqual({ exitCode: 1, lastLine: '3 passed, 1 failed' })
  })
})
