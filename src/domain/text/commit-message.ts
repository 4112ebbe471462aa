// The message of commits that Belay makes in an agent's name.

import { oneLine } from './markdown.ts'

/** Returns the message for what an agent left uncommitted; the person who started the session is co-author. */
export function leftoversMessage(facts: {
  readonly phase: string
  readonly agent: string
  readonly startedBy: string
}): string {
  const { phase, agent, startedBy } = facts
  return [
    `Commit what ${oneLine(agent)} left in phase ${oneLine(phase)}`,
    '',
    `Co-authored-by: ${oneLine(startedBy)} <${oneLine(startedBy)}@users.noreply.github.com>`,
    '',
  ].join('\n')
}
