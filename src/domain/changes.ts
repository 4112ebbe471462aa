// What one transaction writes, as data: state, change log, jobs and effects together. The store turns it into SQL.

import type { Effect } from './effects.ts'
import type { ParsedCommand } from './command/parsed-command.ts'
import type { LaneEvent, RepositoryRef, RunnerReport } from './events.ts'
import type { Guard } from './guard.ts'
import type { Sha } from './ids.ts'
import type { LifecycleType } from './lifecycle.ts'
import type { MirroredRecords, MirroredTable } from './mirror/records.ts'
import type { AnswerChannel, Records, SyncTrigger, TableName } from './records.ts'
import type { DoorRequestReport } from './session/attempt.ts'
import type { SyncChoice } from './sync/policy.ts'

/** Where a command came from: what gets the reactions, and whose consent it carries. */
export interface CommandSource {
  /** `commandIdentity`; the row in `commands`. */
  readonly commandId: string
  readonly commentNodeId: string
  readonly commentUrl: string
  readonly actor: string
  /** A comment that was ever edited never gives consent. */
  readonly wasEdited: boolean
}

/** What of a pin is rescued: the commits, or the uncommitted work on top of them as well. */
export type RescueContent = 'commits' | 'dirty'

/** Who asked for something from outside the lane, and where its end is written down for those who wait. */
export interface Asked {
  readonly actor: string
  readonly via: AnswerChannel
  /** The row of the audit log that will say how it ended. */
  readonly auditId: string
  readonly source: CommandSource | null
}

/** The work a lane does; every kind has one handler. */
export type Job =
  | { readonly kind: 'handle_event'; readonly event: LaneEvent }
  | { readonly kind: 'handle_report'; readonly report: RunnerReport }
  /** Does what an agent asked for through its door. */
  | { readonly kind: 'door_request'; readonly report: DoorRequestReport }
  | {
      readonly kind: 'run_command'
      readonly repository: RepositoryRef
      readonly number: number
      readonly onIssue: boolean
      readonly parsed: ParsedCommand
      readonly source: CommandSource
    }
  | { readonly kind: 'prepare_workspace'; readonly pipelineId: string }
  | {
      readonly kind: 'start_phase'
      readonly pipelineId: string
      readonly runEpoch: number
      /** What a person chose for the sync it begins with. */
      readonly choice?: SyncChoice
    }
  | {
      readonly kind: 'finish_attempt'
      readonly attemptId: string
      readonly runEpoch: number
      readonly choice?: SyncChoice
    }
  /** Starts the attempt of one reviewer of a proposal. */
  | { readonly kind: 'start_review'; readonly proposalId: string; readonly reviewer: string }
  /** Takes in how the attempt of a reviewer ended. */
  | { readonly kind: 'finish_review'; readonly attemptId: string; readonly verdict: string | null }
  /** Syncs, pushes, reads the plan if there is to be one, and goes on to the next phase. */
  | {
      readonly kind: 'conclude_phase'
      readonly pipelineId: string
      readonly runEpoch: number
      readonly choice?: SyncChoice
    }
  /** Reads the plan of a pipeline again because somebody asked for it. */
  | ({ readonly kind: 'populate_contract'; readonly pipelineId: string } & Asked)
  /** Runs a phase again because somebody asked for it; `phase` null is the one the pipeline stands at. */
  | ({ readonly kind: 'restart_phase'; readonly pipelineId: string; readonly phase: string | null } & Asked)
  /** Withdraws a question without an answer, and cancels what it held up. */
  | ({ readonly kind: 'cancel_decision'; readonly projectId: string; readonly decisionId: string } & Asked)
  /** Reminds of an open question, or takes it as expired. */
  | {
      readonly kind: 'attend_decision'
      readonly projectId: string
      readonly decisionId: string
      readonly duty: 'remind' | 'expire'
    }
  /** Looks for what is wrong with the agents of a pipeline. */
  | { readonly kind: 'oversee'; readonly overseerId: string }
  | {
      readonly kind: 'sync_session'
      readonly sessionId: string
      readonly trigger: SyncTrigger
      readonly source: CommandSource | null
      readonly choice?: SyncChoice
      /** Where the remote branch was seen when the job was made. */
      readonly knownHead?: Sha
    }
  | { readonly kind: 'announce_failure'; readonly projectId: string; readonly decisionId: string }
  | {
      readonly kind: 'answer_decision'
      readonly projectId: string
      readonly decisionId: string
      /** As it arrived: an option id, a label, or the envelope; normalised in one place. */
      readonly answer: unknown
      readonly actor: string
      readonly via: AnswerChannel
      readonly source: CommandSource | null
    }
  | {
      readonly kind: 'act_on_answer'
      readonly projectId: string
      readonly decisionId: string
      readonly source: CommandSource | null
    }
  | {
      readonly kind: 'rescue_commits'
      readonly projectId: string
      readonly decisionId: string
      readonly source: CommandSource | null
    }
  | {
      readonly kind: 'rescue_backup'
      readonly sessionId: string
      readonly backupId: string
      readonly content: RescueContent
      /** The branch that was asked for; null takes the next free name. */
      readonly branch: string | null
      readonly actor: string
      readonly via: AnswerChannel
      /** The row of the audit log that will say how it ended. */
      readonly auditId: string
      readonly source: CommandSource | null
      /** The start of a process that waits for it: any other one withdraws the rescue. Absent: whoever has the lane. */
      readonly onlyBoot?: string
    }
  /** Deletes the pushed copy of a pin whose time is over. */
  | { readonly kind: 'expire_backup'; readonly sessionId: string; readonly backupId: string }
  /** Reads a pull request from GitHub and stores what is new. */
  | {
      readonly kind: 'reconcile'
      readonly projectId: string
      readonly number: number
      /** What asked for it; reads that a webhook caused go before those of a sweep. */
      readonly cause: 'webhook' | 'sweep'
      /** What the light look showed that asked for this read. */
      readonly fingerprint?: string
      /** How often GitHub showed an older state than is stored already. */
      readonly staleReads?: number
      /** How often GitHub gave no answer in a row. */
      readonly failedReads?: number
      /** How often it was asked whether the pull request can be merged, while GitHub had not computed it. */
      readonly asked?: number
    }
  /** Looks at the mirror for what the agent should be told. */
  | { readonly kind: 'collect_news'; readonly projectId: string; readonly number: number }
  /** Tells the agent what waits, when it is free. */
  | { readonly kind: 'respond'; readonly sessionId: string }
  | { readonly kind: 'recover_session'; readonly sessionId: string }
  /** Pins what an ended session still holds, and frees its workspace when its pull request is over. */
  | { readonly kind: 'free_session'; readonly sessionId: string }
  | { readonly kind: 'refresh_status'; readonly sessionId: string }

