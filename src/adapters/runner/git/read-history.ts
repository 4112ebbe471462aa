// Commits that two heads do not share, and those they part at, as raw commits with git's marks: one process for all.

import { isSha, type Sha } from '../../../domain/ids.ts'
import type { CommitSummary } from '../../../domain/sync/facts.ts'
import { parentsIn, summaryOf, type RawCommit } from './commit-object.ts'
import type { GitDoor, GitPlace } from './git-door.ts'
import { objectId } from './loose-object.ts'

export interface HistoryOrder {
  readonly door: GitDoor
  readonly at: GitPlace
  readonly left: Sha
  readonly right: Sha
}

export interface MarkedCommit {
  readonly sha: Sha
  readonly parents: readonly Sha[]
  /** The other side has a commit with the same change. */
  readonly isEquivalent: boolean
  readonly summary: CommitSummary
  /** Null when git's way of printing it lost some bytes. */
  readonly commit: RawCommit | null
}

export interface History {
  /** What only one side has, children first. */
  readonly listed: readonly MarkedCommit[]
  /** What those stand on and neither lists. */
  readonly boundary: readonly MarkedCommit[]
}

/** Reads both sides. */
export async function readHistory({ door, at, left, right }: HistoryOrder): Promise<History> {
  const flags = ['--header', '--topo-order', '--left-right', '--cherry-mark', '--boundary']
  const args = ['rev-list', ...flags, '--end-of-options', `${left}...${right}`]
  const { stdout } = await door.run({ at, args })
  const listed: MarkedCommit[] = []
  const boundary: MarkedCommit[] = []
  for (const record of stdout.toString('latin1').split('\0')) {
    const end = record.indexOf('\n')
    const sha = record.slice(1, end)
    if (!isSha(sha)) continue
    const commit = { sha, bytes: unindent(record.slice(end + 1)) }
    const found = {
      sha,
      parents: parentsIn(commit),
      isEquivalent: record.startsWith('='),
      summary: summaryOf(commit),
      commit: objectId('commit', commit.bytes) === sha ? commit : null,
    }
    if (record.startsWith('-')) boundary.push(found)
    else listed.push(found)
  }
  return { listed, boundary }
}

/** Git indents the message; it also drops spaces at the end of lines, which the commit's own name then tells. */
function unindent(text: string): Buffer {
  const end = text.indexOf('\n\n')
  const message = text.slice(end + 2).replace(/^ {4}/gm, '')
  return Buffer.from(`${text.slice(0, end + 2)}${message}`, 'latin1')
}

/** Returns those of the listed commits that a head reaches, parents first. */
export function reachedFrom(history: History, head: Sha): readonly MarkedCommit[] {
  const reached = new Set<string>([head])
  const found: MarkedCommit[] = []
  // Children come first, so one pass is enough.
  for (const commit of history.listed) {
    if (!reached.has(commit.sha)) continue
    found.push(commit)
    for (const parent of commit.parents) reached.add(parent)
  }
  return found.toReversed()
}
