// A session whose commit and the remote's change the same line, and how a pin of it is made and read. Shared by the
// contract suites of pins and repairs.

import { join } from 'node:path'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { StepOutcome, SyncStep } from '../../../src/domain/sync/step.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

export interface Scene {
  readonly world: RunnerWorld
  readonly tree: string
  /** The worktree's own part of the session repository. */
  readonly gitDir: string
  readonly ours: Sha
  readonly theirs: Sha
  readonly prefix: RefName
}

/** Our commit and theirs change the same line. */
export async function diverge(
  start: StartWorld,
  theirs: Readonly<Record<string, string | null>> = {},
): Promise<Scene> {
  const world = await start()
  await world.prepare()
  const tree = world.tree()
  await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
  await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
  const pushed = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n', ...theirs }))
  await world.inspect(null)
  const gitDir = join(world.home, 'sessions/rope-1/repo.git/worktrees/tree')
  const ours = toSha(await git(tree, 'rev-parse', 'HEAD'))
  return { world, tree, gitDir, ours, theirs: pushed, prefix: world.prefix() }
}

export function pinOf(
  scene: Scene,
  more: Partial<Extract<SyncStep, { kind: 'pin' }>> = {},
): readonly SyncStep[] {
  const { prefix, ours, theirs } = scene
  return [
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Pin', ...more },
    { kind: 'verify_pin', prefix },
  ]
}

export function kinds(outcomes: readonly StepOutcome[]): readonly string[] {
  return outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.reason : outcome.kind))
}

export async function pinned({ world, prefix }: Scene, leaf: string, path: string): Promise<string | null> {
  const args = ['cat-file', 'blob', `${prefix}/${leaf}:${path}`]
  const { exitCode, stdout } = await tryGit({ cwd: world.mirror, args })
  return exitCode === 0 ? stdout.toString() : null
}

export function parents({ world }: Scene, commit: string): Promise<string> {
  return git(world.mirror, 'log', '-1', '--format=%P', commit)
}
