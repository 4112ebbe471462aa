// How an agent's process ended, in one sentence.

import { assertNever } from '../assert-never.ts'
import type { AgentExit } from '../session/attempt.ts'

/** Returns one sentence about the end of a process; null means nobody saw it. */
export function exitWords(exit: AgentExit | null): string {
  if (exit === null) return 'The agent’s end was not seen.'
  switch (exit.kind) {
    case 'exited':
      return exit.code === 0 ? 'The agent ended well.' : `The agent ended with exit code ${exit.code}.`
    case 'signalled':
      return `The agent was ended by ${exit.signal}.`
    case 'timed_out':
      return `The agent was ended after its time limit of ${Math.round(exit.afterMs / 60_000)} minutes.`
    case 'silent':
      return `The agent showed no life for ${Math.round(exit.afterMs / 60_000)} minutes and was ended.`
    case 'stopped':
      return 'The agent was stopped.'
    case 'spawn_failed':
      return `The agent could not be started: ${exit.reason}`
    case 'lost':
      return 'The agent went away together with the process that watched it.'
    default:
      return assertNever(exit)
  }
}
