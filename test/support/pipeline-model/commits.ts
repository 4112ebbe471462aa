// A small git in memory: commits with one parent that set the text of paths, and what git would say of them. Knows no
// branch, no worktree and no host.

import { createHash } from 'node:crypto'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { CommitSummary, RangeFacts, RebaseTrial } from '../../../src/domain/sync/facts.ts'

/** A text for each path. */
export type Files = Readonly<Record<string, string>>

export interface SimCommit {
  readonly sha: Sha
  readonly parent: Sha | null
  readonly sets: Files
  readonly by: string
}

/** What is known of a commit before it lies on another one. */
export type NewCommit = Pick<SimCommit, 'sets' | 'by'>

export class Commits {
  readonly #all = new Map<Sha, SimCommit>()

  /** Makes a commit; the same one on the same parent is the same. */
  add(parent: Sha | null, { sets, by }: NewCommit): Sha {
    const sha = toSha(
      createHash('sha1')
        .update(JSON.stringify([parent, sets, by]))
        .digest('hex'),
    )
    this.#all.set(sha, { sha, parent, sets, by })
    return sha
  }

  /** Returns the commits from the first one to this. */
  line(head: Sha): readonly SimCommit[] {
    const line: SimCommit[] = []
    for (let next: Sha | null = head; next !== null;) {
      const commit = this.#all.get(next)
      if (commit === undefined) throw new Error(`There is no commit ${next}`)
      line.unshift(commit)
      next = commit.parent
    }
    return line
  }

  contains(head: Sha, sha: Sha): boolean {
    return this.line(head).some((commit) => commit.sha === sha)
  }

  /** Returns the commits of `to` that `from` lacks, oldest first. */
  between(from: Sha | null, to: Sha): readonly SimCommit[] {
    const known = new Set(from === null ? [] : this.line(from).map(({ sha }) => sha))
    return this.line(to).filter(({ sha }) => !known.has(sha))
  }

  mergeBase(one: Sha, other: Sha): Sha | null {
    const known = new Set(this.line(one).map(({ sha }) => sha))
    return this.line(other).findLast(({ sha }) => known.has(sha))?.sha ?? null
  }

  fileAt(head: Sha, path: string): string | null {
    return this.line(head).findLast(({ sets }) => path in sets)?.sets[path] ?? null
  }

  /** Returns the paths in which two commits differ, sorted. */
  pathsBetween(one: Sha, other: Sha): readonly string[] {
    const paths = new Set([...this.line(one), ...this.line(other)].flatMap(({ sets }) => Object.keys(sets)))
    return [...paths].filter((path) => this.fileAt(one, path) !== this.fileAt(other, path)).toSorted()
  }

  range(from: Sha, to: Sha): RangeFacts {
    const commits = this.between(from, to).map((commit) => ({ sha: commit.sha, patchId: patchOf(commit) }))
    return { commits, paths: this.pathsBetween(from, to) }
  }

  summaries(commits: readonly SimCommit[]): readonly CommitSummary[] {
    return commits.map(({ sha, sets, by }) => ({
      sha,
      subject: `Set ${Object.keys(sets).join(', ')}`,
      author: by,
    }))
  }

  /** Replays the commits after `base` on another one, where nothing that they touch may read otherwise than at `base`. */
  replay(own: { readonly base: Sha; readonly head: Sha }, onto: Sha): RebaseTrial {
    const there = new Set(this.between(own.base, onto).map(patchOf))
    const mine = this.between(own.base, own.head)
    const left = mine.filter((commit) => !there.has(patchOf(commit)))
    let newHead = onto
    for (const commit of left) {
      const paths = Object.keys(commit.sets)
      const inTheWay = paths.filter((path) => this.fileAt(own.base, path) !== this.fileAt(onto, path))
      const [summary] = this.summaries([commit])
      if (inTheWay.length > 0 && summary !== undefined)
        return { kind: 'conflict', commit: summary, paths: inTheWay }
      newHead = this.add(newHead, commit)
    }
    return { kind: 'clean', newHead, dropped: this.summaries(mine.filter((one) => !left.includes(one))) }
  }
}

/** The same change has the same patch id wherever it lies. */
function patchOf({ sets, by }: SimCommit): string {
  return createHash('sha1')
    .update(JSON.stringify([sets, by]))
    .digest('hex')
}