type InsertOf<T extends TableName> = { readonly kind: 'insert'; readonly table: T; readonly row: Records[T] }
type UpsertOf<T extends TableName> = { readonly kind: 'upsert'; readonly table: T; readonly row: Records[T] }
type UpdateOf<T extends TableName> = {
  readonly kind: 'update'
  readonly table: T
  /** Equality on every named column; must name the primary key. */
  readonly where: Partial<Records[T]>
  readonly set: Partial<Records[T]>
  /** When present the row must match it too, or the whole transaction is refused. */
  readonly expect?: Partial<Records[T]>
}

/** What a read of a list on GitHub changes in its copy: one statement for each half. */
type StoreSetOf<T extends MirroredTable> = {
  readonly kind: 'store_set'
  readonly table: T
  readonly projectId: string
  readonly prNumber: number
  /** New and changed rows; one that was observed earlier than the stored one is left out. */
  readonly upserts: readonly MirroredRecords[T][]
  /** Ids of rows that are not on GitHub any more. */
  readonly deletes: readonly string[]
}

export type Change =
  | { readonly [T in TableName]: InsertOf<T> | UpsertOf<T> | UpdateOf<T> }[TableName]
  | { readonly [T in MirroredTable]: StoreSetOf<T> }[MirroredTable]
  | { readonly kind: 'require'; readonly guard: Guard }
  | {
      readonly kind: 'enqueue'
      readonly lane: string
      readonly idem: string
      readonly job: Job
      readonly runAt: number
    }
  /**
   * Enqueues a job, or puts off the same one in the lane that is not due yet: a burst becomes one job.
   *
   * The job waits until nothing came for `quietMs`, at most `ceilingMs` after the first.
   */
  | {
      readonly kind: 'enqueue_quiet'
      readonly lane: string
      readonly idem: string
      readonly job: Job
      readonly quietMs: number
      readonly ceilingMs: number
    }
  | { readonly kind: 'put_effect'; readonly effect: Effect }
  | {
      readonly kind: 'log'
      readonly type: LifecycleType
      readonly projectId: string
      readonly prNumber: number | null
      readonly sessionId: string | null
      readonly payload: Readonly<Record<string, unknown>>
      /** A second row with the same key is not written: (pipeline, run epoch, type). */
      readonly once: string | null
    }

/** Inserts a row; a row with the same primary key already there refuses the transaction. */
export function insert<T extends TableName>(table: T, row: Records[T]): Change {
  return { kind: 'insert', table, row } as Change
}

/** Inserts a row or replaces the one with the same primary key. An unchanged row writes nothing. */
export function upsert<T extends TableName>(table: T, row: Records[T]): Change {
  return { kind: 'upsert', table, row } as Change
}

/** Changes the named columns of the rows that match `where`; with `expect`, refuses the transaction on a mismatch. */
export function update<T extends TableName>(
  table: T,
  patch: {
    readonly where: Partial<Records[T]>
    readonly set: Partial<Records[T]>
    readonly expect?: Partial<Records[T]>
  },
): Change {
  return { kind: 'update', table, ...patch } as Change
}

/** Refuses the transaction unless the guard holds inside it. */
export function demand(guard: Guard): Change {
  return { kind: 'require', guard }
}
