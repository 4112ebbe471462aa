import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createGitDoor,
  type GitDoor,
  type GitDoorOptions,
} from '../../../../src/adapters/runner/git/git-door.ts'
import { git, makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let folder: string
let repository: string

beforeEach(async () => {
  folder = await makeTempFolder()
  repository = join(folder, 'repo.git')
  await git(folder, 'init', '--quiet', '--bare', repository)
})

afterEach(() => removeTempFolder(folder))

function makeDoor(options: Partial<GitDoorOptions> = {}): GitDoor {
  return createGitDoor({ folder: join(folder, 'door'), host: process.env, remotes: 'http', ...options })
}

/** A git of our own making, first on the search path. */
async function fakeGit(script: string): Promise<{ readonly PATH: string }> {
  await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'git'), 0o755)
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` }
}

describe('createGitDoor', () => {
  it('answers an expected exit code without words, which simple-git alone takes for success', async () => {
    const args = ['rev-parse', '--quiet', '--verify', 'refs/heads/none']
    const answer = await makeDoor().run({ at: { gitDir: repository }, args, expect: [0, 1] })
    expect(answer).toEqual({ exitCode: 1, stdout: Buffer.alloc(0), stderr: '' })
  })

  it('throws for an exit code nobody expected', async () => {
    const call = { at: { gitDir: repository }, args: ['rev-parse', '--quiet', '--verify', 'refs/heads/none'] }
    await expect(makeDoor().run(call)).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { command: 'rev-parse', exitCode: 1 },
    })
  })

  it('throws for a process that a signal ended, also when any exit code is expected', async () => {
    const host = await fakeGit('kill -9 $$')
    const call = { at: { gitDir: repository }, args: ['status'], expect: 'any' } as const
    await expect(makeDoor({ host }).run(call)).rejects.toMatchObject({
      code: 'GIT_FAILED',
      details: { exitCode: null },
    })
  })

  it('ends a process that is silent for too long', async () => {
    const call = { at: { gitDir: repository }, args: ['cat-file', '--batch'], silenceMs: 100 }
    await expect(makeDoor().run(call)).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })

  it('has git itself give up a transfer that is slow for as long', async () => {
    const host = await fakeGit('printenv GIT_HTTP_LOW_SPEED_LIMIT GIT_HTTP_LOW_SPEED_TIME || echo none')
    const door = makeDoor({ host })
    const call = { at: { gitDir: repository }, args: ['fetch'] }
    expect(await door.text({ ...call, silenceMs: 20_000 })).toBe('1000\n20')
    expect(await door.text(call)).toBe('none')
  })

  it('keeps bytes as they are, in and out', async () => {
    const door = makeDoor()
    const bytes = Buffer.from([0, 255, 10, 0xe9, 13, 10])
    const at = { gitDir: repository }
    const oid = await door.text({ at, args: ['hash-object', '-w', '--stdin'], input: bytes })
    expect((await door.run({ at, args: ['cat-file', 'blob', oid] })).stdout).toEqual(bytes)
  })

  it('does not pay 50 ms for a command that prints nothing', async () => {
    const door = makeDoor()
    const call = {
      at: { gitDir: repository },
      args: ['rev-parse', '--quiet', '--verify', 'x'],
      expect: 'any',
    } as const
    await door.run(call)
    const times: number[] = []
    for (let no = 0; no < 5; no += 1) {
      const before = performance.now()
      await door.run(call)
      times.push(performance.now() - before)
    }
    expect(Math.min(...times)).toBeLessThan(45)
  })

  it('hides secrets in what git says', async () => {
    const token = `ghs_${'a'.repeat(36)}`
    const host = await fakeGit(`echo "fatal: https://x-access-token:${token}@host/ $3" >&2; exit 128`)
    const answer = await makeDoor({ host }).run({
      at: { gitDir: repository },
      args: ['fetch'],
      expect: 'any',
    })
    expect(answer.stderr).toContain('fatal')
    expect(answer.stderr).not.toContain(token)
    await expect(makeDoor({ host }).run({ at: { gitDir: repository }, args: ['fetch'] })).rejects.not.toThrow(
      token,
    )
  })

  it('gives git nothing of the host’s environment but the search path, proxies and certificates', async () => {
    const host = {
      ...(await fakeGit('env')),
      HOME: '/root',
      GIT_SSH_COMMAND: 'evil',
      GIT_DIR: '/somewhere',
      AWS_SECRET: 'x',
      https_proxy: 'http://proxy:3128',
    }
    const env = await makeDoor({ host }).text({ at: { gitDir: repository }, args: ['status'] })
    const names = env.split('\n').map((line) => line.slice(0, line.indexOf('=')))
    expect(env).toContain(`\nGIT_DIR=${repository}\n`)
    expect(env).toContain('https_proxy=http://proxy:3128')
    expect(env).toContain(`HOME=${join(folder, 'door/home')}`)
    expect(names).not.toContain('AWS_SECRET')
    expect(names).not.toContain('GIT_SSH_COMMAND')
  })

  it('refuses a protocol that is not for remotes', async () => {
    const args = ['fetch', `file://${repository}`, 'HEAD']
    const refused = await makeDoor().run({ at: { gitDir: repository }, args, expect: 'any' })
    expect(refused.stderr).toContain("transport 'file' not allowed")
    const ext = ['fetch', 'ext::sh -c true', 'HEAD']
    await expect(
      makeDoor({ remotes: 'http_and_file' }).run({ at: { gitDir: repository }, args: ext }),
    ).rejects.toThrow()
  })

  it('counts its processes and names their commands', async () => {
    const commands: string[] = []
    const door = makeDoor({ onProcess: (command) => commands.push(command) })
    await door.run({ at: { gitDir: repository }, args: ['for-each-ref'] })
    await door.run({ at: { gitDir: repository }, args: ['count-objects'] })
    expect(commands).toEqual(['for-each-ref', 'count-objects'])
    expect(door.processCount()).toBe(2)
  })

  it.each([
    ['git version 2.39.5', null],
    ['git version 2.38.0', null],
    ['git version 3.0.0', null],
    ['git version 2.50.1 (Apple Git-155)', null],
    ['git version 2.37.9', '2.37.9'],
    ['git version 1.9.1', '1.9.1'],
  ])('judges %s', async (printed, found) => {
    const host = await fakeGit(`echo '${printed}'`)
    const checked = makeDoor({ host }).checkVersion()
    if (found === null) await expect(checked).resolves.toBeUndefined()
    else await expect(checked).rejects.toMatchObject({ code: 'GIT_TOO_OLD', details: { found } })
  })

  it('says when there is no git at all', async () => {
    const door = makeDoor({ host: { PATH: '/nonexistent' } })
    await expect(door.checkVersion()).rejects.toMatchObject({
      code: 'GIT_TOO_OLD',
      details: { found: 'none' },
    })
  })

  it('reads no configuration but its own', async () => {
    const door = makeDoor()
    const args = ['config', '--list', '--show-origin']
    const listed = await door.text({ at: { gitDir: repository }, args })
    const origins = listed.split('\n').map((line) => line.split('\t')[0])
    const own = [`file:${join(folder, 'door/config')}`, `file:${repository}/config`, 'command line:']
    expect([...new Set(origins)].filter((origin) => !own.includes(origin ?? ''))).toEqual([])
    expect(await readFile(join(folder, 'door/config'), 'utf8')).toContain('[http]')
  })
})
