// The stored facts, one type per table. Rooms speak these; only the database adapter knows columns.
// Times are milliseconds since 1970. `null` is "not known" or "none".

import type { AgentExit } from './session/attempt.ts'
import type { RepositoryConfig } from './config/repository-config.ts'
import type { ConfigFault } from './config/repository-config.ts'
import type { DecisionDetails } from './decision/details.ts'
import type { DecisionOption } from './decision/option.ts'
import type { DecisionKind, SyncDecisionKind, WorkDecisionKind } from './decision/kind.ts'
import type { BranchName, RefName, Sha } from './ids.ts'
import type { Mirror, MirroredRecords, Nudge } from './mirror/records.ts'
import type { Briefing } from './pipeline/briefings.ts'
import type { AttemptRole, PipelineRecords } from './pipeline/records.ts'
import type { PinPushState } from './sync/pin.ts'
import type { SyncCase } from './sync/case.ts'
import type { WorktreeFacts } from './sync/facts.ts'
import type { LeftOut, PushResult, StepOutcome, SyncStep } from './sync/step.ts'

/** A repository the App is installed on. `id` is its slug: unique, kept through renames. */
export interface Project {
  readonly id: string
  readonly repositoryId: number
  readonly installationId: number
  readonly owner: string
  readonly name: string
  readonly isPrivate: boolean
  readonly defaultBranch: string
  /** The number the next session gets; never reused. */
  readonly nextSessionNo: number
  /** The last configuration that was valid; null while the repository never had one. */
  readonly config: RepositoryConfig | null
  /** What is wrong with the configuration as it is now. */
  readonly configFaults: readonly ConfigFault[]
  readonly createdAt: number
  readonly updatedAt: number
}

/** What Belay knows of a pull request; `sessionId` is the live session whose primary it is. */
export interface PullRequest {
  readonly projectId: string
  readonly number: number
  readonly nodeId: string
  readonly title: string
  readonly url: string
  readonly author: string
  readonly authorIsBot: boolean
  readonly state: 'open' | 'closed' | 'merged'
  readonly isDraft: boolean
  readonly headRef: string
  readonly headSha: Sha
  /** Null when the fork was deleted. */
  readonly headRepositoryId: number | null
  readonly baseRef: string
  readonly baseSha: Sha
  readonly sessionId: string | null
  /** GitHub's own `updated_at`; an older observation never overwrites a newer one. */
  readonly observedAt: number
}

export type SessionState = 'spawning' | 'live' | 'stopped' | 'closed'

/** Why a session ended; every one but `person` is something that happened on GitHub. */
export type EndCause =
  | 'person'
  | 'merged'
  | 'closed'
  /** The pull request is not to be found any more. */
  | 'gone'
  /** The pull request shows another branch than the session works on. */
  | 'branch_changed'
  | 'uninstalled'
  | 'suspended'
  | 'repository_removed'
  | 'repository_deleted'

/** How a session ended, and what became of its files. */
export interface SessionEnding {
  readonly because: EndCause
  /** One sentence: who or what ended it. */
  readonly reason: string
  /**
   * `kept` lies where it lay. `releasing`: everything in it was saved and the runner removes it. `held`: it was to be
   * removed, but not everything in it could be saved.
   */
  readonly workspace: 'kept' | 'releasing' | 'released' | 'held'
}

/** One agent working on one branch in one worktree. */
export interface Session {
  readonly id: string
  readonly projectId: string
  readonly no: number
  readonly state: SessionState
  readonly prNumber: number
  readonly branch: BranchName
  readonly baseRef: string
  readonly agent: string
  readonly startedBy: string
  readonly runnerId: string
  /** The remote head both sides agreed on last; our own commits are those after it. */
  readonly lastSyncedSha: Sha | null
  /** The last head we pushed or were about to push: how our own events are recognised. */
  readonly lastPushedSha: Sha | null
  /** A push of somebody else that arrived while an attempt ran; without a commit: the branch was deleted. */
  readonly remoteMoved: {
    readonly sha: Sha | null
    readonly by: string
    /** The last synced commit is not in the branch any more: the attempt was stopped. */
    readonly isRewritten?: true
  } | null
  /** Who must acknowledge what lies in the worktree and not on the branch; empty when nothing does. */
  readonly reviewersDue: readonly string[]
  /** When a person last pushed or commented: a human act, which gives the agent its rounds back. */
  readonly personActedAt: number | null
  /** Null while it lives, and for one that ended before its workspace was made. */
  readonly ending: SessionEnding | null
  readonly createdAt: number
  readonly updatedAt: number
}

export type RunStatus = 'pending' | 'running' | 'awaiting_human' | 'complete' | 'failed' | 'cancelled'

