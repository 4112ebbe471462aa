// Every fact that can arrive, past tense. Raw payloads stop at the edge; inside there is only this union.

import type { Sha } from './ids.ts'
import type { AttemptReport, WorkspaceReport } from './session/attempt.ts'

/** Who did it. Authority comes from the permission endpoint, never from here. */
export interface Person {
  readonly login: string
  readonly isBot: boolean
}

export interface RepositoryRef {
  readonly installationId: number
  readonly repositoryId: number
  readonly owner: string
  readonly name: string
  readonly isPrivate: boolean
  readonly defaultBranch: string
}

/** Where a command was written, and what a reaction to it is attached to. */
export interface CommentRef {
  readonly source: 'issue_comment' | 'review' | 'review_comment'
  readonly nodeId: string
  readonly url: string
  readonly author: Person
  /** Milliseconds since 1970. */
  readonly updatedAt: number
}

/** A pull request as a payload or the API shows it. */
export interface ObservedPullRequest {
  readonly number: number
  readonly nodeId: string
  readonly title: string
  readonly url: string
  readonly author: Person
  readonly state: 'open' | 'closed' | 'merged'
  readonly isDraft: boolean
  readonly headRef: string
  readonly headSha: Sha
  readonly headRepositoryId: number | null
  readonly baseRef: string
  readonly baseSha: Sha
  /** GitHub's `updated_at`, milliseconds since 1970. */
  readonly updatedAt: number
}

/**
 * Something may look different on GitHub now. What exactly is read from GitHub, never taken from the payload, so a hint
 * that comes twice, late or not at all changes nothing but the moment of the read.
 */
export type HintEvent =
  | {
      readonly kind: 'pull_request_touched'
      readonly repository: RepositoryRef
      readonly number: number
    }
  /** A check, a suite or a status of a commit. */
  | {
      readonly kind: 'commit_touched'
      readonly repository: RepositoryRef
      readonly sha: Sha
      /** The App whose check it is; null for a status. */
      readonly appId: number | null
    }

export type AccessLoss = 'uninstalled' | 'suspended' | 'repository_removed' | 'repository_deleted'

/** What a lane handles, one at a time. */
export type LaneEvent =
  /** Somebody wrote or edited a text that may hold commands. `previousBody` only for edits. */
  | {
      readonly kind: 'comment_written'
      readonly repository: RepositoryRef
      /** The number of the pull request, or of the issue when `onIssue`. */
      readonly number: number
      readonly onIssue: boolean
      readonly comment: CommentRef
      readonly body: string
      readonly previousBody: string | null
      readonly wasEdited: boolean
      readonly sender: Person
    }
  /** Somebody pressed a button of one of our check runs. */
  | {
      readonly kind: 'button_pressed'
      readonly repository: RepositoryRef
      readonly checkRunId: number
      readonly externalId: string
      readonly optionId: string
      readonly headSha: Sha
      readonly sender: Person
    }
  /** A branch moved, appeared (`before` null) or went away (`after` null). */
  | {
      readonly kind: 'branch_pushed'
      readonly repository: RepositoryRef
      readonly branch: string
      readonly before: Sha | null
      readonly after: Sha | null
      readonly isForced: boolean
      readonly sender: Person
    }
  /** GitHub told us something about a pull request. */
  | {
      readonly kind: 'pull_request_changed'
      readonly repository: RepositoryRef
      readonly action: string
      readonly pullRequest: ObservedPullRequest
      readonly sender: Person
    }
  /** A merge queue wants to know whether it may merge this commit: pull requests on top of their base. */
  | {
      readonly kind: 'merge_group_requested'
      readonly repository: RepositoryRef
      readonly headSha: Sha
    }
  /** A repository got another name, owner, visibility or default branch; the reference shows it as it is now. */
  | {
      readonly kind: 'repository_changed'
      readonly repository: RepositoryRef
      readonly action: string
      readonly sender: Person
    }
  /** The App may not work in these repositories any more: it was taken off, or suspended. */
  | {
      readonly kind: 'access_lost'
      readonly repositoryId: number
      readonly because: AccessLoss
      /** A transfer takes it off one installation before another has it, so a removal is looked at a second time. */
      readonly isSecondLook?: true
    }

/** Where the App is installed changed; which repositories that concerns is looked up when it is routed. */
export interface InstallationEvent {
  readonly kind: 'installation_changed'
  readonly installationId: number
  readonly action: string
  /** The repositories that were taken off it, when the event names them. */
  readonly removedRepositoryIds: readonly number[]
  /** The repositories it has now, or has in addition, when the event names them. */
  readonly addedRepositoryIds: readonly number[]
}

export type AppEvent = LaneEvent | HintEvent | InstallationEvent

/** What the runner tells the control process; it enters the lane like any other event. */
export type RunnerReport = AttemptReport | WorkspaceReport
