// One session's worktree on the simulated machine: where its branch and its files are, what lies uncommitted, and what an
// inspection says of it. Runs no step.

import { toBranchName, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type {
  InspectedWorktree,
  RelationFacts,
  RemoteFact,
  WorktreeFacts,
} from '../../../src/domain/sync/facts.ts'
import type { InspectOrder } from '../../../src/ports/runner.ts'
import type { Commits, Files } from './commits.ts'
import { BRANCH, type Host } from './host.ts'
import type { Faults } from './faults.ts'

/** Everything of a worktree at one moment. */
export interface SavedTree {
  readonly head: Sha
  readonly files: Sha
  readonly edits: Files
}

/** What somebody did to a worktree that no sync passes over. */
export type Trouble = 'detached' | 'in_progress' | 'missing' | 'tampered' | null

export class SimWorktree {
  readonly #host: Host
  /** Where the session's branch is. */
  branch: Sha
  /** The commit that index and files are of; another one than the branch's after half a reset. */
  files: Sha
  edits: Files = {}
  trouble: Trouble = null
  isReleased = false
  readonly pins = new Map<RefName, SavedTree>()
  /** Commits that were made here, by whomever. */
  readonly made: Sha[] = []

  constructor(host: Host, head: Sha) {
    this.#host = host
    this.branch = head
    this.files = head
  }

  get commits(): Commits {
    return this.#host.commits
  }

  save(): SavedTree {
    return { head: this.branch, files: this.files, edits: this.edits }
  }

  readFile(path: string): string | null {
    return this.edits[path] ?? this.commits.fileAt(this.files, path)
  }

  /** Commits on the branch, as an agent or a person at the machine does. */
  commit(sets: Files, by: string): Sha {
    this.branch = this.commits.add(this.branch, { sets, by })
    this.files = this.branch
    this.made.push(this.branch)
    return this.branch
  }

  /** Tells whether a commit is in a pin or on the branch of the host. */
  isKept(sha: Sha): boolean {
    const heads = [...this.pins.values()].map(({ head }) => head)
    if (this.#host.head !== null) heads.push(this.#host.head)
    return heads.some((head) => this.commits.contains(head, sha))
  }

  inspect({ lastSynced, isLast }: InspectOrder, faults: Faults): WorktreeFacts {
    const remote = this.remote(faults)
    const branch = toBranchName(BRANCH)
    if (this.trouble === 'missing')
      return { kind: 'unavailable', branch, fault: { kind: 'missing', head: this.branch }, remote }
    if (this.trouble === 'tampered')
      return { kind: 'unavailable', branch, fault: { kind: 'tampered', what: '.git' }, remote }
    const sha = this.branch
    return {
      kind: 'inspected',
      branch,
      head: this.trouble === 'detached' ? { kind: 'detached', sha } : { kind: 'attached', branch, sha },
      branchSha: sha,
      lastSynced,
      remote,
      inProgress: this.trouble === 'in_progress' ? 'rebase' : null,
      otherCommits: isLast === true && !this.isKept(sha) ? [sha] : [],
      checkedOutElsewhere: null,
      isShallow: false,
      changedConfiguration: [],
      locks: [],
      tree: this.#treeFacts(remote),
      relation: remote.kind === 'fetched' ? this.#relation(remote.head, lastSynced) : null,
      relationFault: null,
    }
  }

  remote({ fetch }: Faults): RemoteFact {
    if (fetch !== null) return { kind: 'fetch_failed', reason: fetch, detail: `The host says ${fetch}` }
    const { head, base } = this.#host
    return head === null ? { kind: 'deleted' } : { kind: 'fetched', head, base }
  }

  #treeFacts(remote: RemoteFact): InspectedWorktree['tree'] {
    const dirty = [
      ...new Set([...Object.keys(this.edits), ...this.commits.pathsBetween(this.files, this.branch)]),
    ]
    const comes = remote.kind === 'fetched' ? this.commits.pathsBetween(this.branch, remote.head) : []
    return {
      dirty: dirty.toSorted(),
      untracked: [],
      conflicted: [],
      hiddenEdits: [],
      nestedRepositories: [],
      dirtySubmodules: [],
      collisions: { dirty: dirty.filter((path) => comes.includes(path)), untracked: [], ignored: [] },
    }
  }

  #relation(remote: Sha, lastSynced: Sha | null): RelationFacts {
    const own = this.commits.between(remote, this.branch)
    const theirs = this.commits.between(this.branch, remote)
    const mergeBase = this.commits.mergeBase(this.branch, remote)
    const contains = lastSynced === null ? null : this.commits.contains(remote, lastSynced)
    const hasDiverged = own.length > 0 && (theirs.length > 0 || contains === false)
    const isKnown = lastSynced !== null && this.commits.contains(this.branch, lastSynced)
    const base = isKnown ? lastSynced : mergeBase
    return {
      localAhead: own.length,
      remoteAhead: theirs.length,
      mergeBase,
      remoteContainsLastSynced: contains,
      ownCommits: this.commits.summaries(own),
      remoteCommits: this.commits.summaries(theirs),
      rebase:
        hasDiverged && base !== null
          ? this.commits.replay({ base, head: this.branch }, remote)
          : { kind: 'not_tried' },
    }
  }
}
