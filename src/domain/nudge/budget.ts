// How often an agent may answer news before a person has to look: counted from the last thing a person did on the pull
// request, so that an agent and a check can not go round for ever.

import type { RepositoryConfig } from '../config/repository-config.ts'
import type { HearingFacts } from './may-be-heard.ts'

/** Something that happened on a pull request. */
export type Act =
  /** A command or an answer, through whatever channel; a refused one comes from somebody who may not give it. */
  | { readonly kind: 'command'; readonly wasRefused: boolean }
  /** `isOurs`: Belay pushed it, for the agent or for itself. */
  | { readonly kind: 'push'; readonly byBot: boolean; readonly isOurs: boolean }
  /** A comment of the conversation or of a thread, or a review. */
  | { readonly kind: 'words'; readonly author: string | null; readonly authorIsBot: boolean }
  | { readonly kind: 'check_result' }

/** What the budget is judged by. */
export interface BudgetFacts {
  /** `nudges.rounds`; 0 asks before the first round. */
  readonly rounds: RepositoryConfig['nudges']['rounds']
  readonly respondRoundsSinceHumanAct: number
  /** Whether that act was the answer that lets the agent go on: then one round may start even where 0 are allowed. */
  readonly wasToldToGoOn?: boolean
}

/** Tells whether nothing may start for news until a person says so. */
export function isBudgetUsedUp(facts: BudgetFacts): boolean {
  const { rounds, respondRoundsSinceHumanAct, wasToldToGoOn = false } = facts
  return respondRoundsSinceHumanAct >= (wasToldToGoOn ? Math.max(1, rounds) : rounds)
}

/**
 * Tells whether it is the act of a person whose word counts here.
 *
 * People who are only heard because the repository hears everybody reset nothing: else a stranger could keep an agent
 * at work.
 */
export function isHumanAct(act: Act, { isTrusted }: Pick<HearingFacts, 'isTrusted'>): boolean {
  switch (act.kind) {
    case 'command':
      return !act.wasRefused
    case 'push':
      return !act.byBot && !act.isOurs
    case 'words':
      return act.author !== null && !act.authorIsBot && isTrusted(act.author)
    case 'check_result':
      return false
  }
}

/** Returns how many respond rounds began after the last human act, or ever when there was none. Milliseconds since 1970. */
export function respondRoundsSince(lastHumanActAt: number | null, startedAt: readonly number[]): number {
  return lastHumanActAt === null ? startedAt.length : startedAt.filter((at) => at > lastHumanActAt).length
}
