// The one secret a git process gets: it reaches the remote, and nothing else ever holds it.

import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import type { RunnerReport } from '../../../src/domain/events.ts'
import { toBranchName, toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import type { Runner, WorkspaceRef } from '../../../src/ports/runner.ts'
import { eventually } from '../../support/eventually.ts'
import {
  createRocket,
  createToken,
  startFakeGitHub,
  type StartedFake,
} from '../../support/fake-github/start-fake-github.ts'
import { git, makeTempFolder, removeTempFolder, writeFiles } from '../../support/temp-repo.ts'

const IDENTITY = { name: 'belay[bot]', email: 'belay@example.com' }

let fake: StartedFake
let folder: string
let runner: Runner | null = null

beforeEach(async () => {
  fake = await startFakeGitHub()
  folder = await makeTempFolder()
})

afterEach(async () => {
  await runner?.close()
  await fake.stop()
  await removeTempFolder(folder)
})

interface Scene {
  readonly runner: Runner
  readonly workspace: WorkspaceRef
  readonly head: Sha
  readonly tree: string
  /** Everything that was reported or logged. */
  readonly said: unknown[]
}

/** A prepared session on the fake GitHub; puts its token into the list, whose first one every process gets. */
async function prepared(tokens: string[], PATH = process.env['PATH']): Promise<Scene> {
  const repo = await createRocket(fake)
  tokens.push(await createToken(fake, 'acme'))
  const head = toSha((await repo.push({ by: 'alice', branch: 'work', files: { 'a.txt': 'one\n' } })) ?? '')
  const said: unknown[] = []
  const note = (...words: readonly unknown[]): void => void said.push(words)
  const { origin, pathname } = new URL(repo.cloneUrl)
  const made = await createEmbeddedRunner({
    home: join(folder, 'home'),
    gitBaseUrl: origin,
    tokens: { tokenFor: () => Promise.resolve(tokens[0] ?? '') },
    agentsFile: null,
    isolation: { kind: 'none' },
    clock: { now: () => Date.now() },
    log: { info: note, warn: note, error: note },
    host: { PATH },
  })
  runner = made
  const reports: RunnerReport[] = []
  made.onReport(async (report) => {
    await Promise.resolve(reports.push(report))
  })
  const [owner = '', name = ''] = pathname
    .slice(1)
    .replace(/\.git$/, '')
    .split('/')
  const repository = { installationId: 1, repositoryId: 1, owner, name }
  const branch = toBranchName('work')
  const workspace = { projectId: 'rocket', sessionId: 'rocket-1', branch, baseRef: 'main', repository }
  await made.prepare({ workspace, pipelineId: 'rocket-1.1', identity: IDENTITY, head, fence: 1 })
  expect(await eventually(() => reports[0], { what: 'the report' })).toMatchObject({
    kind: 'workspace_prepared',
  })
  said.push(reports)
  return { runner: made, workspace, head, said, tree: join(folder, 'home/sessions/rocket-1/tree') }
}

async function run({ runner: made, workspace }: Scene, step: SyncStep): Promise<unknown> {
  for await (const { outcome } of made.execute({ workspace, plan: [step], identity: IDENTITY, fence: 1 }))
    return outcome
  return null
}

/** A `git` first on the search path that writes its words and its environment down before it goes on. */
async function watchGit(): Promise<string> {
  const path = process.env['PATH'] ?? ''
  const notes = `printf '%s\\n' "$@" >> ${folder}/argv\nenv >> ${folder}/env\n`
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin/git'), `#!/bin/sh\n${notes}PATH='${path}' exec git "$@"\n`)
  await chmod(join(folder, 'bin/git'), 0o755)
  return `${join(folder, 'bin')}:${path}`
}

async function allFiles(root: string): Promise<readonly string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

describe('the credential of a git process', () => {
  it('reaches the remote and is in no argument, file, address, log or report', async () => {
    const tokens: string[] = []
    const scene = await prepared(tokens, await watchGit())
    const { workspace, head, tree } = scene
    await writeFiles(tree, { 'a.txt': 'two\n' })
    await git(tree, 'commit', '--quiet', '--all', '--message=Two')
    const ours = toSha(await git(tree, 'rev-parse', 'HEAD'))
    const facts = await scene.runner.inspect({ workspace, lastSynced: head })
    expect(facts).toMatchObject({ kind: 'inspected', remote: { kind: 'fetched', head } })
    const push: SyncStep = { kind: 'push_branch', branch: workspace.branch, head: ours, expected: head }
    expect(await run(scene, push)).toEqual({ kind: 'push', result: 'pushed', detail: '' })

    const [token = ''] = tokens
    const secret = Buffer.from(`x-access-token:${token}`).toString('base64')
    const argv = await readFile(join(folder, 'argv'), 'utf8')
    expect(argv).toContain('push')
    const texts = [argv, JSON.stringify([scene.said, facts])]
    for (const text of texts) for (const hidden of [token, secret]) expect(text).not.toContain(hidden)
    for (const file of await allFiles(join(folder, 'home'))) {
      const bytes = await readFile(file)
      expect([bytes.includes(token), bytes.includes(secret)], file).toEqual([false, false])
    }
    // Two fetches, a push and its reading back: only the processes that talk to the remote had it.
    const env = (await readFile(join(folder, 'env'), 'utf8')).split('\n')
    const holders = env.filter((line) => line.includes(token) || line.includes(secret))
    expect(holders).toEqual(
      Array.from({ length: 4 }, () => `GIT_CONFIG_VALUE_0=AUTHORIZATION: basic ${secret}`),
    )
  })

  it('is named as the reason when the remote does not take it', async () => {
    const tokens: string[] = []
    const scene = await prepared(tokens)
    const { workspace, head } = scene
    tokens.splice(0, 1, 'ghs_notvalid')
    const facts = await scene.runner.inspect({ workspace, lastSynced: head })
    expect(facts).toMatchObject({
      kind: 'inspected',
      remote: { kind: 'fetch_failed', reason: 'auth' },
      relation: null,
    })
    const push: SyncStep = { kind: 'push_branch', branch: workspace.branch, head, expected: head }
    expect(await run(scene, push)).toMatchObject({ kind: 'push', result: 'auth' })
  })
})
