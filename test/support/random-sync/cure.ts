// What a person does with a worktree that Belay asked about: takes away what is in the way and puts the branch back.
// May throw work away, as people do; what Belay had to keep was judged before.

import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { succeeds } from './own-commits.ts'
import type { WorktreePlaces } from './worktree-states.ts'

const QUITS = [
  ['rebase', '--quit'],
  ['am', '--quit'],
  ['cherry-pick', '--quit'],
  ['revert', '--quit'],
  ['merge', '--quit'],
  ['bisect', 'reset'],
] as const

/** Brings the worktree back onto its branch, without anything uncommitted. */
export async function cure({ tree, repository, gitDir, branch }: WorktreePlaces): Promise<void> {
  if (!(await exists(tree)) && (await exists(`${tree}-moved`))) await rename(`${tree}-moved`, tree)
  for (const folder of [gitDir, join(repository, 'refs', 'heads')]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.endsWith('.lock')) await rm(join(folder, name))
    }
  }
  if (!(await exists(tree))) return
  await mendGitFile(join(tree, '.git'))
  for (const nested of ['vendor', 'hollow', 'new.txt/.git'])
    await rm(join(tree, nested), { recursive: true, force: true }).catch(() => undefined)
  for (const quit of QUITS) await succeeds(tree, quit)
  await succeeds(tree, ['sparse-checkout', 'disable'])
  await succeeds(tree, ['update-index', '--really-refresh'])
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree'])
    await succeeds(tree, ['update-index', flag, 'a.txt', 'b.txt', 'dir/c.txt', 'dir/d.txt'])
  await succeeds(tree, ['reset', '--quiet', '--hard'])
  await succeeds(tree, ['checkout', '--quiet', '--force', branch])
  await succeeds(tree, ['clean', '--quiet', '-ffd'])
}

async function mendGitFile(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text !== null) await writeFile(file, text.replace(/(?:\s*\/elsewhere)+$/u, '\n'))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
