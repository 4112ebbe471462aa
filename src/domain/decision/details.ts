// What the different questions are rendered from. Stored with the question, so a shape once used stays readable.

import type { BranchName, Sha } from '../ids.ts'
import type { PlanFault } from '../contract/plan.ts'
import type { AttemptRole, ProposalStatus } from '../pipeline/records.ts'
import type { SyncCase } from '../sync/case.ts'
import type { CommitSummary } from '../sync/facts.ts'
import type { PinNote } from '../sync/pin.ts'
import type { PushResult } from '../sync/step.ts'

/** The facts a question is rendered from; stored, so that it can be rendered again years later. */
export type DecisionDetails =
  | SyncDetails
  | BudgetDetails
  | ContractDetails
  | ConsensusDetails
  | AgentFailureDetails
  | AgentQuestionDetails

/** What the question about a plan without tasks is rendered from. */
export interface ContractDetails {
  readonly branch: BranchName
  /** Where it was noticed: at the end of the phase that makes the plan, or before a phase that needs it. */
  readonly gate: 'phase_end' | 'phase_start'
  readonly path: string
  readonly reason: 'draft_missing' | 'parse_failed' | 'empty_result'
  readonly faults: readonly PlanFault[]
}

/** What the question about reviewers and producer who do not agree is rendered from. */
export interface ConsensusDetails {
  readonly branch: BranchName
  readonly commit: Sha
  /** Every round, oldest first. */
  readonly rounds: readonly {
    readonly round: number
    readonly commit: Sha
    readonly status: ProposalStatus
    readonly refusals: readonly { readonly reviewer: string; readonly reasons: readonly string[] }[]
  }[]
}

/** What the question about an agent that did not end well is rendered from. */
export interface AgentFailureDetails {
  readonly branch: BranchName
  readonly agent: string
  readonly role: AttemptRole
  /** Attempts since the phase was started last. */
  readonly attempts: number
  /** How the last one ended, one sentence. */
  readonly ending: string
  readonly pins: readonly PinNote[]
}

/** What a question of the agent itself is rendered from. */
export interface AgentQuestionDetails {
  readonly branch: BranchName
  readonly agent: string
  readonly text: string
  /** What it may be answered with, in the order of the options `a`, `b`, `c`. */
  readonly choices: readonly string[]
}

/** What the questions about news are rendered from. */
export interface BudgetDetails {
  readonly branch: BranchName
  /** `nudges.rounds` when it was asked. */
  readonly rounds: number
  /** How many pieces of news wait, by what they are about. */
  readonly waiting: { readonly checks: number; readonly reviews: number; readonly conflicts: number }
}

/** What the questions about a sync are rendered from. */
export interface SyncDetails {
  readonly case: SyncCase
  readonly moment: 'phase_start' | 'phase_end' | 'populate' | 'recovery'
  readonly branch: BranchName
  /** HEAD of the worktree before anything was done; null when it was not known. */
  readonly localHead: Sha | null
  readonly remoteHead: Sha | null
  readonly mergeBase: Sha | null
  readonly discarded: readonly CommitSummary[]
  readonly remoteCommits: readonly CommitSummary[]
  readonly conflictingPaths: readonly string[]
  /** Why our commits could not be replayed: a conflict, or a merge among them; null when that is not what it is about. */
  readonly obstacle: 'conflict' | 'merge' | null
  readonly pins: readonly PinNote[]
  /** Pauses of the same divergence that were answered with continue before. */
  readonly earlierPauses: number
  /** Whether the worktree is clean at the remote head now. */
  readonly isReset: boolean
  /** The refusal when the branch could not be pushed; null for every other case. */
  readonly pushRefusal: Exclude<PushResult, 'pushed'> | null
  /** Git's own word or the blocking paths, for the person who has to look. */
  readonly note: string
}
