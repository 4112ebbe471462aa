// What goes wrong on the machine and at the host, as switches. Every one of them is a thing that happens to real git.

import type { PushResult } from '../../../src/domain/sync/step.ts'

/** How the outside behaves; `null` and `false` are well. */
export interface Faults {
  /** The host does not answer a fetch. */
  fetch: 'network' | 'auth' | null
  /** What the host says to a push of the branch, in place of taking it. */
  push: Exclude<PushResult, 'pushed'> | null
  /** What the host says to a push of a pin. */
  pinPush: Exclude<PushResult, 'pushed'> | null
  /** A pin can not be written. */
  pin: boolean
  /** A reset stops with an error of git. */
  reset: boolean
  /** The agent's program can not be started. */
  spawn: boolean
  /** The workspace can not be made, or the first clone takes for ever. */
  workspace: 'failed' | 'slow' | null
  /** Git itself is broken: whatever looks at a worktree fails. */
  inspect: boolean
}

/** A world in which everything is well. */
export function noFaults(): Faults {
  return {
    fetch: null,
    push: null,
    pinPush: null,
    pin: false,
    reset: false,
    spawn: false,
    workspace: null,
    inspect: false,
  }
}
