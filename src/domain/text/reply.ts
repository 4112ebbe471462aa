// Every short answer to a command, as data; replies.ts turns it into text. Strangers get no reply at all; that is
// decided elsewhere.

import type { ProblemLine } from '../command/parsed-command.ts'
import type { ConfigFault } from '../config/repository-config.ts'
import type { DecisionOption } from '../decision/option.ts'
import type { Sha } from '../ids.ts'
import type { Role } from '../permission.ts'
import type { PlanFault } from '../contract/plan.ts'
import type { AnswerChannel, Decision, RunStatus } from '../records.ts'
import type { SyncCase } from '../sync/case.ts'
import type { LeftOut } from '../sync/step.ts'
import type { PushRefusal } from './push-result-text.ts'

/** An open question as a reply names it. */
export type OpenQuestion = Pick<Decision, 'id' | 'kind' | 'phase' | 'options'>

/** The command could not be run as it was written, or not by this person, or not here. */
export type RefusalReply =
  | { readonly kind: 'problem'; readonly line: ProblemLine }
  | { readonly kind: 'refused'; readonly verb: string; readonly role: Role; readonly needs: Role }
  | { readonly kind: 'no_session'; readonly verb: string }
  | {
      readonly kind: 'session_running'
      readonly sessionId: string
      readonly startedBy: string
      readonly statusUrl: string | null
    }
  | { readonly kind: 'pr_not_open'; readonly state: 'closed' | 'merged' }
  | { readonly kind: 'fork_refused' }
  /** A command that works on pull requests only was written on an issue. */
  | { readonly kind: 'not_on_issues'; readonly verb: string }
  | { readonly kind: 'isolation_refused'; readonly reason: 'unset' | 'not_available_yet' }
  | {
      readonly kind: 'unknown_agent'
      readonly agent: string
      readonly known: readonly string[]
      readonly didYouMean: string | null
    }
  | { readonly kind: 'agent_not_found'; readonly agent: string; readonly binary: string }
  /** The branch's name is one that git or Belay does not take. */
  | { readonly kind: 'branch_refused'; readonly branch: string }
  /** The same command in another comment did it already. */
  | { readonly kind: 'repeated'; readonly verb: string; readonly firstUrl: string }
  /** An agent is at work, and what was asked for needs the worktree. */
  | { readonly kind: 'attempt_running'; readonly verb: string; readonly phase: string }
  /** GitHub is about to merge the pull request: nothing starts and nothing is pushed. */
  | { readonly kind: 'merging'; readonly verb: string }
  /** The pipeline is in a state in which none of its phases can be run again. */
  | { readonly kind: 'not_restartable'; readonly verb: string; readonly status: RunStatus }
  /** The contract could not be filled; the worktree is in step and nothing else was changed. */
  | {
      readonly kind: 'populate_failed'
      readonly reason: 'no_contract_phase' | 'draft_missing' | 'parse_failed' | 'empty_result'
      readonly path: string
      readonly faults: readonly PlanFault[]
    }
  /** Something broke; `message` and `hint` come from the error catalogue and are fit for users. */
  | { readonly kind: 'broken'; readonly verb: string; readonly message: string; readonly hint: string }

