// A disk that is full, and files that nobody can change: the step says so in its type, nothing is lost, and when there is
// room again the sync finishes. Needs a small tmpfs and immutable files; where the platform has none it says so.

import { execFile } from 'node:child_process'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../src/adapters/runner/embedded-runner.ts'
import { toSha, type Sha } from '../../src/domain/ids.ts'
import type { StepOutcome, SyncStep } from '../../src/domain/sync/step.ts'
import { embeddedOptions } from '../support/embedded-runner.ts'
import { Witness } from '../support/random-sync/witness.ts'
import { BRANCH, RunnerWorld } from '../support/runner-world.ts'
import { git, makeTempFolder, removeTempFolder, writeFiles } from '../support/temp-repo.ts'

const run = promisify(execFile)
const DISK_MIB = 16
const MIB = 1024 * 1024
/** What the remote brings, and what lies in the worktree: neither fits when the disk is filled. */
const BIG = 2 * MIB

const canMount = await isPossible(async (folder) => {
  await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  await run('umount', [folder])
})
const canFreeze = await isPossible(async (folder) => {
  await run('chattr', ['+i', folder])
  await run('chattr', ['-i', folder])
})
if (!canMount) console.log('Skipped: this platform lets nobody mount a small tmpfs.')
if (!canFreeze) console.log('Skipped: this platform has no immutable files.')

async function isPossible(attempt: (folder: string) => Promise<void>): Promise<boolean> {
  const folder = await makeTempFolder()
  try {
    await attempt(folder)
    return true
  } catch {
    return false
  } finally {
    await removeTempFolder(folder)
  }
}

let undo: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const step of undo.toReversed()) await step()
  undo = []
})

/** A world whose BELAY_HOME is a small disk of its own. */
async function worldOnSmallDisk(): Promise<{ readonly world: RunnerWorld; readonly disk: string }> {
  const disk = await makeTempFolder()
  undo.push(() => removeTempFolder(disk))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk])
  undo.push(async () => void (await run('umount', [disk])))
  const world = await worldIn(join(disk, 'home'))
  return { world, disk }
}

async function worldIn(home: string | null): Promise<RunnerWorld> {
  const world = await RunnerWorld.create((setting) =>
    createEmbeddedRunner(embeddedOptions(home === null ? setting : { ...setting, home })),
  )
  undo.push(() => world.close())
  return world
}

/** Takes all room but so much. */
async function fill(disk: string, leftBytes: number): Promise<() => Promise<void>> {
  const file = join(disk, 'ballast')
  const handle = await open(file, 'w')
  const piece = Buffer.alloc(64 * 1024, 'x')
  try {
    for (;;) await handle.write(piece)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
  const { size } = await handle.stat()
  await handle.truncate(Math.max(size - leftBytes, 0))
  await handle.close()
  return () => rm(file)
}

interface Heads {
  readonly from: Sha
  readonly target: Sha
}

type Places = ReturnType<typeof placesOf>

function placesOf(world: RunnerWorld, home: string) {
  const tree = join(home, 'sessions', 'rope-1', 'tree')
  const repository = join(home, 'sessions', 'rope-1', 'repo.git')
  const gitDir = join(repository, 'worktrees', 'tree')
  const worktree = { tree, repository, gitDir, branch: BRANCH as string }
  return { origin: world.origin.path, mirror: join(home, 'mirrors', 'rope.git'), worktree }
}

/** Bytes that no compression makes small. */
function noise(bytes: number, seed: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  let state = seed
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    buffer[at] = state >>> 24
  }
  return buffer
}

/** Diverged, with uncommitted work where the remote brings files. */
async function diverge(world: RunnerWorld, { worktree: { tree } }: Places, big: number): Promise<Heads> {
  await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
  await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
  await writeFiles(tree, {
    'src/other.txt': 'unstaged\n',
    'mine.bin': noise(big, 1),
    'hers.bin': 'untracked, in the way\n',
  })
  const from = toSha(await git(tree, 'rev-parse', 'HEAD'))
  const target = toSha(
    await world.origin.push({
      'src/knot.txt': 'theirs\n',
      'hers.bin': noise(BIG, 2),
      'a/late.bin': noise(BIG, 3),
    }),
  )
  await world.inspect(null)
  return { from, target }
}

function recovery(world: RunnerWorld, { from, target }: Heads): readonly SyncStep[] {
  const prefix = world.prefix()
  return [
    { kind: 'pin', prefix, head: from, target, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from, target },
    { kind: 'move_branch', branch: BRANCH, from, to: target },
    { kind: 'verify_worktree', head: target },
  ]
}

