// A session whose agent wants to get out of it: what lies beside it, everything Belay does with it, and what may not have
// happened then. Asserts with plain git and files alone; knows no single trap.

import { chmod, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toBranchName, toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { BRANCH, type RunnerWorld } from '../runner-world.ts'
import { git, tryGit, writeFiles } from '../temp-repo.ts'

/** Where a trap is laid. */
export interface HostileScene {
  readonly world: RunnerWorld
  /** The agent's worktree and its session repository. */
  readonly tree: string
  readonly repository: string
  /** Where branch and remote stood before anything was planted. */
  readonly before: Sha
  /** A folder of the host that is no business of the session's. */
  readonly outside: string
  /** Where the programs of traps leave their marks. */
  readonly marks: string
}

/** Makes the scene: the session under attack, and a folder of the host with a file in it. */
export async function hostileScene(world: RunnerWorld): Promise<HostileScene> {
  await world.prepare()
  const outside = join(world.folder, 'outside')
  await writeFiles(outside, { profile: 'mine\n', 'folder/knot.txt': 'mine\n' })
  const marks = join(world.folder, 'marks')
  await mkdir(marks)
  const before = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  const repository = join(world.home, 'sessions/rope-1/repo.git')
  return { world, tree: world.tree(), repository, before, outside, marks }
}

/** What a trap is called as a file: git hands programs to a shell. */
export function fileName(trap: string): string {
  return trap.replaceAll(/[^a-z0-9]+/gi, '-')
}

/** Makes a program that leaves a mark when it is run, and then does nothing. Returns its path. */
export async function makeTrap({ world, marks }: HostileScene, trap: string): Promise<string> {
  const name = fileName(trap)
  const program = join(world.folder, `traps/${name}.sh`)
  await mkdir(join(world.folder, 'traps'), { recursive: true })
  await writeFile(program, `#!/bin/sh\necho ran >> '${marks}/${name}'\nexit 0\n`)
  await chmod(program, 0o755)
  return program
}

/** Returns the names of the programs that were run so far. */
export async function marksOf({ marks }: HostileScene): Promise<readonly string[]> {
  return (await readdir(marks)).toSorted()
}

/**
 * Does everything a runner can be told to do with the session, nearly every step by itself, so that a refused one does not
 * keep the next from being tried. Only a pin is pushed by the plan that made it. Returns what came of each.
 */
export async function doEverything({ world, before }: HostileScene): Promise<readonly string[]> {
  const said: string[] = []
  const runAll = async (plan: readonly SyncStep[]): Promise<void> => {
    for (const [position, outcome] of (await world.execute(plan)).entries())
      said.push(`${plan[position]?.kind} ${outcome.kind === 'push' ? outcome.result : outcome.kind}`)
  }
  const run = (step: SyncStep): Promise<void> => runAll([step])
  const look = async (): Promise<Sha> => {
    const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: before })
    said.push(facts.kind)
    return facts.kind === 'inspected' ? (facts.branchSha ?? before) : guessHead(world)
  }
  await world.prepare()
  const ours = await look()
  const pin = world.prefix()
  await runAll([
    { kind: 'pin', prefix: pin, head: ours, target: null, message: 'Pin' },
    { kind: 'verify_pin', prefix: pin },
    { kind: 'push_pin', prefix: pin, head: ours },
  ])
  await run({ kind: 'push_rescue', prefix: pin, branch: toBranchName('belay/rescue/rope-1-1') })
  await run({ kind: 'push_branch', branch: BRANCH, head: ours, expected: before })
  await run({ kind: 'commit_leftovers', branch: BRANCH, message: 'Left' })
  await run({ kind: 'remove_stale_locks' })
  const theirs = await pushConflict(world)
  const now = await look()
  const prefix = world.prefix()
  await run({ kind: 'pin', prefix, head: now, target: theirs, message: 'Pin' })
  await run({ kind: 'verify_pin', prefix })
  await run({ kind: 'reset_tree', prefix, from: now, target: theirs })
  await run({ kind: 'move_branch', branch: BRANCH, from: now, to: theirs })
  await run({ kind: 'verify_worktree', head: theirs })
  const onward = toSha(await world.origin.push({ 'onward.txt': 'onward\n' }))
  await look()
  await run({ kind: 'move_tree', from: theirs, target: onward })
  await run({ kind: 'move_branch', branch: BRANCH, from: theirs, to: onward })
  await run({ kind: 'verify_worktree', head: onward })
  await world.runner.readFile({ workspace: world.workspace(), path: 'src/knot.txt', maxBytes: 100_000 })
  await world.runner.listPins(world.workspace())
  return said
}

/** The branch as the agent's git shows it, for when Belay refuses to look. */
async function guessHead(world: RunnerWorld): Promise<Sha> {
  const repository = join(world.home, 'sessions/rope-1/repo.git')
  const { stdout } = await tryGit({ cwd: repository, args: ['--git-dir=.', 'rev-parse', 'refs/heads/work'] })
  const found = stdout.toString().trim()
  return toSha(/^[0-9a-f]{40}$/.test(found) ? found : '1'.repeat(40))
}

/** A person pushes on top of whatever is on the remote by now. */
async function pushConflict(world: RunnerWorld): Promise<Sha> {
  await git(world.origin.clone, 'fetch', '--quiet', 'origin')
  await git(world.origin.clone, 'reset', '--quiet', '--hard', 'origin/work')
  return toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n', 'data.txt': 'theirs\n' }))
}

/** Everything below a folder with its content, links as links. */
export async function sightOf(folder: string, name = ''): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(folder, name), { withFileTypes: true })) {
    const path = join(name, entry.name)
    if (entry.isDirectory()) found.push(path, ...(await sightOf(folder, path)))
    else if (entry.isSymbolicLink()) found.push(`${path} -> ${await readlink(join(folder, path))}`)
    else found.push(`${path} ${(await readFile(join(folder, path))).toString('base64')}`)
  }
  return found.toSorted()
}

/** Tells whether a repository has an object, by whatever way. */
export async function hasObject(repository: string, oid: string): Promise<boolean> {
  const args = ['--git-dir', repository, 'cat-file', '-e', oid]
  return (await tryGit({ cwd: repository, args })).exitCode === 0
}
