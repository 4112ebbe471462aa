// How a request from outside the lane ends: one row of the audit log with what is said of it, and the visible end of the
// command it came from.

import { insert, type Asked, type Change } from '../domain/changes.ts'
import type { Reply } from '../domain/text/reply.ts'
import { commandDone, commandRefused } from './command-life.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

export interface RequestEnd {
  readonly context: SessionContext
  readonly asked: Asked
  readonly action: 'populate_contract' | 'restart_phase' | 'cancel_decision'
  /** The pipeline or the question. */
  readonly target: string
  /** For whoever waits in another program; `kind` says how it ended. */
  readonly said: { readonly kind: string }
  /** For the comment it came from. */
  readonly reply: Reply
  readonly isDone: boolean
}

/** Returns the changes that end a request. */
export function endRequest(deps: Deps, end: RequestEnd): readonly Change[] {
  const { context, asked, action, target, said, reply, isDone } = end
  const { actor, via, auditId, source } = asked
  const row = insert('auditLog', {
    id: auditId,
    at: deps.clock.now(),
    actor,
    via,
    action,
    target,
    details: { outcome: said.kind, said: JSON.stringify(said) },
  })
  if (source === null) return [row]
  const place = { repository: context.repository, number: context.session.prNumber }
  return [row, ...(isDone ? commandDone : commandRefused)(place, source, reply)]
}
