// SIGKILL of the whole process group before the n-th git process of a recovery, until it runs to its end. After every
// kill the next start finishes the recovery, and plain git finds every byte. BELAY_EVERY_KILL=1 tries every single n.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { embeddedOptions } from '../../support/embedded-runner.ts'
import { programArguments } from '../../support/program-arguments.ts'
import { BRANCH, IDENTITY, RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'

/** Two processes apart is enough to meet every step, and half the time. */
const STRIDE = process.env['BELAY_EVERY_KILL'] === '1' ? 1 : 2

let world: RunnerWorld

afterEach(() => world.close())

interface Heads {
  readonly ours: Sha
  readonly theirs: Sha
}

function recovery({ ours, theirs }: Heads, prefix: RefName): readonly SyncStep[] {
  return [
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from: ours, target: theirs },
    { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
    { kind: 'verify_worktree', head: theirs },
  ]
}

const PRECIOUS = {
  'src/other.txt': 'unstaged',
  'staged.txt': 'staged',
  'new.txt': 'untracked',
  'in-the-way.ignored': 'ignored',
}

/** Puts the worktree into the diverged state, with content no earlier round has seen. */
async function disturb({ ours }: Heads, round: number): Promise<void> {
  const tree = world.tree()
  await git(tree, 'reset', '--quiet', '--hard', ours)
  const files = Object.entries(PRECIOUS).map(([path, text]) => [path, `${text} in round ${round}\n`])
  await writeFiles(tree, Object.fromEntries(files))
  await git(tree, 'add', 'staged.txt')
}

/** A `git` that ends its whole process group before its n-th call. */
async function deadlyGit(n: number): Promise<string> {
  const path = process.env['PATH'] ?? ''
  const bin = join(world.folder, 'bin')
  await rm(bin, { recursive: true, force: true })
  await mkdir(join(bin, 'calls'), { recursive: true })
  // Making a folder succeeds for one process only, so calls that run side by side still count each.
  const count = `n=1; until mkdir "${bin}/calls/$n" 2>/dev/null; do n=$((n+1)); done`
  await writeFile(
    join(bin, 'git'),
    `#!/bin/sh\n${count}\n[ $n -ge ${n} ] && kill -9 0\nPATH='${path}' exec git "$@"\n`,
  )
  await chmod(join(bin, 'git'), 0o755)
  return `${bin}:${path}`
}

/** Returns whether the program was killed before its end. */
async function runUntilKilled(plan: readonly SyncStep[], n: number): Promise<boolean> {
  const file = join(world.folder, 'order.json')
  const order = { workspace: world.workspace(), plan, identity: IDENTITY, fence: 1 }
  const gitBaseUrl = `file://${join(world.folder, 'remote')}`
  await writeFile(file, JSON.stringify({ home: world.home, gitBaseUrl, order }))
  const program = join(import.meta.dirname, '../../support/recover-once.ts')
  const child = spawn(process.execPath, [...programArguments(program), file], {
    env: { ...process.env, PATH: await deadlyGit(n) },
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  if (signal === 'SIGKILL') return true
  expect(code).toBe(0)
  return false
}

/** What the next start does: removes locks, looks, and finishes from wherever the branch is. */
async function resume(heads: Heads): Promise<void> {
  expect(await world.run({ kind: 'remove_stale_locks' })).toEqual({ kind: 'done' })
  const { head } = await world.inspect(null)
  if (head.kind !== 'attached') throw new Error(head.kind)
  const plan: readonly SyncStep[] =
    head.sha === heads.theirs
      ? [{ kind: 'verify_worktree', head: heads.theirs }]
      : recovery(heads, world.prefix())
  expect((await world.execute(plan)).at(-1)).toEqual({ kind: 'done' })
}

/** Everything that refs of the mirror reach or that lies in the worktree, found with plain git. */
async function findLost({ ours }: Heads, round: number): Promise<readonly string[]> {
  const kept = new Set(
    (await git(world.mirror, 'rev-list', '--objects', '--all')).split('\n').map((line) => line.slice(0, 40)),
  )
  const lost = kept.has(ours) ? [] : [ours as string]
  for (const text of Object.values(PRECIOUS)) {
    const content = `${text} in round ${round}\n`
    const hashed = await tryGit({ cwd: world.mirror, args: ['hash-object', '--stdin'], input: content })
    if (!kept.has(hashed.stdout.toString().trim())) lost.push(content)
  }
  return lost
}

describe('a recovery that is killed', () => {
  it('loses nothing and is finished by the next start, wherever the kill came', async () => {
    world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
    await world.prepare()
    await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
    await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
    const ours = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
    const pushed = await world.origin.push({ 'src/knot.txt': 'theirs\n', 'in-the-way.ignored': 'theirs\n' })
    const heads = { ours, theirs: toSha(pushed) }
    await world.inspect(null)
    let n = 1
    for (; ; n += STRIDE) {
      await disturb(heads, n)
      const wasKilled = await runUntilKilled(recovery(heads, world.prefix()), n)
      await resume(heads)
      expect(await findLost(heads, n), `killed before git process ${n}`).toEqual([])
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(heads.theirs)
      expect(await git(world.tree(), 'status', '--porcelain', '--untracked-files=no')).toBe('')
      if (!wasKilled) break
    }
    // Fewer would mean that most of the recovery was never interrupted.
    expect(n).toBeGreaterThan(12)
  }, 240_000)
})
