// Notes every commit and every blob that exists at the moments a script chooses: the witness for the judge of losses.
// Plain git and plain files; knows nothing of the program it watches.
import { writeManifest } from './manifest.ts'
import type { Manifest, Seen } from './manifest.ts'
import { plainGit, plainGitLines } from './plain-git.ts'
import { listWorktreeFiles } from './worktree-files.ts'

/** Where work can be. The last two are absent as long as there is no session. */
export interface WatchedPlaces {
  readonly origin: string
  readonly sessionRepository?: string
  readonly worktree?: string
  /** Where to ask git about HEAD and index; for a worktree whose folder or `.git` file may be gone. */
  readonly worktreeGitDir?: string
}

/** Sees, remembers, and writes the manifest after each moment. */
export class LossRecorder {
  readonly #manifestFile: string | null
  readonly #seen = new Map<string, Seen>()

  /** With `null` nothing is written; the manifest can still be asked for. */
  constructor(manifestFile: string | null) {
    this.#manifestFile = manifestFile
  }

  get manifest(): Manifest {
    return { version: 1, seen: [...this.#seen.values()] }
  }

  /** Notes everything that exists now and returns how much of it was new. */
  async record(
    label: string,
    places: WatchedPlaces,
  ): Promise<{ readonly newCommits: number; readonly newBlobs: number }> {
    const found: Seen[] = await seenCommits(label, places)
    if (places.worktree !== undefined) {
      found.push(
        ...(await seenInIndex(label, places.worktreeGitDir ?? places.worktree)),
        ...(await seenInFiles(label, places.worktree)),
      )
    }
    const fresh = found.filter((seen) => this.#note(seen))
    if (this.#manifestFile !== null) await writeManifest(this.#manifestFile, this.manifest)
    const newCommits = fresh.filter(({ kind }) => kind === 'commit').length
    return { newCommits, newBlobs: fresh.length - newCommits }
  }

  /** Lets somebody write files of the worktree; what they write over is their own loss and is not looked for any more. */
  async whileSomebodyWrites(worktree: string, write: () => Promise<unknown>): Promise<void> {
    const before = await seenInFiles('before', worktree)
    await write()
    const after = new Set((await seenInFiles('after', worktree)).map(keyOf))
    for (const key of before.map(keyOf)) if (!after.has(key)) this.#seen.delete(key)
  }

  #note(seen: Seen): boolean {
    const key = keyOf(seen)
    if (this.#seen.has(key)) return false
    this.#seen.set(key, seen)
    return true
  }
}

function keyOf(seen: Seen): string {
  return seen.kind === 'commit' ? seen.oid : `${seen.oid} ${seen.path}`
}

async function seenCommits(label: string, places: WatchedPlaces): Promise<Seen[]> {
  const seen: Seen[] = []
  const add = (place: 'origin' | 'session_repository' | 'worktree_head', oids: readonly string[]): void => {
    for (const oid of oids) seen.push({ kind: 'commit', oid, place, label })
  }
  add('origin', await plainGitLines(places.origin, ['rev-list', '--all']))
  if (places.sessionRepository !== undefined) {
    // What only a tracking ref names is the remote's; who replaces it there has taken it away.
    const own = ['rev-list', '--exclude=refs/remotes/*', '--all']
    add('session_repository', await plainGitLines(places.sessionRepository, own))
  }
  const worktree = places.worktreeGitDir ?? places.worktree
  if (worktree !== undefined) add('worktree_head', await commitsOfHead(worktree))
  return seen
}

/** A branch without a commit has none. */
async function commitsOfHead(worktree: string): Promise<readonly string[]> {
  const head = await plainGit(worktree, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(
    () => null,
  )
  return head === null ? [] : plainGitLines(worktree, ['rev-list', head.toString().trim()])
}

async function seenInIndex(label: string, worktree: string): Promise<readonly Seen[]> {
  return (await listStagedBlobs(worktree)).map(({ oid, path }) => ({
    kind: 'blob',
    oid,
    path,
    place: 'index',
    label,
  }))
}

async function seenInFiles(label: string, worktree: string): Promise<readonly Seen[]> {
  const files = await listWorktreeFiles(worktree)
  return files.map(({ oid, path }) => ({ kind: 'blob', oid, path, place: 'worktree', label }))
}

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'

/** Returns the blobs of every index entry of a worktree but the empty one, of all stages; submodules are no blobs. */
export async function listStagedBlobs(
  worktree: string,
): Promise<readonly { readonly oid: string; readonly path: string }[]> {
  const records = (await plainGit(worktree, ['ls-files', '--stage', '-z'])).toString('utf8').split('\0')
  return records.flatMap((record) => {
    const [, mode, oid, path] = /^(\d{6}) ([0-9a-f]{40}) \d\t([^]*)$/.exec(record) ?? []
    // What is only announced to the index stands there as the empty blob; there is nothing to lose of it.
    return mode === undefined ||
      mode === '160000' ||
      oid === undefined ||
      path === undefined ||
      oid === EMPTY_BLOB
      ? []
      : [{ oid, path }]
  })
}
