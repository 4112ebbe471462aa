// What is said about a pin: its names, and whether it also lies on the remote.

import type { RefName, Sha } from '../ids.ts'

/**
 * `not_wanted`: only pins that a reset follows go to the remote; `disabled`: one of those that the configuration, or a
 * person for once, keeps here; `expired`: it was pushed, and deleted from the remote long after its
 * question was closed; the local pin stays.
 */
export type PinPushState = 'not_tried' | 'not_wanted' | 'pushed' | 'refused' | 'disabled' | 'expired'

/** One pin as a question names it. */
export interface PinNote {
  readonly prefix: RefName
  readonly head: Sha
  readonly push: PinPushState
  /** The push result's name when it was refused. */
  readonly pushRefusal: string | null
  /** The push result's name for its files; null when only the head was to be pushed. */
  readonly files: string | null
  /** The branch of the remote that holds the head, where its own name was refused or somebody rescued it; null for none. */
  readonly branch: string | null
  /** Paths whose uncommitted bytes are in the pin, at most 20. */
  readonly dirtyPaths: readonly string[]
}

/** Returns the prefix all refs of one pin share; leaves are `head`, `index` and `worktree`. */
export function pinPrefix(pin: {
  readonly sessionId: string
  readonly unixNs: bigint
  readonly random: string
}): RefName {
  return `refs/belay/backup/${pin.sessionId}/${pin.unixNs}-${pin.random}` as RefName
}

/** Returns the id of a pin: the last part of its prefix. */
export function pinId(prefix: RefName): string {
  return prefix.slice(prefix.lastIndexOf('/') + 1)
}

/** Returns the full name of one ref of a pin. */
export function pinRef(prefix: RefName, leaf: 'head' | 'index' | 'worktree'): RefName {
  return `${prefix}/${leaf}` as RefName
}
