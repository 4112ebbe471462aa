// What is known of an agent's process from the outside: how it ended and what the runner reports. No processes here.

import type { DoorRequest } from './door.ts'

/** How an agent's process ended. */
export type AgentExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed_out'; readonly afterMs: number }
  /** Nothing was seen of it for the silence limit: no output, no work of its processes, no change in its worktree. */
  | { readonly kind: 'silent'; readonly afterMs: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'spawn_failed'; readonly reason: string }
  /** The runner or its machine went away; nobody saw the exit. */
  | { readonly kind: 'lost' }

/** Tells whether the attempt counts as well done: exit 0 and nothing else. */
export function isSuccess(exit: AgentExit): boolean {
  return exit.kind === 'exited' && exit.code === 0
}

/** Reports about one attempt; ignored when the epoch is not the pipeline's current one. */
export type AttemptReport =
  | {
      readonly kind: 'attempt_heartbeat'
      readonly sessionId: string
      readonly attemptId: string
      readonly runEpoch: number
      /** When it last did something that could be seen, in milliseconds since 1970. */
      readonly activeAt: number
    }
  | {
      readonly kind: 'attempt_ended'
      readonly sessionId: string
      readonly attemptId: string
      readonly runEpoch: number
      readonly exit: AgentExit
      /** What a reviewer wrote to its verdict file; null for nothing readable, and for a producer. */
      readonly verdict: string | null
    }
  | DoorRequestReport

/** The agent asked for something through its door; the agent is told so only after this was stored. */
export interface DoorRequestReport {
  readonly kind: 'door_request'
  readonly sessionId: string
  readonly attemptId: string
  readonly runEpoch: number
  /** The same within an attempt for the same request. */
  readonly requestId: string
  readonly request: DoorRequest
}

/** The result of making mirror, session repository and worktree ready. */
export type WorkspaceReport =
  | { readonly kind: 'workspace_prepared'; readonly sessionId: string; readonly pipelineId: string }
  | {
      readonly kind: 'workspace_failed'
      readonly sessionId: string
      readonly pipelineId: string
      /** An error code of the catalogue. */
      readonly code: string
      readonly reason: string
    }
