// What a person does in a session's worktree, past the program.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from '../temp-repo.ts'
import type { Workbench } from './workbench.ts'

/** Writes the files and commits them on the session's branch. */
export async function commitInTree(
  bench: Workbench,
  sessionId: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const tree = bench.tree(sessionId)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), text)
  }
  await git(tree, 'add', '--', ...Object.keys(files))
  const identity = ['-c', 'user.name=Hand', '-c', 'user.email=hand@example.com']
  await git(tree, ...identity, 'commit', '--quiet', '-m', 'By hand')
}
