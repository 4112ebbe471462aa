// The verdict as text: how much was kept where, and every loss by name. Decides nothing.
import type { Kept, Verdict } from './checker.ts'
import type { Seen } from './manifest.ts'

const PLACES: Readonly<Record<Kept['place'], string>> = {
  origin: 'on origin',
  mirror: 'in the mirror',
  session_repository: 'in the session repository',
  worktree_file: 'in the worktree',
  worktree_index: 'staged in the worktree',
}

/** Returns a small table and one line for each loss and fault. */
export function renderVerdict(verdict: Verdict): string {
  const groups = [...groupKept(verdict.kept)].map(
    ([title, { commits, blobs }]) => [title, commits, blobs] as const,
  )
  const width = Math.max('where'.length, ...groups.map(([title]) => title.length))
  const row = (title: string, commits: string, blobs: string): string =>
    `  ${title.padEnd(width)}  ${commits.padStart(7)}  ${blobs.padStart(7)}`
  const lostCommits = verdict.lost.filter(({ kind }) => kind === 'commit').length
  return [
    row('where', 'commits', 'files'),
    ...groups.map(([title, commits, blobs]) => row(title, String(commits), String(blobs))),
    row('lost', String(lostCommits), String(verdict.lost.length - lostCommits)),
    ...verdict.lost.map((seen) => `  LOST ${describeSeen(seen)}`),
    ...verdict.faults.map((fault) => `  FAULT ${fault}`),
    verdict.isGood ? '  Nothing was lost.' : '  The judgement is bad.',
  ].join('\n')
}

function describeSeen(seen: Seen): string {
  const what =
    seen.kind === 'commit'
      ? `commit ${seen.oid.slice(0, 12)}`
      : `file ${seen.path} (${seen.oid.slice(0, 12)})`
  return `${what}, seen in ${seen.place.replace('_', ' ')}: ${seen.label}`
}

function groupKept(kept: readonly Kept[]): ReadonlyMap<string, { commits: number; blobs: number }> {
  const groups = new Map<string, { commits: number; blobs: number }>()
  for (const { seen, place, at } of kept) {
    const title = place === 'origin' || place === 'mirror' ? `${PLACES[place]}, ${at}` : PLACES[place]
    const group = groups.get(title) ?? { commits: 0, blobs: 0 }
    if (seen.kind === 'commit') group.commits += 1
    else group.blobs += 1
    groups.set(title, group)
  }
  return groups
}
