// The one boundary to the machine that runs code of a pull request. Orders carry everything: a runner has no database
// and no App credentials. The embedded runner is a direct call; later transports carry the same messages.

import type { BranchName, RefName, Sha } from '../domain/ids.ts'
import type { RunnerReport } from '../domain/events.ts'
import type { AttemptRole } from '../domain/pipeline/records.ts'
import type { DoorTask, DoorThread } from '../domain/session/door.ts'
import type { RangeFacts, RemoteFact, WorktreeFacts } from '../domain/sync/facts.ts'
import type { StepOutcome, SyncStep } from '../domain/sync/step.ts'

/** Which worktree an order is about. Paths are the runner's own business. */
export interface WorkspaceRef {
  readonly projectId: string
  readonly sessionId: string
  readonly branch: BranchName
  readonly baseRef: string
  readonly repository: {
    readonly installationId: number
    readonly repositoryId: number
    readonly owner: string
    readonly name: string
  }
}

/** Who commits in the session repository: the App's bot. */
export interface GitIdentity {
  readonly name: string
  readonly email: string
}

export interface PrepareOrder {
  readonly workspace: WorkspaceRef
  readonly pipelineId: string
  readonly identity: GitIdentity
  /** The branch must be at this commit or after it on the remote. */
  readonly head: Sha
  readonly fence: number
}

export interface InspectOrder {
  readonly workspace: WorkspaceRef
  readonly lastSynced: Sha | null
  /** Where the caller knows the remote branch to be; nothing is fetched when the mirror has it there already. */
  readonly knownHead?: Sha | null
  /**
   * Look also for what a move would write over. A quick look leaves that to git, which refuses by itself; it looks closer
   * all the same when tracked files are changed.
   */
  readonly isThorough?: boolean
  /**
   * Look for everything that would be gone with the workspace: a thorough look, and every commit of the session
   * repository that the mirror would not keep is among `otherCommits`.
   */
  readonly isLast?: boolean
}

/** The remote alone, while the worktree belongs to an agent. */
export interface RemoteSight {
  readonly remote: RemoteFact
  /** Whether the last synced commit is still in the remote branch; null when either is unknown. */
  readonly containsLastSynced: boolean | null
}

export interface ExecuteOrder {
  readonly workspace: WorkspaceRef
  readonly plan: readonly SyncStep[]
  readonly identity: GitIdentity
  readonly fence: number
}

export interface StepResult {
  readonly position: number
  readonly step: SyncStep
  readonly outcome: StepOutcome
}

export interface AttemptOrder {
  readonly workspace: WorkspaceRef
  readonly attemptId: string
  readonly agent: string
  readonly phase: string
  readonly role: AttemptRole
  /** Where it works: the session's worktree, or one of its own, detached at a commit, that goes when it ends. */
  readonly place: { readonly kind: 'worktree' } | { readonly kind: 'detached'; readonly commit: Sha }
  readonly prNumber: number
  readonly prompt: string
  readonly runEpoch: number
  readonly timeoutMs: number
  /** How long nothing may be seen of an agent that streams its output. */
  readonly silenceMs: number
  readonly fence: number
  /** The review threads that were delivered: the agent may answer them through its door, and none without them. */
  readonly threads?: readonly DoorThread[]
  /** The tasks it may mark. */
  readonly tasks?: readonly DoorTask[]
}

export type AgentCheck =
  | { readonly kind: 'found'; readonly agent: string }
  | { readonly kind: 'unknown_agent'; readonly agent: string; readonly known: readonly string[] }
  | { readonly kind: 'binary_not_found'; readonly agent: string; readonly binary: string }
  /** BELAY_ISOLATION is unset or names something this version does not have. */
  | { readonly kind: 'isolation_refused'; readonly reason: 'unset' | 'not_available_yet' }

