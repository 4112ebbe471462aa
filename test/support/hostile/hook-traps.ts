// Every hook git knows, and plain git commands that make each of them run. Asserts nothing.

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import type { HostileScene } from './hostile-scene.ts'

/** Hooks that git runs by itself; those of mail and Perforce commands are not among them. */
export const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-receive',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'pre-receive',
  'prepare-commit-msg',
  'reference-transaction',
  'update',
] as const

/** Writes a hook of each name that leaves its mark. */
export async function writeHooks({ marks }: HostileScene, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of HOOKS) {
    await writeFile(join(folder, name), `#!/bin/sh\necho ran >> '${marks}/${name}'\nexit 0\n`)
    await chmod(join(folder, name), 0o755)
  }
}

/** Does with plain git what makes every hook run. */
export async function fireHooks(scene: HostileScene): Promise<void> {
  const { tree, repository, world } = scene
  await tryGit({ cwd: tree, args: ['rebase', '--abort'] })
  await git(tree, 'checkout', '--quiet', '--force', '-B', 'fire', 'origin/main')
  await writeFiles(tree, { 'fire.txt': 'one\n' })
  await git(tree, 'add', 'fire.txt')
  await git(tree, 'commit', '--quiet', '--message=Fire')
  await git(tree, 'commit', '--quiet', '--amend', '--message=Fire again')
  const patch = await git(tree, 'format-patch', '--stdout', '-1')
  await git(tree, 'checkout', '--quiet', '-B', 'mail', 'origin/main')
  await tryGit({ cwd: tree, args: ['am'], input: `${patch}\n` })
  await git(tree, 'checkout', '--quiet', '-B', 'side', 'origin/main')
  await git(tree, 'commit', '--quiet', '--allow-empty', '--message=Side')
  await git(tree, 'merge', '--quiet', '--no-ff', '--no-edit', 'fire')
  await git(tree, 'rebase', '--quiet', '--force-rebase', 'origin/main')
  // One pack more than allowed.
  await git(tree, 'repack', '--quiet', '-d')
  await git(tree, 'commit', '--quiet', '--allow-empty', '--message=One more')
  await git(tree, 'repack', '--quiet', '-d')
  const limits = ['-c', 'gc.auto=6700', '-c', 'gc.autoPackLimit=1', '-c', 'gc.autoDetach=false']
  await tryGit({ cwd: tree, args: [...limits, 'gc', '--auto'] })
  await tryGit({ cwd: tree, args: ['push', '--quiet', world.origin.path, 'HEAD:refs/heads/fired'] })
  const into = ['push', '--quiet', repository, 'HEAD:refs/heads/fired']
  await tryGit({ cwd: world.origin.clone, args: into })
}