/** Why a pipeline or phase is not running; `code` is stable, texts are made from it. */
export interface Failure {
  readonly code:
    | 'workspace_failed'
    | SyncDecisionKind
    | WorkDecisionKind
    | 'cancelled_by_person'
    | 'session_stopped'
    /** Nobody answered in the time the repository allows. */
    | 'question_expired'
    /** Something broke inside Belay, again and again. */
    | 'internal'
  readonly detail: string
}

/** One run through the configured phases. */
export interface Pipeline {
  readonly id: string
  readonly sessionId: string
  readonly projectId: string
  readonly no: number
  readonly kind: 'run' | 'respond'
  readonly status: RunStatus
  readonly currentPhase: string
  /** Grows with every attempt and every continue; anything that carries an older one is ignored. */
  readonly runEpoch: number
  /** The configuration as it was when the pipeline started. */
  readonly config: RepositoryConfig
  /** What the person asked for in the command, if anything. */
  readonly prompt: string | null
  readonly failure: Failure | null
  readonly createdAt: number
  readonly endedAt: number | null
}

export interface PhaseRun {
  readonly id: string
  readonly pipelineId: string
  readonly name: string
  readonly position: number
  readonly status: RunStatus
  /** How often the producer was restarted since the phase was started last. */
  readonly restarts: number
  /** Proposals made since the phase was started last, or since a person allowed another round. */
  readonly rounds: number
  /** What the next attempt must be told first (F4), oldest first; empty when nothing happened. */
  readonly briefings: readonly Briefing[]
  /** Whether the phase's successful attempt changed the branch; null until there was one. */
  readonly result: 'changed' | 'no_changes' | null
  /** Leftovers of the last attempt that were not committed; they are pinned. */
  readonly leftOut: readonly LeftOut[]
  readonly failure: Failure | null
  readonly startedAt: number | null
  readonly endedAt: number | null
}

export type AttemptStatus = 'starting' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'lost'

/** One process of the agent. */
export interface Attempt {
  readonly id: string
  readonly phaseRunId: string
  readonly pipelineId: string
  readonly sessionId: string
  readonly runEpoch: number
  readonly role: AttemptRole
  /** The agent's name in the operator's catalogue. */
  readonly agent: string
  /** What a reviewer looks at; null for a producer. */
  readonly proposalId: string | null
  readonly status: AttemptStatus
  readonly pid: number | null
  readonly exit: AgentExit | null
  /** The attempt is lost when no heartbeat moved this time. */
  readonly leaseUntil: number
  /** When it last did something that could be seen. An anchor of this attempt alone: no other one's reports move it. */
  readonly activeAt: number
  /** What it asks a person through its door; asked when the attempt has ended. */
  readonly question: AgentAsk | null
  readonly startedAt: number
  readonly endedAt: number | null
}

/** A question of an agent, with one to three answers to choose from. */
export interface AgentAsk {
  readonly text: string
  readonly choices: readonly string[]
}

export type DecisionStatus = 'pending' | 'resolved' | 'cancelled' | 'expired'
export type AnswerChannel = 'command' | 'bare_command' | 'button' | 'cli' | 'rest'

/** A stored question and its answer. */
export interface Decision {
  readonly id: string
  /** The first question of the chain: its own id, or the one it succeeded; all share one comment. */
  readonly rootId: string
  readonly projectId: string
  readonly sessionId: string
  readonly pipelineId: string
  readonly prNumber: number
  readonly phase: string
  readonly kind: DecisionKind
  /** `worktree` when the pipeline had ended before: then an answer resumes none of its phases. */
  readonly concerns: 'pipeline' | 'worktree'
  /** `<kind>:<phase>` or `<kind>:<pr>`, the seed's dispatch key. */
  readonly context: string
  readonly options: readonly DecisionOption[]
  /** What it is about; the functions of `decision/subject.ts` tell which. */
  readonly details: DecisionDetails
  /** The remote head it was asked about; a move of the branch voids it. */
  readonly headSha: Sha
  readonly runEpoch: number
  readonly status: DecisionStatus
  readonly answer: string | null
  readonly answeredBy: string | null
  readonly answeredVia: AnswerChannel | null
  readonly answeredAt: number | null
  /** When its answer took effect; until then nothing goes around it, as before the answer. */
  readonly actedAt: number | null
  /** Why it was cancelled: `superseded`, `session_stopped`. */
  readonly cancelReason: string | null
  readonly successorId: string | null
  /** Reminders whose time has passed, sent or made up for by a later one, in the whole chain of successors. */
  readonly reminders: number
  readonly createdAt: number
}

export type AlertCode =
  | 'hard_reset_recovery_unknown_resolution'
  | 'backup_damaged'
  | 'workspace_held'
  | 'overseer_stall'
  | 'overseer_loop'
  | 'overseer_budget'
  /** The agent raised it through its door. */
  | 'agent_alert'

export interface Alert {
  readonly id: string
  readonly code: AlertCode
  readonly projectId: string
  readonly sessionId: string | null
  readonly pipelineId: string | null
  readonly details: Readonly<Record<string, string | number | boolean | null>>
  readonly raisedAt: number
}

