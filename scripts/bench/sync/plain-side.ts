// The other side of every pair: an ordinary clone, worked on with the git commands a person would type.

import { join } from 'node:path'
import { git, tryGit } from '../../../test/support/temp-repo.ts'
import type { Origin } from './origin.ts'
import type { StartingPoint } from './starting-point.ts'

/** An ordinary clone with the branch `work` checked out. */
export class PlainSide {
  readonly tree: string

  private constructor(tree: string) {
    this.tree = tree
  }

  /** Clones; a gc in the background would disturb whatever is measured next, so there is none. */
  static async open(folder: string, origin: Origin, start: StartingPoint): Promise<PlainSide> {
    const tree = join(folder, 'clone')
    const transferred = join(folder, 'transferred.git')
    const basic = Buffer.from(`x-access-token:${origin.token}`).toString('base64')
    const header = `http.extraHeader=Authorization: Basic ${basic}`
    if (!(await start.give('clone', transferred))) {
      await git(folder, '-c', header, 'clone', '--quiet', '--template=', '--bare', origin.url, transferred)
      await start.keep('clone', transferred)
    }
    const settings = ['--config', header, '--config', 'gc.auto=0']
    await git(
      folder,
      'clone',
      '--quiet',
      '--template=',
      ...settings,
      '--branch',
      origin.branch,
      transferred,
      tree,
    )
    await git(tree, 'remote', 'set-url', 'origin', origin.url)
    await git(tree, 'fetch', '--quiet')
    return new PlainSide(tree)
  }

  /** Runs git and returns what it printed; throws when it failed. */
  git(...args: readonly string[]): Promise<string> {
    return git(this.tree, ...args)
  }
}

/** Puts branch, index and files of a worktree on a commit that the origin has, and takes out what is not in it. */
export async function placeTree(tree: string, origin: Origin, sha: string): Promise<void> {
  const isKnown = (await tryGit({ cwd: tree, args: ['cat-file', '-e', sha] })).exitCode === 0
  // As loose objects: an agent's commits have just been made.
  const fetch = ['-c', 'fetch.unpackLimit=100000', 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head']
  if (!isKnown) await git(tree, ...fetch, origin.path, sha)
  await git(tree, 'reset', '--quiet', '--hard', sha)
  await git(tree, 'clean', '--quiet', '-d', '--force')
}
