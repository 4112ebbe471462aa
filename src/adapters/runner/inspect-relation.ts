// How the worktree's commits and the remote's relate, read in the mirror alone after our commits were copied there.

import { isSha, type Sha } from '../../domain/ids.ts'
import type { CommitSummary, RelationFacts } from '../../domain/sync/facts.ts'
import type { GitDoor, GitPlace } from './git-door.ts'

export interface RelationOrder {
  readonly door: GitDoor
  readonly at: GitPlace
  readonly local: Sha
  readonly remote: Sha
  readonly lastSynced: Sha | null
}

/** At most this many commits are named on each side. */
const NAMED = 100

export type Relation = Omit<RelationFacts, 'rebase'>

/** Compares both heads; equal heads cost no process unless something was synced before that is another commit. */
export async function inspectRelation(order: RelationOrder): Promise<Relation> {
  const { local, remote } = order
  const remoteContainsLastSynced = await containsLastSynced(order)
  if (local === remote) {
    const none = { localAhead: 0, remoteAhead: 0, ownCommits: [], remoteCommits: [] }
    return { ...none, mergeBase: local, remoteContainsLastSynced }
  }
  const [counts, mergeBase] = await Promise.all([countBoth(order), findMergeBase(order)])
  const [ownCommits, remoteCommits] = await Promise.all([
    counts.localAhead === 0 ? [] : listCommits(order, { not: remote, tip: local }),
    counts.remoteAhead === 0 ? [] : listCommits(order, { not: local, tip: remote }),
  ])
  return { ...counts, mergeBase, remoteContainsLastSynced, ownCommits, remoteCommits }
}

/** A commit the mirror does not even know is in no remote branch. */
async function containsLastSynced({ door, at, remote, lastSynced }: RelationOrder): Promise<boolean | null> {
  if (lastSynced === null) return null
  if (lastSynced === remote) return true
  const args = ['merge-base', '--is-ancestor', lastSynced, remote]
  return (await door.run({ at, args, expect: 'any' })).exitCode === 0
}

async function countBoth({
  door,
  at,
  local,
  remote,
}: RelationOrder): Promise<{ localAhead: number; remoteAhead: number }> {
  const args = ['rev-list', '--left-right', '--count', '--end-of-options', `${local}...${remote}`]
  const [left = '0', right = '0'] = (await door.text({ at, args })).split('\t')
  return { localAhead: Number(left), remoteAhead: Number(right) }
}

async function findMergeBase({ door, at, local, remote }: RelationOrder): Promise<Sha | null> {
  const { stdout } = await door.run({ at, args: ['merge-base', local, remote], expect: [0, 1] })
  const oid = stdout.toString('utf8').trim()
  return isSha(oid) ? oid : null
}

async function listCommits(
  { door, at }: RelationOrder,
  { not, tip }: { readonly not: Sha; readonly tip: Sha },
): Promise<readonly CommitSummary[]> {
  const args = [
    'log',
    '-z',
    `--max-count=${NAMED}`,
    '--reverse',
    '--topo-order',
    '--no-show-signature',
    SUMMARY_FORMAT,
  ]
  const { stdout } = await door.run({ at, args: [...args, '--end-of-options', `${not}..${tip}`] })
  return parseSummaries(stdout)
}

/** The `log` format that `parseSummaries` reads: a line for each of id, author and subject. */
const SUMMARY_FORMAT = '--format=%H%n%an%n%s'

/** Returns the commits of a NUL-separated log in `SUMMARY_FORMAT`. */
function parseSummaries(output: Buffer): readonly CommitSummary[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((record) => {
      const [sha = '', author = '', subject = ''] = record.split('\n')
      return isSha(sha) ? [{ sha, author, subject }] : []
    })
}
