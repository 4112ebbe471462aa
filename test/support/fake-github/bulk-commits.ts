// Many branches with one commit each, made by one git process; and the refs of their pull requests, by another.
import type { FakeRepository } from './repository.ts'

/** Branches to be made on one base. */
export interface NumberedBranches {
  readonly baseSha: string
  readonly names: readonly string[]
  /** The number of the pull request of the first branch. */
  readonly firstNumber: number
}

/** Makes the branches and returns their commits in the order of the names; each adds one file of its own. */
export async function commitNumbered(
  { git, world }: FakeRepository,
  { baseSha, names, firstNumber }: NumberedBranches,
): Promise<readonly string[]> {
  const who = `GitHub <noreply@github.com> ${Math.floor(world.clock.nowMs() / 1000)} +0000`
  const commits = names.map((name, index) =>
    [
      `commit refs/heads/${name}`,
      `mark :${index + 1}`,
      `committer ${who}`,
      `data ${Buffer.byteLength(name)}`,
      name,
      `from ${baseSha}`,
      `M 100644 inline ${name}.txt`,
      `data ${Buffer.byteLength(name)}`,
      name,
      `get-mark :${index + 1}`,
      '',
    ].join('\n'),
  )
  const output = await git.run(['fast-import', '--quiet'], commits.join(''))
  const shas = output.split('\n')
  const updates = shas.map((sha, index) => `create refs/pull/${firstNumber + index}/head ${sha}\n`)
  await git.run(['update-ref', '--stdin'], updates.join(''))
  return shas
}
