// The door to GitHub as workflows and the outbox need it. Every method names what it reads or writes; no octokit type.

import type { Effect, RepositoryTarget } from '../domain/effects.ts'
import type { ObservedPullRequest } from '../domain/events.ts'
import type { Role } from '../domain/permission.ts'

/** The App itself, read once and remembered. */
export interface AppIdentity {
  readonly appId: number
  readonly slug: string
  /** `<slug>[bot]`. */
  readonly botLogin: string
  readonly botUserId: number | null
}

export type SendOutcome =
  /** `remoteId` is what later versions are sent to: a comment's or check run's database id as text. */
  | { readonly kind: 'sent'; readonly remoteId: string | null }
  /** 401, 403, 404, 410, 422: no repetition will help. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Rate limits, 5xx, broken connections. */
  | { readonly kind: 'try_later'; readonly afterMs: number; readonly message: string }

export interface SendOrder {
  readonly effect: Effect
  /** Null until the first version was created. */
  readonly remoteId: string | null
  /** True when an earlier try may have reached GitHub: look for our marker before creating again. */
  readonly mayExist: boolean
}

/** A comment as it is now, read at the moment an answer is consumed. */
export interface LiveComment {
  readonly body: string
  readonly wasEdited: boolean
}

export interface GitHub {
  identity(): Promise<AppIdentity>
  /** Reads a person's role from the collaborator-permission endpoint, now. */
  readRole(repository: RepositoryTarget, login: string): Promise<Role>
  readPullRequest(repository: RepositoryTarget, number: number): Promise<ObservedPullRequest | null>
  /** Reads a comment by node id; null when it was deleted. */
  readComment(repository: RepositoryTarget, nodeId: string): Promise<LiveComment | null>
  /** Reads a file of the default branch; null when there is none. */
  readFile(repository: RepositoryTarget, path: string): Promise<string | null>
  send(order: SendOrder): Promise<SendOutcome>
}

/** Hands out one-hour tokens for one repository; the runner's only credential. */
export interface TokenSource {
  tokenFor(repository: { readonly installationId: number; readonly repositoryId: number }): Promise<string>
}
