// What is stored of a phase's way from the agent's work to the next phase: proposals and their verdicts, the contract and
// its tasks, and who watches. Times are milliseconds since 1970.

import type { Sha } from '../ids.ts'

/** Who an agent's process is for Belay. The overseer needs no process: it reads what is stored. */
export type AttemptRole = 'producer' | 'reviewer'

/** One own commit of a proposal, with the patch id that stays the same when it is replayed elsewhere. */
export interface ProposedCommit {
  readonly sha: Sha
  /** `git patch-id --stable`; null for a commit without a patch, such as an empty one or a merge. */
  readonly patchId: string | null
}

export type ProposalStatus =
  /** Reviewers look at it. */
  | 'open'
  /** Every reviewer acknowledged it. */
  | 'accepted'
  /** A reviewer refused it, and all have spoken. */
  | 'refused'
  /** The branch moved on in a way that touches it, or the phase was started anew: its verdicts count no more. */
  | 'stale'
  /** A person accepted it although a reviewer refused. */
  | 'overruled'

/** A commit that the producer of a phase puts before its reviewers. */
export interface Proposal {
  readonly id: string
  readonly sessionId: string
  readonly pipelineId: string
  readonly phaseRunId: string
  /** The producer's attempt that made it. */
  readonly attemptId: string
  /** From 1; a new start of the phase counts anew. */
  readonly round: number
  /** Its reviewers' attempts carry it; a proposal of an older epoch counts no more. */
  readonly runEpoch: number
  readonly commit: Sha
  /** The commit of the remote branch that the own commits lie on. */
  readonly base: Sha
  /** Own commits, oldest first. */
  readonly commits: readonly ProposedCommit[]
  /** Paths that the own commits touch. */
  readonly paths: readonly string[]
  readonly status: ProposalStatus
  readonly createdAt: number
  readonly endedAt: number | null
}

/** What one reviewer says about one proposal. */
export interface Verdict {
  /** `<proposal>/<reviewer>`. */
  readonly id: string
  readonly proposalId: string
  readonly sessionId: string
  readonly pipelineId: string
  /** The name of the reviewing agent in the operator's catalogue. */
  readonly reviewer: string
  readonly status: 'pending' | 'ack' | 'nack'
  readonly reasons: readonly string[]
  /** Attempts that ended without a readable verdict. */
  readonly failures: number
  readonly decidedAt: number | null
}

/** The plan that a phase left, as it was read last. */
export interface Contract {
  readonly pipelineId: string
  readonly sessionId: string
  readonly projectId: string
  /** The phase that produced it. */
  readonly phase: string
  readonly path: string
  /** SHA-256 of the plan's text. */
  readonly digest: string
  /** The commit it was read at. */
  readonly head: Sha
  readonly populatedAt: number
}

/** `dropped`: it was in an earlier reading of the plan and is in this one no more. */
export type TaskStatus = 'todo' | 'doing' | 'done' | 'dropped'

/** One task of a contract. */
export interface ContractTask {
  /** `<pipeline>/<task>`. */
  readonly id: string
  readonly pipelineId: string
  readonly sessionId: string
  /** The id that the plan gives it. */
  readonly taskId: string
  readonly position: number
  readonly title: string
  readonly acceptance: readonly string[]
  /** The task that must be done before it; null for a root of the forest. */
  readonly dependsOn: string | null
  readonly status: TaskStatus
  /** What the agent said when it marked the task; empty when it said nothing. */
  readonly note: string
  readonly updatedAt: number
}

/** What the overseer can find wrong. */
export type Anomaly =
  /** An agent shows no life. */
  | 'stall'
  /** The same thing fails again and again. */
  | 'loop'
  /** The pipeline has used up the time it may. */
  | 'budget'

/** The watch over one phase in one run epoch of its start; a new start of the phase has a watch of its own. */
export interface Overseer {
  /** `<phase run>@<run epoch>`. */
  readonly id: string
  readonly sessionId: string
  readonly pipelineId: string
  readonly phaseRunId: string
  readonly runEpoch: number
  readonly status: 'watching' | 'over'
  /** What it raised, each with the attempt or epoch it was about, so that nothing is raised twice. */
  readonly raised: readonly { readonly anomaly: Anomaly; readonly about: string }[]
  readonly startedAt: number
  readonly endedAt: number | null
}

/** The tables of this room, by name. */
export interface PipelineRecords {
  readonly proposals: Proposal
  readonly verdicts: Verdict
  readonly contracts: Contract
  readonly contractTasks: ContractTask
  readonly overseers: Overseer
}