const DISK_FULL: StepOutcome = { kind: 'failed', reason: 'disk_full', detail: expect.any(String) as string }

describe.skipIf(!canMount)('a full disk', () => {
  it.each<{ readonly what: SyncStep['kind']; readonly mine: number; readonly left: number }>([
    { what: 'pin', mine: BIG, left: BIG / 4 },
    { what: 'reset_tree', mine: 100, left: BIG + BIG / 2 },
  ])(
    'makes $what fail as disk_full, loses nothing, and the sync finishes when there is room',
    async ({ what, mine, left }) => {
      const { world, disk } = await worldOnSmallDisk()
      await world.prepare()
      const places = placesOf(world, join(disk, 'home'))
      const heads = await diverge(world, places, mine)
      const witness = new Witness(places)
      await witness.look('before')
      const free = await fill(disk, left)
      const plan = recovery(world, heads)
      const outcomes = await world.execute(plan)
      expect(outcomes.at(-1)).toEqual(DISK_FULL)
      expect(plan[outcomes.length - 1]?.kind).toBe(what)
      expect(await witness.losses()).toEqual([])
      await free()
      expect(await world.run({ kind: 'remove_stale_locks' })).toEqual({ kind: 'done' })
      expect((await world.execute(recovery(world, heads))).at(-1)).toEqual({ kind: 'done' })
      expect(await git(places.worktree.tree, 'rev-parse', 'HEAD')).toBe(heads.target)
      expect(await witness.losses()).toEqual([])
    },
  )

  it('makes move_tree fail as disk_full, and loses nothing', async () => {
    const { witness, outcomes } = await moveOntoFullDisk()
    expect(outcomes).toEqual([DISK_FULL])
    expect(await witness.losses()).toEqual([])
  })

  // The file that was being written when the disk was full is taken for somebody's own, and a person is asked.
  it.fails('finishes the move when there is room', async () => {
    const { world, witness, plan, free } = await moveOntoFullDisk()
    await free()
    expect(await world.run({ kind: 'remove_stale_locks' })).toEqual({ kind: 'done' })
    expect((await world.execute(plan)).at(-1)).toEqual({ kind: 'done' })
    expect(await witness.losses()).toEqual([])
  })
})

async function moveOntoFullDisk() {
  const { world, disk } = await worldOnSmallDisk()
  await world.prepare()
  const places = placesOf(world, join(disk, 'home'))
  const from = toSha(await git(places.worktree.tree, 'rev-parse', 'HEAD'))
  await writeFiles(places.worktree.tree, { 'src/other.txt': 'unstaged\n' })
  const target = toSha(await world.origin.push({ 'a.bin': noise(BIG, 2), 'b.bin': noise(BIG, 3) }))
  await world.inspect(null)
  const witness = new Witness(places)
  await witness.look('before')
  const free = await fill(disk, BIG + BIG / 2)
  const plan: readonly SyncStep[] = [
    { kind: 'move_tree', from, target },
    { kind: 'move_branch', branch: BRANCH, from, to: target },
    { kind: 'verify_worktree', head: target },
  ]
  return { world, witness, plan, free, outcomes: await world.execute(plan) }
}

describe.skipIf(!canFreeze)('a folder that nobody can change', () => {
  it('makes the reset fail, loses nothing, and the sync finishes when it can be changed', async () => {
    const world = await worldIn(null)
    await world.prepare()
    const places = placesOf(world, world.home)
    const heads = await diverge(world, places, 100)
    const witness = new Witness(places)
    await witness.look('before')
    const frozen = join(places.worktree.tree, 'src')
    await mkdir(frozen, { recursive: true })
    await run('chattr', ['+i', frozen])
    undo.push(async () => void (await run('chattr', ['-i', frozen]).catch(() => undefined)))
    const plan = recovery(world, heads)
    const outcomes = await world.execute(plan)
    expect(outcomes.at(-1)).toMatchObject({ kind: 'failed', reason: 'git_failed' })
    expect(plan[outcomes.length - 1]?.kind).toBe('reset_tree')
    expect(await witness.losses()).toEqual([])
    await run('chattr', ['-i', frozen])
    expect(await world.run({ kind: 'remove_stale_locks' })).toEqual({ kind: 'done' })
    expect((await world.execute(recovery(world, heads))).at(-1)).toEqual({ kind: 'done' })
    expect(await witness.losses()).toEqual([])
  })
})
