// Step: make the worktree's folder again, from what its index holds. Made aside and put in place whole, so that nobody
// ever sees half of it and takes the rest for deleted.

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { lookAt } from '../look-at.ts'
import { controlPlace } from '../repositories/session-paths.ts'
import {
  readStanding,
  refuseFault,
  refuseLocks,
  sessionRef,
  type Refusal,
  type StepWorld,
} from './step-world.ts'
import { inspectGitFiles } from '../repositories/worktree.ts'
import { writeDurably } from '../write-durably.ts'

/** Makes the folder; done when it is there already and ours, refused when anything else lies in its place. */
export async function recreateWorktree(world: StepWorld): Promise<StepOutcome> {
  const { paths } = world
  const fault = await inspectGitFiles(paths)
  if (fault === null) return { kind: 'done' }
  if (fault.kind !== 'missing') return refuseFault(fault)
  const refusal = await refuseLocks(world)
  if (refusal !== null) return refusal
  const head = await readOrMakeHead(world)
  if (head !== null && typeof head !== 'string') return head
  const made = join(paths.control, 'tree')
  await rm(made, { recursive: true, force: true })
  await mkdir(made, { recursive: true })
  await pointControlAt(paths, head)
  await fill(world, { made, head })
  await writeFile(join(made, '.git'), `gitdir: ${paths.worktreeGitDir}\n`)
  if ((await lookAt(paths.tree)) !== null)
    return { kind: 'failed', reason: 'collision', detail: 'something lies where the worktree was' }
  await rename(made, paths.tree)
  return { kind: 'done' }
}

async function readOrMakeHead(world: StepWorld): Promise<Sha | null | Refusal> {
  const file = join(world.paths.worktreeGitDir, 'HEAD')
  if ((await lookAt(file)) === null) await writeDurably(file, `ref: ${sessionRef(world.workspace.branch)}\n`)
  const standing = await readStanding(world)
  return standing.kind === 'at' ? standing.sha : standing
}

/** Files of a sparse checkout stay away, and so do those in conflict: their stages are in the index. */
async function fill(
  { door, paths }: StepWorld,
  { made, head }: { readonly made: string; readonly head: Sha | null },
): Promise<void> {
  const at = { ...controlPlace(paths), workTree: made, cwd: made }
  if ((await lookAt(paths.indexFile)) === null) {
    if (head === null) return
    await door.run({ at, args: ['read-tree', head] })
  }
  const wanted = (await listIndex(door, paths)).filter((entry) => entry.stage === 0 && !entry.isSparse)
  if (wanted.length === 0) return
  const input = Buffer.from(wanted.map(({ path }) => `${path}\0`).join(''), 'latin1')
  await door.run({ at, args: ['checkout-index', '--index', '-z', '--stdin'], input })
}
