// The one secret a git process gets: it reaches the remote, and nothing else ever holds it.

import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import type { RunnerReport } from '../../../src/domain/events.ts'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { Runner } from '../../../src/ports/runner.ts'
import { eventually } from '../../support/eventually.ts'
import {
  createRocket,
  createToken,
  startFakeGitHub,
  type StartedFake,
} from '../../support/fake-github/start-fake-github.ts'
import { git, makeTempFolder, removeTempFolder, writeFiles } from '../../support/temp-repo.ts'

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

/** A `git` first on the search path that writes its words and its environment down before it goes on. */
async function watchGit(): Promise<{ readonly PATH: string }> {
  const path = process.env['PATH'] ?? ''
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" >> ${folder}/argv\nenv >> ${folder}/env\nPATH='${path}' exec git "$@"\n`
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin/git'), script)
  await chmod(join(folder, 'bin/git'), 0o755)
  return { PATH: `${join(folder, 'bin')}:${path}` }
}

async function allFiles(root: string): Promise<readonly string[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

describe('the credential of a git process', () => {
  it('reaches the remote and is in no argument, file, address, log or report', async () => {
    const repo = await createRocket(fake)
    const head = toSha(await repo.push({ by: 'alice', branch: 'work', files: { 'a.txt': 'one\n' } }))
    const token = await createToken(fake, 'acme', {})
    const logged: unknown[] = []
    const reports: RunnerReport[] = []
    const note = (...words: readonly unknown[]): void => void logged.push(words)
    runner = await createEmbeddedRunner({
      home: join(folder, 'home'),
      gitBaseUrl: new URL(repo.cloneUrl).origin,
      tokens: { tokenFor: () => Promise.resolve(token) },
      agentsFile: null,
      isolation: { kind: 'none' },
      clock: { now: () => Date.now() },
      log: { info: note, warn: note, error: note },
      host: await watchGit(),
    })
    runner.onReport(async (report) => void (await Promise.resolve(reports.push(report))))
    const [owner = '', name = ''] = new URL(repo.cloneUrl).pathname
      .slice(1)
      .replace(/\.git$/, '')
      .split('/')
    const workspace = {
      projectId: 'rocket',
      sessionId: 'rocket-1',
      branch: toBranchName('work'),
      baseRef: 'main',
      repository: { installationId: 1, repositoryId: 1, owner, name },
    }
    const identity = { name: 'belay[bot]', email: 'belay@example.com' }
    await runner.prepare({ workspace, pipelineId: 'rocket-1.1', identity, head, fence: 1 })
    await eventually(() => reports.length > 0, { what: 'the report' })
    expect(reports).toMatchObject([{ kind: 'workspace_prepared' }])

    const tree = join(folder, 'home/sessions/rocket-1/tree')
    await writeFiles(tree, { 'a.txt': 'two\n' })
    await git(tree, 'commit', '--quiet', '--all', '--message=Two')
    const ours = toSha(await git(tree, 'rev-parse', 'HEAD'))
    const facts = await runner.inspect({ workspace, lastSynced: head })
    expect(facts).toMatchObject({ kind: 'inspected', remote: { kind: 'fetched', head } })
    const plan = [{ kind: 'push_branch', branch: workspace.branch, head: ours, expected: head }] as const
    for await (const { outcome } of runner.execute({ workspace, plan, identity, fence: 1 })) {
      expect(outcome).toEqual({ kind: 'push', result: 'pushed', detail: '' })
    }

    const secrets = [token, Buffer.from(`x-access-token:${token}`).toString('base64')]
    const argv = await readFile(join(folder, 'argv'), 'utf8')
    expect(argv).toContain('push')
    for (const secret of secrets) {
      expect(argv).not.toContain(secret)
      expect(JSON.stringify([logged, reports, facts])).not.toContain(secret)
      for (const file of await allFiles(join(folder, 'home'))) {
        expect((await readFile(file)).includes(secret), file).toBe(false)
      }
    }
    // Only the processes that talk to the remote had it.
    const env = await readFile(join(folder, 'env'), 'utf8')
    const holders = env.split('\n').filter((line) => line.startsWith('GIT_CONFIG_VALUE_0='))
    expect(new Set(holders)).toEqual(new Set([`GIT_CONFIG_VALUE_0=AUTHORIZATION: basic ${secrets[1] ?? ''}`]))
    expect(holders.length).toBe(4)
  })

  it('names a refused token in the facts and keeps the worktree', async () => {
    const repo = await createRocket(fake)
    const head = toSha(await repo.push({ by: 'alice', branch: 'work', files: { 'a.txt': 'one\n' } }))
    let token = await createToken(fake, 'acme', {})
    const reports: RunnerReport[] = []
    const ignore = (): void => undefined
    runner = await createEmbeddedRunner({
      home: join(folder, 'home'),
      gitBaseUrl: new URL(repo.cloneUrl).origin,
      tokens: { tokenFor: () => Promise.resolve(token) },
      agentsFile: null,
      isolation: { kind: 'none' },
      clock: { now: () => Date.now() },
      log: { info: ignore, warn: ignore, error: ignore },
    })
    runner.onReport(async (report) => void (await Promise.resolve(reports.push(report))))
    const [owner = '', name = ''] = new URL(repo.cloneUrl).pathname
      .slice(1)
      .replace(/\.git$/, '')
      .split('/')
    const workspace = {
      projectId: 'rocket',
      sessionId: 'rocket-1',
      branch: toBranchName('work'),
      baseRef: 'main',
      repository: { installationId: 1, repositoryId: 1, owner, name },
    }
    const identity = { name: 'belay[bot]', email: 'belay@example.com' }
    await runner.prepare({ workspace, pipelineId: 'rocket-1.1', identity, head, fence: 1 })
    await eventually(() => reports.length > 0, { what: 'the report' })
    token = 'ghs_notvalid'
    const facts = await runner.inspect({ workspace, lastSynced: head })
    expect(facts).toMatchObject({
      kind: 'inspected',
      remote: { kind: 'fetch_failed', reason: 'auth' },
      relation: null,
    })
    const plan = [{ kind: 'push_branch', branch: workspace.branch, head, expected: head }] as const
    for await (const { outcome } of runner.execute({ workspace, plan, identity, fence: 1 })) {
      expect(outcome).toMatchObject({ kind: 'push', result: 'auth' })
    }
  })
})
