// GitHub as plain state: one repository with one pull request, people with roles, comments, what was pushed. Says what it
// shows; tells nobody of anything.

import type { ObservedPullRequest, RepositoryRef } from '../../../src/domain/events.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import type { Observation, ObservedCheck } from '../../../src/domain/mirror/observation.ts'
import type { Role } from '../../../src/domain/permission.ts'
import { Commits, type Files } from './commits.ts'

/** alice started it, carol may answer too, bob may only look, and mallory is nobody. */
export const ROLES: Readonly<Record<string, Role>> = {
  alice: 'write',
  carol: 'maintain',
  bob: 'triage',
  mallory: 'none',
}

export const BRANCH = 'topic'
const OWNER = 'acme'

/** A push to the branch of the pull request, by whomever. */
export interface SeenPush {
  readonly by: 'belay' | 'person'
  readonly before: Sha | null
  readonly after: Sha | null
}

export class Host {
  readonly number = 1
  readonly repositoryId: number
  readonly commits: Commits
  readonly base: Sha
  /** Null after the branch was deleted. */
  head: Sha | null
  /** What the pull request shows: after the branch is gone, its last commit. */
  shownHead: Sha
  state: ObservedPullRequest['state'] = 'open'
  baseRef = 'main'
  isInMergeQueue = false
  isConflicting = false
  checks: readonly ObservedCheck[] = []
  updatedAt: number
  readonly pushes: SeenPush[] = []
  /** Branches beside the pull request's own, such as those of rescues. */
  readonly branches = new Map<string, Sha>()
  /** Node ids of comments that were edited or deleted since. */
  readonly edited = new Set<string>()
  config = ''

  constructor(repositoryId: number, now: number) {
    this.repositoryId = repositoryId
    this.commits = new Commits()
    this.base = this.commits.add(null, { sets: { 'README.md': 'one' }, by: 'alice' })
    this.head = this.commits.add(this.base, { sets: { shared: 'start', topic: 'start' }, by: 'alice' })
    this.shownHead = this.head
    this.updatedAt = now
  }

  /** Moves the branch; null deletes it. */
  move(after: Sha | null, { by, now }: { readonly by: SeenPush['by']; readonly now: number }): SeenPush {
    const push = { by, before: this.head, after }
    this.pushes.push(push)
    this.head = after
    if (after !== null) this.shownHead = after
    this.updatedAt = now
    return push
  }

  /** Adds a commit to the branch in a person's name. */
  commitOn(parent: Sha, sets: Files): Sha {
    return this.commits.add(parent, { sets, by: 'alice' })
  }

  get repository(): RepositoryRef {
    return {
      installationId: 1,
      repositoryId: this.repositoryId,
      owner: OWNER,
      name: `rope-${this.repositoryId}`,
      isPrivate: false,
      defaultBranch: 'main',
    }
  }

  get pullRequest(): ObservedPullRequest {
    const { number, state, shownHead: headSha, baseRef, updatedAt, repositoryId } = this
    return {
      number,
      nodeId: `PR_${repositoryId}`,
      title: 'A change',
      url: `https://github.example/${OWNER}/rope-${repositoryId}/pull/${number}`,
      author: { login: 'alice', isBot: false },
      state,
      isDraft: false,
      headRef: BRANCH,
      headSha,
      headRepositoryId: repositoryId,
      baseRef,
      baseSha: this.base,
      updatedAt,
    }
  }

  observe(readAt: number): Observation {
    const none = { completeness: 'complete', items: [] } as const
    return {
      readAt,
      pullRequest: this.pullRequest,
      mergeability: this.isConflicting ? 'conflicting' : 'mergeable',
      reviewDecision: null,
      isInMergeQueue: this.isInMergeQueue,
      hasAutoMerge: false,
      isStacked: false,
      threads: none,
      reviews: none,
      checks: { completeness: 'complete', items: this.checks },
      conversation: none,
    }
  }
}
