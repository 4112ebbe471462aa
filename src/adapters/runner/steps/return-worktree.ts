// Step: put the worktree's folder back where Belay made it, after somebody moved it inside the session.

import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { lookAt, readSmallFile } from '../look-at.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { refuseForeignFiles, type StepOf, type StepWorld } from './step-world.ts'
import { writeDurably } from '../write-durably.ts'

/** Renames the folder; done when it is back already. */
export async function returnWorktree(
  world: StepWorld,
  { from }: StepOf<'return_worktree'>,
): Promise<StepOutcome> {
  const { paths } = world
  const source = join(paths.folder, from)
  if ((await lookAt(paths.tree)) !== null) {
    const isBack = (await lookAt(source)) === null && (await refuseForeignFiles(world)) === null
    return isBack
      ? { kind: 'done' }
      : { kind: 'failed', reason: 'collision', detail: 'something lies where the worktree was' }
  }
  const why = await findFault(paths, from)
  if (why !== null) return { kind: 'failed', reason: 'git_failed', detail: why }
  await keepRegistration(paths)
  await rename(source, paths.tree)
  return (await refuseForeignFiles(world)) ?? { kind: 'done' }
}

/** Only a folder directly in the session, whose `.git` file is the worktree's own. */
async function findFault(paths: SessionPaths, from: string): Promise<string | null> {
  const isName =
    from !== '' && from !== '.' && from !== '..' && basename(from) === from && !from.includes('\0')
  if (!isName) return 'this is no name of a folder'
  const source = join(paths.folder, from)
  if ((await lookAt(source))?.isDirectory() !== true) return `${from} is no folder`
  const text = await readSmallFile(join(source, '.git'), 5000)
  return text?.trim() === `gitdir: ${paths.worktreeGitDir}` ? null : `${from} is not the worktree`
}

/** Git writes the new place down when a person moves the folder with it. */
async function keepRegistration({ worktreeGitDir, tree }: SessionPaths): Promise<void> {
  const file = join(worktreeGitDir, 'gitdir')
  const content = `${join(tree, '.git')}\n`
  if ((await readSmallFile(file, 5000)) !== content) await writeDurably(file, content)
}
