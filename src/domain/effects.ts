// Effects on GitHub as data. A workflow stores them; the outbox sends them, in order per target.

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

/** Returns the key that makes an effect unique: the target itself when mutable, target and content for a reaction. */
export function effectKey(effect: Effect): string {
  return effect.kind === 'reaction' ? `${effect.target}:${effect.content}` : effect.target
}
