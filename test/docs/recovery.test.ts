// docs/recovery.md, run as it stands: the shell blocks of the page, on pins of worktrees in every state, compared with
// the worktree byte for byte. The lines that `belay backups show` prints must do the same.

import { execFile } from 'node:child_process'
import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../src/adapters/runner/embedded-runner.ts'
import { toSha, type RefName } from '../../src/domain/ids.ts'
import { pinRecoveryLines } from '../../src/domain/text/pin-recovery.ts'
import { embeddedOptions } from '../support/embedded-runner.ts'
import { RunnerWorld, START_FILES } from '../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../support/temp-repo.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'recovery.md')
const worlds: RunnerWorld[] = []

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

async function prepared(files: Readonly<Record<string, string | Buffer>>): Promise<RunnerWorld> {
  const world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)), {
    files,
  })
  worlds.push(world)
  expect(await world.prepare()).toMatchObject({ kind: 'workspace_prepared' })
  return world
}

async function pinned(world: RunnerWorld): Promise<RefName> {
  const prefix = world.prefix()
  const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  const outcomes = await world.execute([
    { kind: 'pin', prefix, head, target: null, message: 'Pin' },
    { kind: 'verify_pin', prefix },
  ])
  expect(outcomes).toMatchObject([{ kind: 'pinned' }, { kind: 'done' }])
  return prefix
}

interface Block {
  readonly info: string
  readonly lines: string
}

async function blocksOfPage(): Promise<readonly Block[]> {
  const page = await readFile(PAGE, 'utf8')
  const blocks = [...page.matchAll(/^```sh ?(\w*)\n(.*?)^```$/gmsu)]
  return blocks.map(([, info = '', lines = '']) => ({ info, lines }))
}

/** The page's own lines, with the three values filled in that it asks for. */
async function script(world: RunnerWorld, prefix: RefName, flavour: '' | 'conflicts'): Promise<string> {
  const [values, ...rest] = await blocksOfPage()
  expect(values?.lines.match(/^[A-Z_]+=.*$/gmu)).toHaveLength(3)
  const filled = `BELAY_HOME='${world.home}'\nPROJECT=rope\nPIN=${prefix}\n`
  const exact = rest.filter(({ lines }) => lines.includes('read-tree'))
  expect(exact.map(({ info }) => info)).toEqual(['', 'conflicts'])
  const chosen = rest.filter(({ lines, info }) => !lines.includes('read-tree') || info === flavour)
  expect(chosen).toHaveLength(4)
  return filled + chosen.map(({ lines }) => lines).join('')
}

/** Runs lines as a person's shell does, in a new folder. */
async function shell(world: RunnerWorld, name: string, lines: string): Promise<string> {
  const folder = join(world.folder, name)
  await mkdir(folder)
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    BELAY_HOME: world.home,
  }
  await promisify(execFile)('sh', ['-euc', lines], { cwd: folder, env })
  return folder
}

async function statusOf(tree: string): Promise<readonly string[]> {
  const args = ['status', '--porcelain=v2', '--untracked-files=all', '-z']
  const { exitCode, stdout } = await tryGit({ cwd: tree, args })
  expect(exitCode).toBe(0)
  return stdout.toString('latin1').split('\0').filter(Boolean)
}

/** Every file below a folder as mode, kind and bytes. */
async function filesOf(tree: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await tryGit({
    cwd: tree,
    args: ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  })
  const paths = [...new Set(stdout.toString('utf8').split('\0').filter(Boolean))].toSorted()
  const files = new Map<string, string>()
  for (const path of paths) {
    const place = join(tree, path)
    const found = await lstat(place).catch(() => null)
    if (found === null) files.set(path, 'gone')
    else if (found.isSymbolicLink()) files.set(path, `link to ${await readlink(place)}`)
    else {
      const mode = (found.mode & 0o100) === 0 ? 'plain' : 'executable'
      files.set(path, `${mode} ${(await readFile(place)).toString('hex')}`)
    }
  }
  return files
}

const FILES = {
  ...START_FILES,
  '.gitattributes': '*.dos text eol=crlf\n*.auto text=auto\n',
  'both.txt': 'one\ntwo\nthree\n',
  'gone.txt': 'gone\n',
  'staged-gone.txt': 'gone\n',
  'tool.sh': '#!/bin/sh\n',
  'windows.dos': 'a\nb\n',
  'unix.dos': 'a\nb\n',
  'mixed.auto': 'a\nb\n',
  link: 'a plain file\n',
}

