// Which processes count as git at work in a session. Linux only: elsewhere nobody can be asked.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isGitAlive } from '../../../../src/adapters/runner/git/live-git.ts'
import {
  sessionPaths,
  type SessionPaths,
} from '../../../../src/adapters/runner/repositories/session-paths.ts'
import { eventually } from '../../../support/eventually.ts'
import { makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let home: string
let paths: SessionPaths
const children: ChildProcess[] = []

beforeEach(async () => {
  home = await makeTempFolder()
  paths = sessionPaths(home, { projectId: 'rope', sessionId: 'rope-1' })
  await mkdir(join(paths.tree, 'src'), { recursive: true })
})

afterEach(async () => {
  for (const child of children.splice(0)) await end(child)
  await removeTempFolder(home)
})

/** A git that waits for its input. */
async function startGit(cwd: string): Promise<ChildProcess> {
  const child = spawn('git', ['hash-object', '--stdin'], { cwd, stdio: ['pipe', 'ignore', 'ignore'] })
  children.push(child)
  await eventually(async () => ((await commOf(child)) === 'git' ? true : undefined), {
    what: 'a git process',
  })
  return child
}

async function commOf({ pid }: ChildProcess): Promise<string> {
  return (await readFile(`/proc/${pid ?? 0}/comm`, 'utf8')).trim()
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

describe.runIf(process.platform === 'linux')('isGitAlive', () => {
  it('sees a git of anybody who stands in the session, until it ends', async () => {
    expect(await isGitAlive(paths, [])).toBe(false)
    const child = await startGit(join(paths.tree, 'src'))
    expect(await isGitAlive(paths, [])).toBe(true)
    await end(child)
    expect(await isGitAlive(paths, [])).toBe(false)
  })

  it('leaves alone a git elsewhere, also in a session with a longer name, and other programs here', async () => {
    const other = join(home, 'sessions/rope-11/tree')
    await mkdir(other, { recursive: true })
    const child = await startGit(other)
    const script = join(home, 'wait.mjs')
    await writeFile(script, 'process.stdin.resume()\n')
    const program = spawn(process.execPath, [script], {
      cwd: paths.tree,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    children.push(program)
    expect(await isGitAlive(paths, [])).toBe(false)
    await rm(script)
    expect(child.exitCode).toBeNull()
  })
})
