// The credential over a whole session: every git process is watched, and only those that speak with the remote have it;
// it is in no argument and in no file, whatever happened to the session.

import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { toBranchName, toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { embeddedOptions } from '../../support/embedded-runner.ts'
import { startHttpRemote, type HttpRemote } from '../../support/http-remote.ts'
import { BRANCH, RunnerWorld } from '../../support/runner-world.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'

const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ'
const SECRET = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

let world: RunnerWorld
let remote: HttpRemote
let watched: string
const said: unknown[] = []

/** A `git` first on the search path that notes its words and its environment before it goes on. */
async function watchGit(folder: string): Promise<string> {
  const path = process.env['PATH'] ?? ''
  watched = join(folder, 'watched')
  await mkdir(join(folder, 'bin'), { recursive: true })
  await mkdir(watched)
  const script = [
    '#!/bin/sh',
    `printf '%s\\n' "$@" > '${watched}/'$$.argv`,
    `env > '${watched}/'$$.env`,
    `PATH='${path}' exec git "$@"`,
  ]
  await writeFile(join(folder, 'bin/git'), `${script.join('\n')}\n`)
  await chmod(join(folder, 'bin/git'), 0o755)
  return `${join(folder, 'bin')}:${path}`
}

beforeEach(async () => {
  said.length = 0
  const note = (...words: readonly unknown[]): void => void said.push(words)
  world = await RunnerWorld.create(async (setting) => {
    const folder = join(setting.home, '..')
    remote = await startHttpRemote(join(folder, 'remote'))
    const PATH = await watchGit(folder)
    return createEmbeddedRunner({
      ...embeddedOptions({ ...setting, gitBaseUrl: remote.url, host: { ...setting.host, PATH } }),
      remotes: 'http',
      tokens: { tokenFor: () => Promise.resolve(TOKEN) },
      log: { info: note, warn: note, error: note },
    })
  })
  await git(world.origin.path, 'config', 'http.receivepack', 'true')
})

afterEach(async () => {
  await world.close()
  await remote.close()
})

interface SeenProcess {
  readonly argv: string
  readonly env: string
}

async function processes(): Promise<readonly SeenProcess[]> {
  const names = (await readdir(watched)).filter((name) => name.endsWith('.argv'))
  return Promise.all(
    names.map(async (name) => ({
      argv: await readFile(join(watched, name), 'utf8'),
      env: await readFile(join(watched, name.replace('.argv', '.env')), 'utf8'),
    })),
  )
}

async function allFiles(root: string): Promise<readonly string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function run(...plan: readonly SyncStep[]): Promise<void> {
  said.push(await world.execute(plan))
}

async function ourHead(): Promise<Sha> {
  return toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
}

/** Work, a push, a conflict with its recovery, a rescue, a refused push and a refused fetch. */
async function wholeSession(): Promise<void> {
  said.push(await world.prepare())
  const start = await ourHead()
  await writeFiles(world.tree(), { 'left.txt': 'left\n' })
  said.push(await world.inspect(start))
  await run({ kind: 'commit_leftovers', branch: BRANCH, message: 'Left' })
  const left = await ourHead()
  await run({ kind: 'push_branch', branch: BRANCH, head: left, expected: start })
  await git(world.origin.clone, 'pull', '--quiet', '--ff-only', 'origin', 'work')
  const theirs = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n' }))
  await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
  await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
  const ours = await ourHead()
  said.push(await world.inspect(left))
  const prefix = world.prefix()
  await run(
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Pin' },
    { kind: 'verify_pin', prefix },
    { kind: 'push_pin', prefix, head: ours },
    { kind: 'reset_tree', prefix, from: ours, target: theirs },
    { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
    { kind: 'verify_worktree', head: theirs },
  )
  await run({ kind: 'push_rescue', prefix, branch: toBranchName('belay/rescue/rope-1-1') })
  remote.door = ({ headers }) => ({ status: 403, text: `You sent ${headers.authorization ?? ''}` })
  await run({ kind: 'push_branch', branch: BRANCH, head: theirs, expected: left })
  said.push(await world.runner.inspect({ workspace: world.workspace(), lastSynced: theirs }))
}

describe('the credential of a whole session', () => {
  it('is with the processes that speak with the remote, and nowhere else', async () => {
    await wholeSession()
    expect(await world.origin.ref('refs/heads/belay/rescue/rope-1-1')).toMatch(/^[0-9a-f]{40}$/)
    expect(JSON.stringify(said)).toContain('You sent')
    const all = await processes()
    expect(all.length).toBeGreaterThan(25)
    const holders = all.filter(({ env }) => env.includes(TOKEN) || env.includes(SECRET))
    const speakers = all.filter(({ argv }) => argv.includes(remote.url))
    expect(holders.map(({ argv }) => argv)).toEqual(speakers.map(({ argv }) => argv))
    const commands = holders.map(({ argv }) => /^(?:fetch|push|ls-remote)$/m.exec(argv)?.[0])
    expect(new Set(commands)).toEqual(new Set(['fetch', 'ls-remote', 'push']))
    expect(new Set(remote.seen.map(({ authorization }) => authorization))).toEqual(
      new Set([`basic ${SECRET}`]),
    )

    const texts = [JSON.stringify(said), ...all.map(({ argv }) => argv)]
    for (const text of texts) for (const hidden of [TOKEN, SECRET]) expect(text).not.toContain(hidden)
    for (const { path } of remote.seen) expect(path).not.toContain(TOKEN)
    const files = [...(await allFiles(world.home)), ...(await allFiles(world.origin.path))]
    expect(files.length).toBeGreaterThan(50)
    for (const file of files) {
      const bytes = await readFile(file)
      expect([bytes.includes(TOKEN), bytes.includes(SECRET)], file).toEqual([false, false])
    }
  })
})
