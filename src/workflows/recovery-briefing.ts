// What an agent is told of a sync that set its work aside: what was discarded, which pins hold it, where the branch is.

import type { SyncQuestion } from '../domain/decision/subject.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { actionOf } from './answered-action.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns the block an agent's prompt begins with after a question about a sync. */
export async function recoveryBriefing(
  deps: Deps,
  context: SessionContext,
  decision: SyncQuestion,
): Promise<string> {
  const { details } = decision
  const backups = await deps.store.list('backups', {
    sessionId: decision.sessionId,
    prefix: details.pins.map((pin) => pin.prefix),
  })
  return renderBriefing({
    reason: reasonOf(decision),
    branch: context.session.branch,
    headNow: decision.headSha,
    mergeBase: details.mergeBase,
    discarded: details.discarded,
    conflictingPaths: details.conflictingPaths,
    pins: backups,
    rescueBranches: backups.flatMap(({ rescueBranch }) => (rescueBranch === null ? [] : [rescueBranch])),
    note: decision.kind === 'hard_reset_recovery' ? '' : details.note,
  })
}

function reasonOf(decision: SyncQuestion): 'hard_reset' | 'chosen_reset' | 'sync_unblocked' {
  if (decision.kind === 'hard_reset_recovery') return 'hard_reset'
  return actionOf(decision) === 'reset_worktree' ? 'chosen_reset' : 'sync_unblocked'
}