/** What came of the order to remove a workspace. */
export type ReleaseOutcome =
  | { readonly kind: 'released' }
  /** Nothing was removed. */
  | {
      readonly kind: 'refused'
      /** `not_saved`: it holds commits that the mirror does not keep, or another worktree. */
      readonly because: 'process_alive' | 'not_saved'
      readonly detail: string
    }

export interface PinnedRef {
  readonly ref: RefName
  readonly sha: Sha
}

export interface Runner {
  /** Says whether an agent could start here and now; `agent` null means the operator's first one. */
  checkAgent(agent: string | null): Promise<AgentCheck>
  /** Starts making mirror, session repository and worktree; returns at once, reports `workspace_prepared` or `workspace_failed`. Repeating it is harmless. */
  prepare(order: PrepareOrder): Promise<void>
  /** Fetches head and base into the mirror and looks at no file of the worktree. */
  observeRemote(order: InspectOrder): Promise<RemoteSight>
  /** Fetches head and base and looks at everything; changes nothing in the worktree. */
  inspect(order: InspectOrder): Promise<WorktreeFacts>
  /**
   * Runs the steps one by one; a step does not start before the result of the one before was taken.
   *
   * Ends after the first outcome that forbids going on. Throws `FENCE_TOO_OLD` when a newer fence was seen.
   */
  execute(order: ExecuteOrder): AsyncIterable<StepResult>
  /**
   * Starts the agent's process and returns its process id; heartbeats, requests made through the agent's door and the
   * end come as reports, the end last.
   *
   * An attempt in the session's worktree ends first what older attempts of the session left running, and every attempt
   * in a worktree of its own, which is reported as `stopped`; throws `WORKSPACE_INVALID` while another attempt of this
   * runner has the session's worktree. Attempts in worktrees of their own run beside each other, and are refused so
   * beside one in the session's; one whose worktree can not be made is reported as `spawn_failed`. Throws
   * `FENCE_TOO_OLD`. The end is reported when what the agent left running was ended and its own worktree is gone.
   */
  startAttempt(order: AttemptOrder): Promise<{ readonly pid: number | null }>
  /** Ends the process group (TERM, then KILL); the end is reported as `stopped`. Unknown ids are fine. */
  stopAttempt(order: { readonly sessionId: string; readonly attemptId: string }): Promise<void>
  /**
   * Ends a process group that an earlier incarnation started and nobody watches any more; never a stranger's that got
   * the same id. `watched` means this runner started it itself and will report its end: nothing was done.
   */
  reapAttempt(order: {
    readonly sessionId: string
    readonly attemptId: string
  }): Promise<{ readonly kind: 'reaped' | 'gone' | 'watched' }>
  /**
   * Removes worktree, session repository and the agent's home; mirror, pins, logs and the fence stay.
   *
   * Only for a workspace whose files were saved: of those it asks nothing, while commits are looked for once more. What
   * a killed release left is finished. Throws `FENCE_TOO_OLD`.
   */
  release(order: { readonly workspace: WorkspaceRef; readonly fence: number }): Promise<ReleaseOutcome>
  /**
   * Says what lies between two commits that the session repository or the mirror has; `from` is an ancestor of `to`.
   *
   * Throws `GIT_FAILED` for an unknown commit and for more than 1,000 commits.
   */
  describeRange(order: {
    readonly workspace: WorkspaceRef
    readonly from: Sha
    readonly to: Sha
  }): Promise<RangeFacts>
  /** Returns a file of the worktree as text, or null when there is none; never follows a link out of it. */
  readFile(order: {
    readonly workspace: WorkspaceRef
    readonly path: string
    readonly maxBytes: number
  }): Promise<string | null>
  /** Lists the refs of pins in the project's mirror. */
  listPins(workspace: WorkspaceRef): Promise<readonly PinnedRef[]>
  /** Calls the listener for every report; the listener stores it durably before it returns. */
  onReport(listener: (report: RunnerReport) => Promise<void>): void
  /** Stops taking orders and ends every attempt it started. */
  close(): Promise<void>
}
