// Puts the pinned commits of a question on a branch of their own. The question stays open.

import type { Change } from '../domain/changes.ts'
import type { RefName } from '../domain/ids.ts'
import { pinsOf } from '../domain/decision/subject.ts'
import type { Decision } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import { commandDone, commandRefused, replyComment, type CommandPlace } from './command-life.ts'
import type { JobHandler } from './deps.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { putOnBranch } from './put-on-branch.ts'
import { loadSession } from './queries.ts'
import { isRescued, rescueReply } from './rescue-reply.ts'

/** Pushes the pin of the question to `belay/rescue/<session>-<n>`; a second rescue names the same branch. */
export const rescueCommits: JobHandler<'rescue_commits'> = async (deps, job, lane) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const place: CommandPlace = { repository: context.repository, number: context.session.prNumber }
  const prefix = pinToRescue(decision)
  const backup =
    prefix === undefined ? null : await deps.store.find('backups', { sessionId: decision.sessionId, prefix })
  const end = (reply: Reply, isDone: boolean): readonly Change[] => {
    if (job.source === null)
      return [replyComment(place, `rescue:${decision.projectId}:${decision.id}`, reply)]
    return isDone ? commandDone(place, job.source, reply) : commandRefused(place, job.source, reply)
  }
  if (backup === null) return end({ kind: 'nothing_to_rescue' }, false)
  const result = await putOnBranch(deps, { context, backup, content: 'commits', branch: null, lane })
  const openQuestion = decision.status === 'pending' ? decision : null
  const reply = rescueReply(deps, { context, backup, openQuestion, result })
  if (!isRescued(result)) return end(reply, false)
  return [
    ...end(reply, true),
    ...(await presentDecision(deps, context, decision)),
    refreshStatus(deps, context),
  ]
}

/** A recovery set aside what its first pin holds; of several pauses the last one holds the most. */
function pinToRescue(decision: Decision): RefName | undefined {
  const pins = pinsOf(decision)
  return (decision.kind === 'divergence_reconcile_unacked' ? pins.at(-1) : pins[0])?.prefix
}
