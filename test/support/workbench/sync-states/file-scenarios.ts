// Rows about what single files are: marked, filtered, sparse, submodules, pipes, in conflict, on a disk that fails.
// Stories only.

import { execFile } from 'node:child_process'
import { appendFile, copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { git, tryGit, writeFiles } from '../../temp-repo.ts'
import { pinnedBytes, pinnedFiles } from './belongings.ts'
import { MOVED, PINNED, RECOVERED, TRY, TRY_OR_RESET, type Played, type SyncScenario } from './scenario.ts'
import { ownCommit, remoteHead, remotePush, type Stage } from './stage.ts'
import { headOf, statusOf, textIn } from './state-of.ts'

const OTHER = { 'other.txt': 'other\n' } as const
const HERS = { 'knot.txt': 'tied by alice\n' } as const
const run = promisify(execFile)

async function isAtRemote({ stage }: Played): Promise<void> {
  expect(await headOf(stage)).toBe(await remoteHead(stage))
}

function pinOf({ ending }: Played): { readonly index: string; readonly worktree: string } {
  const backup = ending.rounds.at(-1)?.backups.at(-1)
  if (backup === undefined) throw new Error('Nothing was pinned')
  return backup
}

/** The push that a stage makes itself: the submodule or attribute is on both sides then. */
async function publish(stage: Stage): Promise<void> {
  await git(stage.tree, 'push', '--quiet', stage.bench.repo.git.path, `HEAD:${stage.branch}`)
}

export const conflicted_index: SyncScenario = {
  async arrange({ tree }) {
    const id = async (text: string): Promise<string> => {
      const { stdout } = await tryGit({ cwd: tree, args: ['hash-object', '-w', '--stdin'], input: text })
      return stdout.toString().trim()
    }
    const stages = [await id('base\n'), await id('ours\n'), await id('theirs\n')]
    const lines = stages.map((blob, place) => `100644 ${blob} ${place + 1}\tknot.txt\n`)
    const input = `0 ${'0'.repeat(40)}\tknot.txt\n${lines.join('')}`
    await tryGit({ cwd: tree, args: ['update-index', '--index-info'], input })
    await writeFiles(tree, { 'knot.txt': '<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n' })
  },
  steps: PINNED,
  asks: TRY_OR_RESET,
  pinIsSpecial: true,
  async check(played) {
    const { stage } = played
    const { index, worktree } = pinOf(played)
    for (const [place, text] of ['base\n', 'ours\n', 'theirs\n'].entries())
      expect((await pinnedBytes(stage, `${index}:stage${place + 1}/knot.txt`)).toString()).toBe(text)
    expect((await pinnedBytes(stage, `${worktree}:knot.txt`)).toString()).toContain('<<<<<<< ours')
  },
}

export const assume_unchanged_edit: SyncScenario = {
  async arrange(stage) {
    await git(stage.tree, 'update-index', '--assume-unchanged', 'knot.txt')
    await appendFile(join(stage.tree, 'knot.txt'), 'hidden\n')
    await remotePush(stage, HERS)
  },
  earlier: ['move_refused'],
  steps: PINNED,
  asks: TRY_OR_RESET,
}

export const skip_worktree_edit: SyncScenario = {
  async arrange(stage) {
    await git(stage.tree, 'update-index', '--skip-worktree', 'knot.txt')
    await appendFile(join(stage.tree, 'knot.txt'), 'hidden\n')
    await remotePush(stage, HERS)
  },
  earlier: ['move_refused'],
  steps: PINNED,
  asks: TRY_OR_RESET,
}

export const special_file: SyncScenario = {
  async arrange(stage) {
    await run('mkfifo', [join(stage.tree, 'pipe')])
    await remotePush(stage, OTHER)
  },
  steps: MOVED,
  async check(played) {
    await isAtRemote(played)
    await run('test', ['-p', join(played.stage.tree, 'pipe')])
  },
}

export const required_filter_missing: SyncScenario = {
  async arrange(stage) {
    const { tree } = stage
    for (const [key, value] of [
      ['filter.lfs.smudge', 'false'],
      ['filter.lfs.clean', 'false'],
      ['filter.lfs.required', 'true'],
    ] as const)
      await git(tree, 'config', key, value)
    await remotePush(stage, { '.gitattributes': '*.bin filter=lfs\n', 'big.bin': 'oid sha256:0123\n' })
  },
  steps: MOVED,
  async check(played) {
    await isAtRemote(played)
    expect(await textIn(played.stage, 'big.bin')).toBe('oid sha256:0123\n')
  },
}

const CRLF = 'one\r\ntwo\nthree\r\n'

export const line_ends: SyncScenario = {
  async arrange(stage) {
    await ownCommit(stage, { '.gitattributes': '*.txt text eol=crlf\n*.up filter=up\n' })
    await git(stage.tree, 'config', 'filter.up.clean', 'tr a-z A-Z')
    await publish(stage)
    await ownCommit(stage, { 'knot.txt': 'tied by the agent\r\n' })
    await writeFiles(stage.tree, { 'knot.txt': CRLF, 'README.md': '# Mixed\r\nends\n', 'word.up': 'small\n' })
    await remotePush(stage, HERS)
  },
  steps: RECOVERED,
  asks: ['continue', 'abort', 'rescue'],
  pinIsSpecial: true,
  async check(played) {
    const { stage, before } = played
    await isAtRemote(played)
    const { worktree } = pinOf(played)
    expect(await pinnedFiles(stage, worktree)).toEqual(before.files)
    expect((await pinnedBytes(stage, `${worktree}:knot.txt`)).toString()).toBe(CRLF)
    expect((await pinnedBytes(stage, `${worktree}:word.up`)).toString()).toBe('small\n')
  },
}

export const dirty_submodule: SyncScenario = {
  async arrange(stage) {
    const { tree } = stage
    const sub = join(tree, 'sub')
    await mkdir(sub)
    await git(sub, 'init', '--quiet')
    await ownCommit({ tree: sub }, { 'own.txt': 'own\n' })
    await git(tree, '-c', 'advice.addEmbeddedRepo=false', 'add', 'sub')
    await git(tree, 'commit', '--quiet', '--message=Add sub')
    await publish(stage)
    await ownCommit({ tree: sub }, { 'own.txt': 'changed\n' })
    await remotePush(stage, OTHER)
  },
  steps: PINNED,
  asks: TRY,
  pinIsSpecial: true,
  async check({ stage }) {
    expect(await git(join(stage.tree, 'sub'), 'log', '--format=%s')).toBe('Change own.txt\nChange own.txt')
  },
}

export const sparse_checkout: SyncScenario = {
  async arrange(stage) {
    const { tree } = stage
    await git(tree, 'update-index', '--skip-worktree', 'knot.txt')
    await rm(join(tree, 'knot.txt'))
    await remotePush(stage, OTHER)
  },
  steps: MOVED,
  async check(played) {
    const { stage } = played
    await isAtRemote(played)
    expect(await textIn(stage, 'knot.txt')).toBeNull()
    expect(await git(stage.tree, 'ls-files', '-v', 'knot.txt')).toBe('S knot.txt')
    expect(await statusOf(stage)).toEqual([])
  },
}

/** A folder of the worktree on a disk of its own that is too small for what the remote brings. */
export const disk_full: SyncScenario = {
  async arrange(stage) {
    const { tree } = stage
    await ownCommit(stage, { 'disk/small.txt': 'small\n' })
    await publish(stage)
    await ownCommit(stage, { 'disk/small.txt': 'ours\n' })
    const disk = join(tree, 'disk')
    await copyFile(join(disk, 'small.txt'), join(tree, '..', 'small.txt'))
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    await writeFile(join(disk, 'small.txt'), 'changed\n')
    await remotePush(stage, {
      'disk/small.txt': 'hers\n',
      'disk/large.bin': Buffer.alloc(1_000_000, 'large'),
    })
  },
  steps: ['pin', 'verify_pin', 'push_pin', 'reset_tree'],
  isCutShort: true,
  asks: ['abort'],
  async check({ stage, ending }) {
    expect(await headOf(stage)).toBe(ending.report.operation.before)
    // Git says that it could not write the file, and not why.
    expect(ending.rounds.at(-1)?.steps.at(-1)?.outcome).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('unable to write file disk/large.bin'),
    })
  },
  clear: async ({ tree }) => void (await run('umount', [join(tree, 'disk')])),
}

/** A file that is a mount point can be written and not be replaced. */
export const immutable_file: SyncScenario = {
  async arrange(stage) {
    const { tree } = stage
    await ownCommit(stage, { 'knot.txt': 'tied by the agent\n' })
    await writeFiles(tree, { 'README.md': '# Changed\n' })
    const file = join(tree, 'knot.txt')
    await run('mount', ['--bind', file, file])
    await remotePush(stage, HERS)
  },
  steps: ['pin', 'verify_pin', 'push_pin', 'reset_tree'],
  isCutShort: true,
  asks: ['abort'],
  async check({ stage, ending }) {
    expect(await headOf(stage)).toBe(ending.report.operation.before)
  },
  clear: async ({ tree }) => void (await run('umount', [join(tree, 'knot.txt')])),
}
