// Commit statuses: the older kind of check. Any number per context; the newest of a context counts.
import { nodeId } from './ids.ts'
import { toStatusEvent } from './json/status-json.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'
import type { World } from './world.ts'

/** What a status says. */
export type CommitStatusState = 'error' | 'failure' | 'pending' | 'success'

/** One status of a commit. */
export interface CommitStatus {
  readonly id: number
  readonly nodeId: string
  readonly sha: string
  readonly context: string
  readonly state: CommitStatusState
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: Account
  readonly createdAt: string
}

/** A status to be reported. */
export interface NewCommitStatus {
  readonly sha: string
  readonly state: CommitStatusState
  readonly context?: string
  readonly description?: string
  readonly targetUrl?: string
}

/** The statuses of one repository, oldest first. */
export class CommitStatuses {
  readonly #all: CommitStatus[] = []
  readonly #world: World
  readonly #repository: FakeRepository

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
  }

  /** Returns every status of a commit, oldest first. */
  list(sha: string): readonly CommitStatus[] {
    return this.#all.filter((status) => status.sha === sha)
  }

  /** Returns the status that counts of each context of a commit. */
  newest(sha: string): readonly CommitStatus[] {
    return [...new Map(this.list(sha).map((status) => [status.context, status])).values()]
  }

  /** Returns the status with this id. */
  find(id: number): CommitStatus | undefined {
    return this.#all.find((status) => status.id === id)
  }

  /** Adds a status and sends `status`; the commit must exist. */
  async report(creator: Account, order: NewCommitStatus): Promise<CommitStatus> {
    const repository = this.#repository
    const sha = await repository.git.resolve(order.sha)
    if (sha === undefined) throw new Error(`No commit found for SHA: ${order.sha}`)
    const id = this.#world.ids.next()
    const status: CommitStatus = {
      id,
      nodeId: nodeId('SC', id),
      sha,
      context: order.context ?? 'default',
      state: order.state,
      description: order.description ?? null,
      targetUrl: order.targetUrl ?? null,
      creator,
      createdAt: this.#world.clock.nowIso(),
    }
    this.#all.push(status)
    const payload = await toStatusEvent(repository, status)
    repository.send({ event: 'status', payload, sender: creator })
    return status
  }
}