/** Staged and unstaged on one file, untracked, deleted, executable, a link, and line endings both ways. */
async function disturb(tree: string): Promise<void> {
  await writeFiles(tree, { 'both.txt': 'one staged\ntwo\nthree\n' })
  await git(tree, 'add', 'both.txt')
  await writeFiles(tree, { 'both.txt': 'one staged\ntwo\nthree unstaged\n' })
  await unlink(join(tree, 'gone.txt'))
  await git(tree, 'rm', '--quiet', 'staged-gone.txt')
  await chmod(join(tree, 'tool.sh'), 0o755)
  await writeFiles(tree, {
    'windows.dos': 'a\r\nb\r\nc\r\n',
    'unix.dos': 'a\nb\nc\n',
    'mixed.auto': 'a\r\nb\nc\r\n',
    'new folder/ä "quoted" name.txt': Buffer.from([0, 255, 13, 10, 200]),
    'new.dos': 'only\nunix\n',
  })
  await unlink(join(tree, 'link'))
  await symlink('../anywhere', join(tree, 'link'))
  await git(tree, 'add', 'windows.dos')
}

describe('docs/recovery.md', () => {
  it('brings back files and index exactly as they were, byte for byte', async () => {
    const world = await prepared(FILES)
    const tree = world.tree()
    await disturb(tree)
    const [status, files] = [await statusOf(tree), await filesOf(tree)]
    expect(status.map((line) => line.slice(0, 4)).filter((line) => line === '1 MM')).toHaveLength(1)
    expect(status.length).toBeGreaterThan(9)
    const prefix = await pinned(world)
    // The worktree is gone for good: what comes back can come from the mirror only.
    await rm(join(world.home, 'sessions'), { recursive: true })
    const folder = await shell(world, 'by hand', await script(world, prefix, ''))
    expect(await statusOf(join(folder, 'rescued'))).toEqual(status)
    expect(await filesOf(join(folder, 'rescued'))).toEqual(files)
    const id = prefix.slice(prefix.lastIndexOf('/') + 1)
    const lines = pinRecoveryLines({ id, projectId: 'rope', prefix }, { hasConflicts: false })
    const shown = join(await shell(world, 'as shown', lines.join('\n')), `rescued-${id}`)
    expect(await statusOf(shown)).toEqual(status)
    expect(await filesOf(shown)).toEqual(files)
  })

  it('brings back bytes that were staged away and then put back', async () => {
    const world = await prepared(FILES)
    const tree = world.tree()
    await writeFiles(tree, { 'unix.dos': 'staged\r\n' })
    await git(tree, 'add', 'unix.dos')
    await writeFiles(tree, { 'unix.dos': 'a\nb\n' })
    const [status, files] = [await statusOf(tree), await filesOf(tree)]
    const prefix = await pinned(world)
    const folder = await shell(world, 'by hand', await script(world, prefix, ''))
    expect(await filesOf(join(folder, 'rescued'))).toEqual(files)
    expect(await statusOf(join(folder, 'rescued'))).toEqual(status)
  })

  it('puts the stages of a conflicted index together again', async () => {
    const world = await prepared(FILES)
    const tree = world.tree()
    await git(tree, 'checkout', '--quiet', '-b', 'other')
    await writeFiles(tree, {
      'both.txt': 'theirs\n',
      'ä "conflict".txt': 'theirs\n',
      'plain.txt': 'theirs\n',
    })
    await git(tree, 'add', '--all')
    await git(tree, 'commit', '--quiet', '--message=Theirs')
    await git(tree, 'checkout', '--quiet', 'work')
    await writeFiles(tree, { 'both.txt': 'ours\n', 'ä "conflict".txt': 'ours\n' })
    await git(tree, 'add', '--all')
    await git(tree, 'commit', '--quiet', '--message=Ours')
    await tryGit({ cwd: tree, args: ['merge', '--quiet', 'other'] })
    await writeFiles(tree, { 'new.txt': 'untracked\n' })
    const [status, files] = [await statusOf(tree), await filesOf(tree)]
    expect(status.filter((line) => line.startsWith('u '))).toHaveLength(2)
    const prefix = await pinned(world)
    const folder = await shell(world, 'by hand', await script(world, prefix, 'conflicts'))
    expect(await statusOf(join(folder, 'rescued'))).toEqual(status)
    expect(await filesOf(join(folder, 'rescued'))).toEqual(files)
    const id = prefix.slice(prefix.lastIndexOf('/') + 1)
    const lines = pinRecoveryLines({ id, projectId: 'rope', prefix }, { hasConflicts: true })
    const shown = join(await shell(world, 'as shown', lines.join('\n')), `rescued-${id}`)
    expect(await statusOf(shown)).toEqual(status)
    expect(await filesOf(shown)).toEqual(files)
  })
})
