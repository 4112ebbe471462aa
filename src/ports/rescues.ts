// How a rescue that nobody asked for in a comment is handed in, and what can become of it. Knows no HTTP and no table.

import type { RescueContent } from '../domain/changes.ts'
import type { PushRefusal } from '../domain/text/push-result-text.ts'

/** A rescue as somebody asked for it. */
export interface SubmittedRescue {
  readonly backupId: string
  readonly content: RescueContent
  /** The branch that was asked for; null takes the next free name. */
  readonly branch: string | null
  /** The name of the API token. */
  readonly actor: string
  readonly via: 'rest' | 'cli'
}

export type RescueReply =
  | {
      readonly kind: 'rescued'
      readonly branch: string
      /** Null when the branch was made earlier and somebody moved it since. */
      readonly head: string | null
      readonly compareUrl: string
      /** Paths that were kept back, because they look like secrets or are too large. */
      readonly leftOut: readonly string[]
    }
  /** Stored, and done as soon as the lane is free. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'backup_not_found' }
  | { readonly kind: 'nothing_dirty'; readonly leftOut: readonly string[] }
  | { readonly kind: 'pin_damaged'; readonly detail: string }
  | {
      readonly kind: 'refused'
      readonly branch: string
      readonly refusal: PushRefusal
      readonly detail: string
    }

/** Takes a rescue in; throws only when the world is broken. */
export type SubmitRescue = (submitted: SubmittedRescue) => Promise<RescueReply>
