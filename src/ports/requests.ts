// Requests from outside GitHub that change a pipeline, and what is said of each. The lane does them; whoever asked waits
// for the end that is written into the audit log.

import type { PlanFault } from '../domain/contract/plan.ts'
import type { AnswerChannel, RunStatus } from '../domain/records.ts'

/** Who asks, and through what. */
export interface Requester {
  readonly actor: string
  readonly via: AnswerChannel
  /** What the caller calls this one request: the same again is the same request, also after a crash. */
  readonly requestKey?: string
}

/** Why a request can not be done now, whatever it is. */
export type RequestRefusal =
  | { readonly kind: 'pipeline_not_found' }
  /** The session ended, or the pipeline is not its newest one. */
  | { readonly kind: 'session_terminated'; readonly session: string }
  | { readonly kind: 'decision_pending'; readonly decision: string; readonly context: string }
  | { readonly kind: 'attempt_running'; readonly attempt: string; readonly phase: string }
  /** GitHub is about to merge the pull request. */
  | { readonly kind: 'merging' }
  /** The lane has not come to it yet; it will be done. */
  | { readonly kind: 'queued' }

export type PopulateReply =
  | RequestRefusal
  | { readonly kind: 'populated'; readonly phase: string; readonly tasks: number; readonly changed: boolean }
  /** The sync before it reset the worktree, or could not even do that; the question is open, from now or before. */
  | {
      readonly kind: 'recovery_unacked'
      readonly hardResetPerformed: boolean
      readonly decision: string
      /** The ref that holds what was discarded; null when nothing was pinned. */
      readonly backupRef: string | null
      readonly discarded: readonly string[]
      /** An earlier request opened it. */
      readonly alreadyPending: boolean
    }
  | { readonly kind: 'no_contract_phase' }
  | { readonly kind: 'draft_missing'; readonly path: string }
  | { readonly kind: 'parse_failed'; readonly path: string; readonly faults: readonly PlanFault[] }
  | { readonly kind: 'empty_result'; readonly path: string }

export type RestartReply =
  | RequestRefusal
  | { readonly kind: 'restarted'; readonly phase: string; readonly runEpoch: number }
  | { readonly kind: 'phase_not_found'; readonly known: readonly string[] }
  | { readonly kind: 'not_restartable'; readonly status: RunStatus }

export type CancelReply =
  | { readonly kind: 'cancelled'; readonly decision: string }
  | { readonly kind: 'queued' }
  | { readonly kind: 'pipeline_not_found' }
  | { readonly kind: 'decision_not_found' }
  | { readonly kind: 'already_resolved'; readonly answer: string; readonly by: string }
  | { readonly kind: 'superseded'; readonly reason: string; readonly successor: string | null }

/** What the REST interface can ask of pipelines. Each resolves when it is done, or after a while with `queued`. */
export interface PipelineRequests {
  populate(request: Requester & { readonly pipelineId: string }): Promise<PopulateReply>
  /** `phase` null is the one the pipeline stands at. */
  restart(
    request: Requester & { readonly pipelineId: string; readonly phase: string | null },
  ): Promise<RestartReply>
  cancelDecision(
    request: Requester & { readonly pipelineId: string; readonly decisionId: string },
  ): Promise<CancelReply>
}
