// A prepared session with its places on the disk, and what tests of inspecting do in it.

import { join } from 'node:path'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { WorktreeFacts } from '../../../src/domain/sync/facts.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

/** One session, `rope-1`. */
export interface SessionScene {
  readonly world: RunnerWorld
  readonly session: string
  readonly repository: string
  /** The worktree's own part of the session repository. */
  readonly gitDir: string
}

/** Prepares the session. */
export async function prepareScene(start: StartWorld): Promise<SessionScene> {
  const world = await start()
  await world.prepare()
  const session = join(world.home, 'sessions/rope-1')
  const repository = join(session, 'repo.git')
  return { world, session, repository, gitDir: join(repository, 'worktrees/tree') }
}

/** Commits everything in the worktree and returns the commit. */
export async function commitOwn(
  { world }: SessionScene,
  files: Readonly<Record<string, string>>,
): Promise<Sha> {
  await writeFiles(world.tree(), files)
  await git(world.tree(), 'add', '--all')
  await git(world.tree(), 'commit', '--quiet', '--message=Own')
  return toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
}

/** Inspects, quickly unless told. */
export function see({ world }: SessionScene, isThorough = false): Promise<WorktreeFacts> {
  return world.runner.inspect({ workspace: world.workspace(), lastSynced: null, isThorough })
}