/** A verified pin: everything that was in the worktree, under refs in the mirror. */
export interface Backup {
  /** `<unix-ns>-<rand>`, the last part of the ref prefix. */
  readonly id: string
  readonly sessionId: string
  readonly projectId: string
  readonly operationId: string
  readonly reason: 'sync' | PinReason
  readonly prefix: RefName
  readonly head: Sha
  readonly index: Sha
  readonly worktree: Sha
  readonly push: PinPushState
  /** The push result's name when it was refused. */
  readonly pushRefusal: string | null
  /** The push result's name for index and files; null when only the head was to be pushed. */
  readonly filesPush: PushResult | null
  /** The branch `rescue` put the commits on; null until somebody asked. */
  readonly rescueBranch: string | null
  /** The branch `rescue --dirty` put the uncommitted work on; null until somebody asked. */
  readonly dirtyRescueBranch: string | null
  readonly createdAt: number
}

export type SyncTrigger = 'phase_start' | 'phase_end' | 'populate' | 'command' | 'push' | 'recovery'

/** One synchronisation: facts, plan, and how far it came. */
export interface SyncOperation {
  readonly id: string
  readonly sessionId: string
  readonly projectId: string
  readonly pipelineId: string | null
  readonly phase: string | null
  readonly trigger: SyncTrigger
  readonly branch: BranchName
  readonly state: 'planned' | 'running' | 'done' | 'failed' | 'interrupted'
  /** What the steps are for; everything that touches a worktree or a pin is journalled. */
  readonly purpose: OperationPurpose
  /** The final case of a sync, the planned one until it is done; null for every other purpose. */
  readonly case: SyncCase | null
  readonly facts: WorktreeFacts | null
  readonly plan: readonly SyncStep[]
  readonly localAhead: number | null
  readonly remoteAhead: number | null
  readonly before: Sha | null
  readonly after: Sha | null
  readonly durationMs: number | null
  /** The interrupted operation this one finishes. */
  readonly resumes: string | null
  readonly startedAt: number
  readonly endedAt: number | null
}

/** Why a pin was made without a sync. */
export type PinReason = 'failed_attempt' | 'stopped' | 'left_out' | 'rewritten' | 'ended'

export type OperationPurpose = 'sync' | 'unlock' | 'leftovers' | 'rescue' | 'expire_backup' | PinReason

/** An operation that is a sync. */
export type JournalledSync = SyncOperation & {
  readonly purpose: 'sync'
  readonly case: SyncCase
  readonly facts: WorktreeFacts
}

/** The journal of one step: written before it starts and again before the next may start. */
export interface SyncStepRow {
  readonly operationId: string
  readonly position: number
  readonly kind: SyncStep['kind']
  readonly state: 'running' | 'done' | 'failed'
  readonly outcome: StepOutcome | null
  readonly startedAt: number
  readonly endedAt: number | null
}

/** A command that was seen; its identity makes it run once. */
export interface CommandRow {
  /** `commandIdentity`: comment node id, line, verb and arguments. */
  readonly id: string
  readonly projectId: string
  readonly prNumber: number
  readonly verb: string
  readonly actor: string
  readonly commentUrl: string
  readonly state: 'done' | 'refused' | 'running'
  readonly createdAt: number
}

/** The last body of a comment we read: only lines absent from it count in an edit. */
export interface SeenComment {
  readonly nodeId: string
  readonly projectId: string
  readonly prNumber: number
  readonly body: string
  readonly wasEdited: boolean
  readonly updatedAt: number
}

/** One GitHub check run of the logical check `Belay`; a completed one is never reused. */
export interface CheckRunRow {
  readonly projectId: string
  readonly prNumber: number
  readonly headSha: Sha
  readonly generation: number
  readonly externalId: string
  readonly isCompleted: boolean
  readonly createdAt: number
}

export interface AuditRow {
  readonly id: string
  readonly at: number
  readonly actor: string
  readonly via: string
  readonly action: string
  readonly target: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

/** How far something that runs by the clock has come. */
export interface Watermark {
  readonly name: string
  readonly at: number
}

/** Every table that a workflow reads and writes, by name. */
export interface Records extends MirroredRecords, PipelineRecords {
  readonly projects: Project
  readonly pullRequests: PullRequest
  readonly sessions: Session
  readonly pipelines: Pipeline
  readonly phaseRuns: PhaseRun
  readonly attempts: Attempt
  readonly decisions: Decision
  readonly alerts: Alert
  readonly backups: Backup
  readonly syncOperations: SyncOperation
  readonly syncSteps: SyncStepRow
  readonly commands: CommandRow
  readonly seenComments: SeenComment
  readonly checkRuns: CheckRunRow
  readonly auditLog: AuditRow
  readonly mirrors: Mirror
  readonly nudges: Nudge
  readonly watermarks: Watermark
}
export type TableName = keyof Records
