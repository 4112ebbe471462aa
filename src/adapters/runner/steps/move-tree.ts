// Step: move index and files to another commit and keep what is uncommitted. Any overlap is refused before it is touched.

import { randomUUID } from 'node:crypto'
import { constants, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath } from '../git/byte-path.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { hasBlindSpots } from '../inspection/find-blind-spots.ts'
import { findMoved, pathsOf } from '../inspection/find-moved.ts'
import type { GitAnswer } from '../git/git-door.ts'
import { diffCommits, findCollisions, type CommitChange } from '../inspection/inspect-collisions.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { readStatus } from '../inspection/inspect-tree.ts'
import { lookAt } from '../look-at.ts'
import { putIndex } from '../git/put-index.ts'
import { controlPlace } from '../repositories/session-paths.ts'
import { refuseLocks, refuseOtherHead, type Refusal, type StepOf, type StepWorld } from './step-world.ts'

type Move = StepOf<'move_tree'>

/** Moves the files with one process; repeating it after a kill finishes the move. */
export async function moveTree(world: StepWorld, step: Move): Promise<StepOutcome> {
  const refusal = (await refuseOtherHead(world, step.from)) ?? (await refuseLocks(world))
  if (refusal !== null) return refusal
  if (await hasBlindSpots(world.paths))
    return moveCarefully(world, step, 'something lies in place of a folder')
  const first = await checkOut(world, step)
  return first.kind === 'done' ? first : moveCarefully(world, step, first.detail)
}

/** Looks at everything in the way; what a killed move had done is told to the index, and git tries once more. */
async function moveCarefully(world: StepWorld, step: Move, why: string): Promise<StepOutcome> {
  const ground = await inspectGround(world, step)
  if (ground.kind !== 'free') return ground
  await adoptMoved(world, ground.moved)
  const again = await checkOut(world, step)
  if (again.kind === 'done') return again
  return { kind: 'failed', reason: 'collision', detail: again.detail === '' ? why : again.detail }
}

type CheckedOut = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly detail: string }

/**
 * Lets git move index and files through our own git directory.
 *
 * `checkout` protects what is changed, staged, marked, untracked and ignored. It takes a file it could not write for a
 * warning and ends well all the same, so the index it began with is kept and put back then.
 */
async function checkOut({ door, paths }: StepWorld, { from, target }: Move): Promise<CheckedOut> {
  const before = join(paths.control, `index-${randomUUID()}`)
  await pointControlAt(paths, from)
  // Left by a killed checkout; nobody but this session's one running step uses our git directory.
  await rm(join(paths.control, 'HEAD.lock'), { force: true })
  const hasIndex = (await lookAt(paths.indexFile)) !== null
  try {
    if (hasIndex) await copyFile(paths.indexFile, before, constants.COPYFILE_FICLONE)
    const args = ['checkout', '--quiet', '--no-overwrite-ignore', '--detach', target]
    const answer = await door.run({ at: controlPlace(paths), args, expect: [0, 1] })
    if (answer.exitCode === 1) return { kind: 'refused', detail: answer.stderr.trim() }
    if (!isIncomplete(answer)) return { kind: 'done' }
    if (hasIndex) await putIndex(paths, before)
    throw new AppError('GIT_FAILED', { command: 'checkout', exitCode: 0, detail: answer.stderr.trim() })
  } finally {
    await rm(before, { force: true })
  }
}

function isIncomplete({ stderr }: GitAnswer): boolean {
  return /^(?:error|fatal):|^warning: unable to unlink/m.test(stderr)
}

type Ground = { readonly kind: 'free'; readonly moved: readonly CommitChange[] } | Refusal

/** What lies where the move would write, apart from what it would write there. */
async function inspectGround({ door, paths }: StepWorld, step: Move): Promise<Ground> {
  await pointControlAt(paths, step.from)
  const status = await readStatus(door, paths)
  const changes = await diffCommits(door, paths, { from: step.from, to: step.target })
  const index = await listIndex(door, paths)
  const tracked = new Set<string>(index.map(({ path }) => path))
  const moved = await findMoved({ door, paths, changes, status, tracked })
  const found = await findCollisions({ tree: paths.tree, changes, status, index, moved: pathsOf(moved) })
  const inTheWay = [...found.dirty, ...found.untracked, ...found.ignored]
  if (inTheWay.length === 0) return { kind: 'free', moved }
  const detail = inTheWay.map(displayPath).slice(0, 20).join(', ')
  return { kind: 'failed', reason: 'collision', detail }
}

/** Tells the index what a killed move had written already, so that git takes those files for done and not for changed. */
async function adoptMoved({ door, paths }: StepWorld, moved: readonly CommitChange[]): Promise<void> {
  if (moved.length === 0) return
  // Removals first: a file may have become a folder.
  const lines = moved
    .toSorted((one, other) => Number(one.arrives) - Number(other.arrives))
    .map(
      ({ path, arrives, mode, oid }) => `${arrives ? `${mode} ${oid} 0` : `0 ${'0'.repeat(40)}`}\t${path}\0`,
    )
  const input = Buffer.from(lines.join(''), 'latin1')
  await door.run({ at: controlPlace(paths), args: ['update-index', '-z', '--index-info'], input })
}
