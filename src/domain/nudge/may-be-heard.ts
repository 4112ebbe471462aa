// Whose words may reach an agent. Ours never do, bots only by name, people by what they may do in the repository.

import type { RepositoryConfig } from '../config/repository-config.ts'

/** The author of a text as it is stored; null when the account is gone. */
export interface Author {
  readonly author: string | null
  readonly authorIsBot: boolean
}

/** What a text's author is judged by. */
export interface HearingFacts {
  readonly settings: Pick<RepositoryConfig['nudges'], 'bots' | 'untrusted'>
  /** Our own bot's login, with or without `[bot]`. */
  readonly ownLogin: string
  /** Whether a person may write to the repository; never asked of bots. */
  readonly isTrusted: (login: string) => boolean
}

/** Tells whether the author's words may be told to an agent. */
export function mayBeHeard(of: Author, facts: HearingFacts): boolean {
  if (of.author === null || isOurs(of, facts.ownLogin)) return false
  if (of.authorIsBot) return facts.settings.bots.some((login) => isSameLogin(login, of.author ?? ''))
  return facts.settings.untrusted || facts.isTrusted(of.author)
}

/** Tells whether our own bot wrote it. */
export function isOurs({ author, authorIsBot }: Author, ownLogin: string): boolean {
  return author !== null && authorIsBot && isSameLogin(author, ownLogin)
}

/** Returns the people whose permission must be known before anything of theirs can be judged, each once. */
export function peopleToJudge(
  authors: readonly Author[],
  settings: Pick<HearingFacts['settings'], 'untrusted'>,
): readonly string[] {
  if (settings.untrusted) return []
  const people = authors.filter(({ authorIsBot }) => !authorIsBot).map(({ author }) => author)
  return [...new Set(people)].filter((login) => login !== null)
}

/** GraphQL leaves the `[bot]` of a bot's login out, REST and people do not. */
function isSameLogin(one: string, other: string): boolean {
  return bare(one) === bare(other)
}

function bare(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/u, '')
}
