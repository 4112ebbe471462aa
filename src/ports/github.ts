// The door to GitHub as workflows and the outbox need it. Every method names what it reads or writes; no octokit type.

import type { Effect, RepositoryTarget } from '../domain/effects.ts'
import type { ObservedPullRequest, RepositoryRef } from '../domain/events.ts'
import type { Observation } from '../domain/mirror/observation.ts'
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
  /** Reads how a repository is called now; null when the installation may not see it, or there is none. */
  readRepository(repository: {
    readonly installationId: number
    readonly repositoryId: number
  }): Promise<RepositoryRef | null>
  /** Reads a comment by node id; null when it was deleted. */
  readComment(repository: RepositoryTarget, nodeId: string): Promise<LiveComment | null>
  /** Reads a file of the default branch; null when there is none. */
  readFile(repository: RepositoryTarget, path: string): Promise<string | null>
  send(order: SendOrder): Promise<SendOutcome>
}

/** A read of a sweep waits for those that a webhook caused, and leaves them the last part of the budget. */
export type ReadPriority = 'webhook' | 'sweep'

/** What a read came to when it brought nothing. */
export type ReadFailure =
  /** 401, 403, 404, 410: a permission is missing, or the App was taken off. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Rate limits, a used-up budget, 5xx, broken connections. */
  | { readonly kind: 'try_later'; readonly afterMs: number; readonly message: string }

export type ObservationOutcome =
  | {
      readonly kind: 'observed'
      readonly observation: Observation
      /** What a light look showed in the very same answer; null when it has to be taken from a look of its own. */
      readonly fingerprint: string | null
      readonly cost: number
    }
  /** There is no such pull request any more. */
  | { readonly kind: 'gone' }
  | ReadFailure

export interface PullRequestName {
  readonly repository: RepositoryTarget
  /** When it is given, another repository that has taken over the name is refused. */
  readonly repositoryId?: number
  readonly number: number
}

/** What a light look at one pull request showed. */
export type GlanceOutcome =
  { readonly kind: 'seen'; readonly fingerprint: string } | { readonly kind: 'gone' } | ReadFailure

/** What of a failed check is worth telling: the end of its log, or its annotations. */
export interface CheckReport {
  /** At most a few thousand characters; null when there is none or it may not be read. */
  readonly logTail: string | null
  readonly annotations: readonly {
    readonly path: string
    readonly line: number
    readonly message: string
  }[]
}

/** Reads what GitHub shows of pull requests. Never throws for what GitHub does; every outcome is a value. */
export interface Observer {
  /** Reads everything of one pull request, to the end of every list within a budget. */
  observe(pullRequest: PullRequestName, priority: ReadPriority): Promise<ObservationOutcome>
  /**
   * Looks at many pull requests of one installation lightly; the outcomes have the order of the names.
   *
   * One that is gone or broken never hurts the others.
   */
  glance(pullRequests: readonly PullRequestName[]): Promise<readonly GlanceOutcome[]>
  /** Reads why a check failed; what may not be read is missing in it. */
  readCheckReport(repository: RepositoryTarget, checkRunId: number): Promise<CheckReport>
}

/** A webhook that GitHub tried to deliver. */
export interface SentDelivery {
  /** What redelivery needs; every try has its own. Digits, beyond what a number holds exactly. */
  readonly id: string
  /** The same for every try. */
  readonly guid: string
  readonly deliveredAt: number
  readonly isOk: boolean
  /** False for GitHub's own try, true for one that was asked for. */
  readonly isRedelivery: boolean
}

/** GitHub's own list of deliveries to the App. */
export interface DeliveryLog {
  /** Returns deliveries since then, newest first; at most three days of them exist. */
  listSince(since: number): Promise<readonly SentDelivery[]>
  redeliver(id: string): Promise<void>
}

/** What the App may do in an installation, as GitHub says now. */
export interface InstallationHealth {
  readonly installationId: number
  readonly account: string
  readonly isSuspended: boolean
  /** Permission to `read` or `write`. */
  readonly permissions: Readonly<Record<string, string>>
}

/** What an operator must know about reading GitHub. */
export interface GitHubHealth {
  /** Throws `GITHUB_CREDENTIALS_REFUSED`, `GITHUB_UNAVAILABLE`. */
  listInstallations(): Promise<readonly InstallationHealth[]>
}

/** Hands out one-hour tokens for one repository; the runner's only credential. */
export interface TokenSource {
  tokenFor(repository: { readonly installationId: number; readonly repositoryId: number }): Promise<string>
}
