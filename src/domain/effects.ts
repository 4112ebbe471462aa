// Effects on GitHub as data. A workflow stores them; the outbox sends them, in order per target.

import { assertNever } from './assert-never.ts'
import type { Sha } from './ids.ts'

/** The repository an effect goes to, as the App addresses it. */
export interface RepositoryTarget {
  readonly installationId: number
  readonly owner: string
  readonly name: string
}

export interface CheckRunButton {
  /** At most 20 characters. */
  readonly label: string
  /** At most 40 characters. */
  readonly description: string
  /** The option id, at most 20 characters. */
  readonly identifier: string
}

export type CheckRunState =
  | { readonly status: 'queued' | 'in_progress' }
  | {
      readonly status: 'completed'
      readonly conclusion: 'success' | 'failure' | 'neutral' | 'cancelled' | 'action_required'
    }

export type Effect =
  /** A comment of ours. Mutable: storing it again under the same target edits it; only the newest version is sent. */
  | {
      readonly kind: 'comment'
      /** `status:<session>`, `question:<decision>` or `reply:<command>`. */
      readonly target: string
      readonly repository: RepositoryTarget
      readonly issueNumber: number
      /** Markdown without the hidden marker; the outbox signs and appends it. */
      readonly body: string
    }
  /** One check run. Mutable until completed; the App never reopens one. */
  | {
      readonly kind: 'check_run'
      /** `check:<project>#<pr>:<sha>:<generation>`. */
      readonly target: string
      readonly repository: RepositoryTarget
      readonly headSha: Sha
      readonly externalId: string
      readonly state: CheckRunState
      readonly title: string
      readonly summary: string
      readonly buttons: readonly CheckRunButton[]
    }
  /** A reaction; two reactions on one subject keep their order. */
  | {
      readonly kind: 'reaction'
      /** `reaction:<subject node id>`. */
      readonly target: string
      readonly repository: RepositoryTarget
      readonly subjectNodeId: string
      readonly content: 'eyes' | 'rocket' | 'confused'
    }
  /** A reply in a review thread; written once and never edited. */
  | {
      readonly kind: 'thread_reply'
      /** `thread:<thread node id>`, so that replies to a thread and its resolving keep their order. */
      readonly target: string
      readonly repository: RepositoryTarget
      readonly prNumber: number
      readonly threadId: string
      /** `<attempt>:<text id>`; another reply in the same thread has another one. */
      readonly replyId: string
      /** Markdown without the hidden marker; the outbox signs and appends it. */
      readonly body: string
    }
  /** Marks a review thread as resolved. */
  | {
      readonly kind: 'resolve_thread'
      /** `thread:<thread node id>`. */
      readonly target: string
      readonly repository: RepositoryTarget
      readonly prNumber: number
      readonly threadId: string
      /** Who asked: a thread that was reopened since is resolved again for somebody else. */
      readonly attemptId: string
    }

/** Returns the key that makes an effect unique: the target itself when mutable, target and what is done otherwise. */
export function effectKey(effect: Effect): string {
  switch (effect.kind) {
    case 'comment':
    case 'check_run':
      return effect.target
    case 'reaction':
      return `${effect.target}:${effect.content}`
    case 'thread_reply':
      return `${effect.target}:reply:${effect.replyId}`
    case 'resolve_thread':
      return `${effect.target}:resolve:${effect.attemptId}`
    default:
      return assertNever(effect)
  }
}

/** Returns the target of everything that is done to a review thread. */
export function threadTarget(threadId: string): string {
  return `thread:${threadId}`
}