/** About questions and their answers. */
export type QuestionReply =
  /** Nothing runs around an open question. */
  | { readonly kind: 'question_open'; readonly verb: string; readonly question: OpenQuestion }
  | { readonly kind: 'several_open'; readonly optionId: string; readonly questions: readonly OpenQuestion[] }
  | {
      readonly kind: 'already_answered'
      readonly id: string
      readonly answer: string
      readonly by: string
      readonly via: AnswerChannel | null
      readonly at: number | null
    }
  | {
      readonly kind: 'withdrawn'
      readonly id: string
      readonly reason: string | null
      /** What was answered, so that the successor's line can be shown. */
      readonly optionId: string
      readonly successor: OpenQuestion | null
    }
  /** The pipeline went on from the phase that the question is about; it is withdrawn. */
  | { readonly kind: 'wrong_phase'; readonly id: string; readonly phase: string; readonly now: string }
  | { readonly kind: 'unknown_question'; readonly id: string; readonly open: readonly OpenQuestion[] }
  | {
      readonly kind: 'not_an_option'
      readonly id: string
      readonly answer: string
      readonly options: readonly DecisionOption[]
    }
  /** A comment that was ever edited never gives consent. */
  | { readonly kind: 'edited_comment'; readonly line: string }
  /** Bare `/abort` with a live session and nothing to answer. */
  | { readonly kind: 'nothing_to_abort'; readonly sessionId: string }
  /** An answer with a live session and nothing to answer. */
  | { readonly kind: 'nothing_to_answer'; readonly verb: string }
  /** A question took the place of a withdrawn one; mentions the person who is asked. */
  | {
      readonly kind: 'question_replaced'
      readonly asks: string | null
      readonly oldId: string
      readonly newId: string
      readonly url: string | null
    }
  /** A question that waits; mentions the person who is asked. */
  | {
      readonly kind: 'reminder'
      readonly asks: string | null
      readonly question: OpenQuestion
      /** How long it has been open, in milliseconds. */
      readonly openMs: number
      readonly url: string | null
    }
  /** Nobody answered in the time that the repository allows. */
  | {
      readonly kind: 'question_expired'
      readonly asks: string | null
      readonly id: string
      readonly afterMs: number
      /** Whether a pipeline was cancelled with it. */
      readonly cancelled: boolean
    }

/** What a command did. */
export type ResultReply =
  /** `changed`: the plan holds something else than at its last reading. */
  | {
      readonly kind: 'populated'
      readonly phase: string
      readonly path: string
      readonly tasks: number
      readonly changed: boolean
    }
  | { readonly kind: 'phase_restarted'; readonly phase: string }
  | { readonly kind: 'help'; readonly usable: readonly HelpLine[]; readonly role: Role }
  | {
      readonly kind: 'stopped'
      readonly sessionId: string
      readonly branch: string
      readonly withdrawnQuestion: string | null
    }
  | {
      readonly kind: 'synced'
      readonly case: SyncCase
      readonly branch: string
      readonly before: Sha | null
      readonly after: Sha | null
      /** The question the sync opened. */
      readonly questionId: string | null
    }
  /** The sync waits for the running attempt. */
  | { readonly kind: 'sync_deferred'; readonly phase: string }
  | {
      readonly kind: 'rescued'
      readonly branch: string
      readonly head: Sha
      readonly compareUrl: string
      /** The question that stays open. */
      readonly openQuestion: OpenQuestion | null
      /** What was kept back; only there when uncommitted work was asked for. */
      readonly leftOut?: readonly LeftOut[]
    }
  /** The branch was made earlier, and somebody moved it since. */
  | {
      readonly kind: 'rescued_before'
      readonly branch: string
      readonly compareUrl: string
      readonly openQuestion: OpenQuestion | null
    }
  /** The pin holds no uncommitted work that may be pushed. */
  | { readonly kind: 'nothing_dirty'; readonly backupId: string; readonly leftOut: readonly LeftOut[] }
  /** What the pin holds can not be read back. */
  | { readonly kind: 'pin_damaged'; readonly backupId: string; readonly detail: string }
  /** No pin of this pull request has that name; `known` is the newest ones. */
  | { readonly kind: 'unknown_backup'; readonly name: string; readonly known: readonly KnownPin[] }
  | {
      readonly kind: 'rescue_refused'
      readonly branch: string
      readonly refusal: PushRefusal
      readonly detail: string
    }
  | { readonly kind: 'nothing_to_rescue' }
  /** The configuration is broken; the command was run with the last good one. */
  | { readonly kind: 'config_faults'; readonly faults: readonly ConfigFault[] }

/** A pin as a reply offers it. */
export interface KnownPin {
  readonly id: string
  readonly createdAt: number
}

/** One usable command in the help. */
export interface HelpLine {
  /** A complete line to copy. */
  readonly example: string
  readonly summary: string
}

export type Reply = RefusalReply | QuestionReply | ResultReply
