// The judge of losses: looks for every commit and blob of a manifest with plain git, in the places where work is safe.
// What only dangles in some object store counts as lost. Shares nothing with the program it judges.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest, Seen } from './manifest.ts'
import { plainGit, plainGitLines } from './plain-git.ts'
import { listStagedBlobs } from './recorder.ts'
import { listWorktreeFiles } from './worktree-files.ts'

/** Where work counts as kept. */
export interface SafePlaces {
  readonly origin: string
  /** Null when no mirror was made. */
  readonly mirror: string | null
  /** Null when no worktree was made. */
  readonly worktree: string | null
  /** Where to ask git about the index; for a worktree whose folder or `.git` file may be gone. */
  readonly worktreeGitDir?: string
  /** A session repository whose refs count as kept: for commits that nothing has been done to yet. */
  readonly sessionRefs?: string
}

/** Something that was seen and is still there, with the place a person would look at. */
export interface Kept {
  readonly seen: Seen
  readonly place: 'origin' | 'mirror' | 'session_repository' | 'worktree_index' | 'worktree_file'
  /** The full ref or the path. */
  readonly at: string
}

/** The judgement. Good only when nothing is lost and every place could be read. */
export interface Verdict {
  readonly isGood: boolean
  readonly kept: readonly Kept[]
  readonly lost: readonly Seen[]
  /** Why a place could not be judged, or why the manifest proves nothing. */
  readonly faults: readonly string[]
}

type Names = 'refs' | 'none'

interface Holding {
  readonly place: Kept['place']
  /** Object id -> where exactly. */
  readonly holds: ReadonlyMap<string, string>
}

/** Looks for everything the manifest names. `names: 'none'` leaves out which ref holds a thing: that costs as much as the rest. */
export async function judgeLosses(
  manifest: Manifest,
  places: SafePlaces,
  { names = 'refs' }: { readonly names?: Names } = {},
): Promise<Verdict> {
  const faults: string[] = []
  if (manifest.seen.length === 0) faults.push('The manifest names nothing, so nothing is proven.')
  const reachable = (gitDir: string) => reachableObjects(gitDir, names)
  const inMirror = (mirror: string) => reachableInMirror(mirror, names)
  const holdings = await Promise.all([
    holdingOf('origin', places.origin, reachable, faults),
    holdingOf('mirror', places.mirror, inMirror, faults),
    holdingOf('worktree_file', places.worktree, presentFiles, faults),
    holdingOf('worktree_index', places.worktreeGitDir ?? places.worktree, stagedBlobs, faults),
    holdingOf('session_repository', places.sessionRefs ?? null, reachable, faults),
  ])
  const kept: Kept[] = []
  const lost: Seen[] = []
  for (const seen of manifest.seen) {
    const place = findKept(seen, holdings)
    if (place === null) lost.push(seen)
    else kept.push(place)
  }
  return { isGood: lost.length === 0 && faults.length === 0, kept, lost, faults }
}

function findKept(seen: Seen, holdings: readonly Holding[]): Kept | null {
  for (const { place, holds } of holdings) {
    // A worktree shows bytes, never commits: those must be reachable from a ref of origin or mirror.
    if (seen.kind === 'commit' && (place === 'worktree_file' || place === 'worktree_index')) continue
    const at = holds.get(seen.oid)
    if (at !== undefined) return { seen, place, at }
  }
  return null
}

async function holdingOf(
  place: Kept['place'],
  folder: string | null,
  read: (folder: string) => Promise<ReadonlyMap<string, string>>,
  faults: string[],
): Promise<Holding> {
  if (folder === null) return { place, holds: new Map() }
  try {
    return { place, holds: await read(folder) }
  } catch (error) {
    faults.push(`${place}: ${error instanceof Error ? error.message : String(error)}`)
    return { place, holds: new Map() }
  }
}

async function reachableInMirror(mirror: string, names: Names): Promise<ReadonlyMap<string, string>> {
  const borrows = await access(join(mirror, 'objects', 'info', 'alternates')).then(
    () => true,
    () => false,
  )
  if (borrows) throw new Error(`${mirror} borrows objects from another repository, so nothing in it is safe.`)
  return reachableObjects(mirror, names)
}

/** Returns every object that a ref reaches and that really is in the repository, with a ref that reaches it. */
async function reachableObjects(gitDir: string, names: Names): Promise<ReadonlyMap<string, string>> {
  const lines = await plainGitLines(gitDir, ['rev-list', '--objects', '--missing=print', '--all'])
  const missing = new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1, 41)))
  const present = lines.filter((line) => !line.startsWith('?')).map((line) => line.slice(0, 40))
  if (names === 'none') {
    return new Map(present.filter((oid) => !missing.has(oid)).map((oid) => [oid, 'some ref']))
  }
  const refs = await plainGitLines(gitDir, ['for-each-ref', '--format=%(refname)'])
  // Branches and tags first: that is where a person would look first.
  const byPeople = await sourcesOf(gitDir, refs.filter(isPeopleRef))
  const byOthers = await sourcesOf(
    gitDir,
    refs.filter((ref) => !isPeopleRef(ref)),
  )
  const at = (oid: string): string => byPeople.get(oid) ?? byOthers.get(oid) ?? 'some ref'
  return new Map(present.filter((oid) => !missing.has(oid)).map((oid) => [oid, at(oid)]))
}

function isPeopleRef(ref: string): boolean {
  return ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/')
}

/** Returns, for commits and the blobs they brought, one of the refs that reach them. Only names; proves nothing. */
async function sourcesOf(gitDir: string, refs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const sources = new Map<string, string>()
  if (refs.length === 0) return sources
  const shape = ['--format=commit %H %S', '--raw', '-m', '--root', '--no-renames', '--no-abbrev']
  let ref = ''
  for (const line of await plainGitLines(gitDir, ['log', '--source', ...shape, ...refs, '--'])) {
    const [, oid, source] = /^commit ([0-9a-f]{40}) (.+)$/.exec(line) ?? []
    const blob = /^:\d+ \d+ [0-9a-f]{40} ([0-9a-f]{40}) /.exec(line)?.[1]
    if (oid !== undefined && source !== undefined) {
      ref = source
      sources.set(oid, source)
    } else if (blob !== undefined) sources.set(blob, ref)
  }
  return sources
}

async function presentFiles(worktree: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await listWorktreeFiles(worktree)).map(({ oid, path }) => [oid, path]))
}

/** An index entry keeps bytes only when their object can be read there. */
async function stagedBlobs(worktree: string): Promise<ReadonlyMap<string, string>> {
  const entries = await listStagedBlobs(worktree)
  const sizes = await Promise.all(
    [...new Set(entries.map(({ oid }) => oid))].map(async (oid) => {
      const size = await plainGit(worktree, ['cat-file', '-s', oid]).catch(() => null)
      return [oid, size !== null] as const
    }),
  )
  const readable = new Map(sizes)
  return new Map(entries.filter(({ oid }) => readable.get(oid)).map(({ oid, path }) => [oid, path]))
}
