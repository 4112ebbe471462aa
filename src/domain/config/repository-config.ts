// What a repository can set in `.github/belay.yml`, as the rest of the program sees it. Types only; plain data, so that
// it can be stored as JSON and read back.

import type { ConfiguredPermissions } from '../command/may-run.ts'

/** Is one phase of a pipeline. */
export interface PhaseConfig {
  /** Unique in the file; `[a-z][a-z0-9-]*`, at most 40 characters. */
  readonly name: string
  readonly prompt: string
  /** What the phase leaves behind beside commits. */
  readonly produces: 'contract' | null
  /** Where a phase that produces a contract leaves its plan, from the root of the repository. */
  readonly plan: string
  /** Agents that must acknowledge the result; none means no review. */
  readonly reviewers: readonly string[]
  readonly timeoutMs: number
  /** Longest time in which nothing is seen of an agent that streams. */
  readonly silenceMs: number
  /** New attempts after a failed one. */
  readonly restarts: number
}

/** Is the whole configuration of a repository, every default filled in. */
export interface RepositoryConfig {
  readonly version: 1
  /** Where the file takes what it does not say itself from, as typed; null when nowhere. */
  readonly extendsFrom: string | null
  /** A name of the operator's catalogue; null leaves the choice to the operator. */
  readonly agent: string | null
  /** At least one, in the order they run. */
  readonly phases: readonly PhaseConfig[]
  readonly sync: {
    readonly onConflict: 'reset' | 'pause'
    /** What of a pin goes to the remote before a reset: its commits, its files too, or nothing. */
    readonly pushBackups: 'head' | 'all' | 'none'
    /** Where its commits go when the host takes no refs outside branches and tags. */
    readonly pushBackupsFallback: 'none' | 'branch'
  }
  /** The conclusion of the check run while a question is open. */
  readonly check: 'action_required' | 'neutral'
  readonly nudges: {
    readonly checks: boolean
    readonly reviews: boolean
    readonly conflicts: boolean
    /** Respond rounds of a pull request without a human act in between. */
    readonly rounds: number
    /** Logins of the bots whose reviews are told, with or without `[bot]`. */
    readonly bots: readonly string[]
    /** Whether people without write permission are told too. */
    readonly untrusted: boolean
  }
  readonly overseer: {
    /** An agent that shows no life for so long is worth an alert. */
    readonly stallMs: number
    /** The same failure so often in a pipeline is worth an alert. */
    readonly loop: number
    /** The time of all attempts of a pipeline together that is worth an alert. */
    readonly budgetMs: number
  }
  readonly decisions: {
    /** When the person is reminded of an open question, and then in doubled intervals; null never. */
    readonly remindMs: number | null
    /** When an open question counts as answered with its way out; null never. */
    readonly expireMs: number | null
  }
  /** Never below what a verb needs anyway. */
  readonly permissions: ConfiguredPermissions
  readonly triggers: {
    readonly labels: readonly string[]
    /** Logins, with `[bot]` where GitHub shows it. */
    readonly authors: readonly string[]
  }
}

/** Is one thing that is wrong with the file. Its texts quote the file, so they are no safe Markdown. */
export interface ConfigFault {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** For example `phases[1].timeout`; empty for the whole file. */
  readonly path: string
  /** A full sentence. */
  readonly message: string
  /** What to do about it, a full sentence, when there is more to say than the message does. */
  readonly hint?: string
}
