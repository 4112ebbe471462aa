// The acts and configurations that stories are made of, each with a name.

import type { Act } from './act.ts'
import type { PhaseKind, Setup } from './setup.ts'

export const RUN: Act = { do: 'run', by: 'alice' }
export const WELL: Act = { do: 'well' }
export const REST: Act = { do: 'rest' }
export const ENDS_WELL: Act = { do: 'end', exit: { kind: 'exited', code: 0 }, at: 0 }
export const FAILS: Act = { do: 'end', exit: { kind: 'exited', code: 1 }, at: 0 }
export const REFUSES: Act = { do: 'verdict', verdict: 'nack', at: 0 }
export const ACCEPTS: Act = { do: 'verdict', verdict: 'ack', at: 0 }
export const OWN: Act = { do: 'work', what: 'own_commit', at: 0 }
export const SHARED: Act = { do: 'work', what: 'shared_commit', at: 0 }
export const PLANS: Act = { do: 'work', what: 'plan', at: 0 }
export const CONFLICTS: Act = { do: 'push', what: 'conflicting', delivery: 'once' }
export const DELETES: Act = { do: 'push', what: 'delete', delivery: 'once' }
export const RETRY: Act = { do: 'retry', via: 'rest', phase: null }
export const FROM_FIRST: Act = { do: 'retry', via: 'rest', phase: 0 }
export const RED: Act = { do: 'checks', are: 'red' }
export const BROKEN_GIT: Act = { do: 'fault', set: { inspect: true } }
export const SLOW_CLONE: Act = { do: 'fault', set: { workspace: 'slow' } }
export const STOP: Act = { do: 'stop', by: 'alice' }
export const A_MINUTE: Act = { do: 'wait', ms: 60_000 }

/** Returns a configuration; what is not said is the simplest. */
export function setup(phases: readonly PhaseKind[], more: Partial<Setup> = {}): Setup {
  return { phases, onConflict: 'reset', restarts: 0, expires: false, ...more }
}

export const WORK = setup(['work'])
export const PAUSING = setup(['work'], { onConflict: 'pause' })
export const REVIEWED = setup(['reviewed'])
export const PLANNED = setup(['plan', 'work'])
export const THREE = setup(['work', 'work', 'work'], { restarts: 1 })
