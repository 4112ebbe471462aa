// Names a command so that it runs once, whatever delivery brings it. Knows no storage.

import type { ValidCommand } from './parsed-command.ts'
import { listArguments } from './render-command.ts'

/**
 * Returns the stable key of a command: comment node id, line, verb and arguments.
 *
 * Invariant: two commands have the same key only when all four are equal. How it was addressed (`/belay`, a mention,
 * bare) is not part of it.
 */
export function commandIdentity(comment: {
  readonly commentNodeId: string
  readonly command: ValidCommand
}): string {
  const { commentNodeId, command } = comment
  return JSON.stringify([commentNodeId, command.line, command.verb, ...listArguments(command)])
}
