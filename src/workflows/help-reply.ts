// What the asker can do here and now: allowed by role, and possible in the state the pull request is in.

import { commandSpec, VERBS, type Verb } from '../domain/command/grammar.ts'
import { mayRun } from '../domain/command/may-run.ts'
import type { Decision } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import type { Deps } from './deps.ts'
import { findOpenDecision } from './queries.ts'
import type { GrantedCommand } from './granted-command.ts'

/** Returns the help for one person at one moment. */
export async function helpReply(deps: Deps, granted: GrantedCommand): Promise<Reply> {
  const { project, role, session } = granted
  const open = session === null ? null : await findOpenDecision(deps.store, session.id)
  const hasPins = await isPinned(deps, granted)
  const configured = project.config?.permissions ?? {}
  const usable = VERBS.filter((verb) => {
    const verdict = mayRun({ verb, role, isPrivateRepository: project.isPrivate, configured })
    return verdict.kind === 'allowed' && isPossible(verb, { hasSession: session !== null, hasPins, open })
  })
  return {
    kind: 'help',
    role,
    usable: usable.map((verb) => ({
      example: commandSpec(verb).example,
      summary: commandSpec(verb).summary,
    })),
  }
}

/** Stopped sessions keep their pins, and those can be rescued too. */
async function isPinned(deps: Deps, { project, place }: GrantedCommand): Promise<boolean> {
  const at = { projectId: project.id, prNumber: place.number }
  const sessions = await deps.store.list('sessions', at)
  return (await deps.store.find('backups', { sessionId: sessions.map(({ id }) => id) })) !== null
}

function isPossible(
  verb: Verb,
  here: { readonly hasSession: boolean; readonly hasPins: boolean; readonly open: Decision | null },
): boolean {
  if (verb === 'rescue') return here.hasPins
  const { answer } = commandSpec(verb)
  if (answer !== undefined) return here.open?.options.some((option) => option.id === answer) ?? false
  if (verb === 'answer') return here.open !== null
  if (verb === 'sync' || verb === 'stop') return here.hasSession
  return true
}
