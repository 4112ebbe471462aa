// The state machines of pipelines, phases and attempts as tables: for every state and every event what follows. The one
// place that says what a status may become; docs/pipelines.md is generated from it.

import type { AttemptStatus, RunStatus } from '../records.ts'

/** What can happen to a pipeline. */
export type PipelineEvent =
  /** Repositories and worktree are there. */
  | 'prepared'
  /** They could not be made, or something broke inside Belay again and again. */
  | 'gave_up'
  /** A question was opened whose row in the decision table says `failed`. */
  | 'asked_failed'
  /** A question was opened whose row says `awaiting_human`. */
  | 'asked_paused'
  /** An answer lets it go on, under a new run epoch. */
  | 'resumed'
  /** An answer, the operator or the end of the waiting time cancels it. */
  | 'aborted'
  /** The last phase is complete. */
  | 'completed'
  /** A person wants a phase again, and no question is open and no attempt runs. */
  | 'restarted'
  /** The session ended while the pipeline was not terminal. */
  | 'session_ended'

/** What can happen to a phase. */
export type PhaseEvent =
  /** An attempt of its producer was opened. */
  | 'started'
  | 'gave_up'
  | 'asked_failed'
  | 'asked_paused'
  | 'resumed'
  | 'aborted'
  /** Synced, reviewed, pushed, and its contract read where it makes one. */
  | 'completed'
  /** A person wants this phase again. */
  | 'restarted'
  /** A person wants an earlier phase again. */
  | 'rewound'
  | 'session_ended'

/** What can happen to an attempt. */
export type AttemptEvent =
  /** The runner has started the process. */
  | 'spawned'
  /** Exit 0. */
  | 'succeeded'
  /** Another exit, a signal, the time limit, the silence limit, no readable verdict. */
  | 'failed'
  /** Belay or its operator ended it. */
  | 'stopped'
  /** Nobody saw its end. */
  | 'lost'

/**
 * What follows from an event: the next status, or one of two words.
 *
 * `ignored`: it comes late or twice and changes nothing. `refused`: whoever wants it is told why not.
 */
export type Outcome<S extends string> = S | 'ignored' | 'refused'

type Table<S extends string, E extends string> = Readonly<Record<S, Readonly<Record<E, Outcome<S>>>>>

const PIPELINE_ENDED = {
  prepared: 'ignored',
  gave_up: 'ignored',
  asked_failed: 'ignored',
  asked_paused: 'ignored',
  resumed: 'ignored',
  aborted: 'ignored',
  completed: 'ignored',
  session_ended: 'ignored',
} as const

/** Every state of a pipeline with every event. A terminal one that failed is told apart by the caller, who sends it no `session_ended`. */
export const PIPELINE_TRANSITIONS: Table<RunStatus, PipelineEvent> = {
  pending: {
    ...PIPELINE_ENDED,
    prepared: 'running',
    gave_up: 'failed',
    restarted: 'refused',
    session_ended: 'cancelled',
  },
  running: {
    ...PIPELINE_ENDED,
    gave_up: 'failed',
    asked_failed: 'failed',
    asked_paused: 'awaiting_human',
    completed: 'complete',
    restarted: 'running',
    session_ended: 'cancelled',
  },
  awaiting_human: {
    ...PIPELINE_ENDED,
    resumed: 'running',
    aborted: 'cancelled',
    restarted: 'refused',
    session_ended: 'cancelled',
  },
  failed: {
    ...PIPELINE_ENDED,
    resumed: 'running',
    aborted: 'cancelled',
    restarted: 'running',
    session_ended: 'cancelled',
  },
  complete: { ...PIPELINE_ENDED, restarted: 'refused' },
  cancelled: { ...PIPELINE_ENDED, restarted: 'running' },
}

const PHASE_STILL = {
  started: 'ignored',
  gave_up: 'ignored',
  asked_failed: 'ignored',
  asked_paused: 'ignored',
  resumed: 'ignored',
  aborted: 'ignored',
  completed: 'ignored',
  session_ended: 'ignored',
} as const

/** Every state of a phase with every event. */
export const PHASE_TRANSITIONS: Table<RunStatus, PhaseEvent> = {
  pending: {
    ...PHASE_STILL,
    started: 'running',
    gave_up: 'failed',
    asked_failed: 'failed',
    asked_paused: 'awaiting_human',
    restarted: 'running',
    rewound: 'pending',
    session_ended: 'cancelled',
  },
  running: {
    ...PHASE_STILL,
    started: 'running',
    gave_up: 'failed',
    asked_failed: 'failed',
    asked_paused: 'awaiting_human',
    completed: 'complete',
    restarted: 'running',
    rewound: 'pending',
    session_ended: 'cancelled',
  },
  awaiting_human: {
    ...PHASE_STILL,
    resumed: 'running',
    aborted: 'cancelled',
    restarted: 'refused',
    rewound: 'refused',
    session_ended: 'cancelled',
  },
  failed: {
    ...PHASE_STILL,
    resumed: 'running',
    aborted: 'cancelled',
    restarted: 'running',
    rewound: 'pending',
    session_ended: 'cancelled',
  },
  complete: { ...PHASE_STILL, restarted: 'running', rewound: 'pending' },
  cancelled: { ...PHASE_STILL, restarted: 'running', rewound: 'pending' },
}

const ATTEMPT_ENDED = {
  spawned: 'ignored',
  succeeded: 'ignored',
  failed: 'ignored',
  stopped: 'ignored',
  lost: 'ignored',
} as const

const ATTEMPT_ENDS = { succeeded: 'succeeded', failed: 'failed', stopped: 'stopped', lost: 'lost' } as const

/** Every state of an attempt with every event. */
export const ATTEMPT_TRANSITIONS: Table<AttemptStatus, AttemptEvent> = {
  starting: { ...ATTEMPT_ENDS, spawned: 'running' },
  running: { ...ATTEMPT_ENDS, spawned: 'ignored' },
  succeeded: ATTEMPT_ENDED,
  failed: ATTEMPT_ENDED,
  stopped: ATTEMPT_ENDED,
  lost: ATTEMPT_ENDED,
}
