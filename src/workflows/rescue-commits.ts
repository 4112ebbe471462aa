// Puts the pinned commits of a question on a branch of their own. The question stays open.

import { update, type Change } from '../domain/changes.ts'
import { toBranchName } from '../domain/ids.ts'
import type { Backup } from '../domain/records.ts'
import type { StepOutcome } from '../domain/sync/step.ts'
import type { PushRefusal } from '../domain/text/push-result-text.ts'
import type { Reply } from '../domain/text/reply.ts'
import { botIdentity } from './bot-identity.ts'
import { commandDone, commandRefused, replyComment, type CommandPlace } from './command-life.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { loadSession, type SessionContext } from './queries.ts'
import { compareUrl } from './rescue-notes.ts'

/** Pushes the oldest pin of the question to `belay/rescue/<session>-<n>`; a second rescue names the same branch. */
export const rescueCommits: JobHandler<'rescue_commits'> = async (deps, job, lane) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const place: CommandPlace = { repository: context.repository, number: context.session.prNumber }
  const prefix = decision.details.pins[0]?.prefix
  const backup =
    prefix === undefined ? null : await deps.store.find('backups', { sessionId: decision.sessionId, prefix })
  const openQuestion = decision.status === 'pending' ? decision : null
  const end = (reply: Reply, isDone: boolean): readonly Change[] => {
    if (job.source === null)
      return [replyComment(place, `rescue:${decision.projectId}:${decision.id}`, reply)]
    return isDone ? commandDone(place, job.source, reply) : commandRefused(place, job.source, reply)
  }
  if (backup === null) return end({ kind: 'nothing_to_rescue' }, false)
  const branch = backup.rescueBranch ?? (await nextRescueBranch(deps, context))
  const outcome = await pushRescue(deps, { context, backup, branch, lane })
  const refusal = refusalOf(outcome)
  if (refusal !== null) return end({ kind: 'rescue_refused', branch, ...refusal }, false)
  const rescued = update('backups', { where: { id: backup.id }, set: { rescueBranch: branch } })
  const reply: Reply = {
    kind: 'rescued',
    branch,
    head: backup.head,
    compareUrl: compareUrl(deps, context, branch),
    openQuestion,
  }
  const stored = await deps.store.commit([rescued], lane)
  if (stored.kind === 'refused')
    throw new Error(`The rescue was not stored: ${JSON.stringify(stored.because)}`)
  return [
    ...end(reply, true),
    ...(await presentDecision(deps, context, decision)),
    refreshStatus(deps, context),
  ]
}

async function nextRescueBranch(deps: Deps, { session }: SessionContext): Promise<string> {
  const backups = await deps.store.list('backups', { sessionId: session.id })
  const made = backups.filter(({ rescueBranch }) => rescueBranch !== null).length
  return `belay/rescue/${session.id}-${made + 1}`
}

async function pushRescue(
  deps: Deps,
  order: {
    readonly context: SessionContext
    readonly backup: Backup
    readonly branch: string
    readonly lane: JobLane
  },
): Promise<StepOutcome | null> {
  const results = deps.runner.execute({
    workspace: order.context.workspace,
    plan: [{ kind: 'push_rescue', prefix: order.backup.prefix, branch: toBranchName(order.branch) }],
    identity: await botIdentity(deps),
    fence: order.lane.fence,
  })
  for await (const { outcome } of results) return outcome
  return null
}

function refusalOf(
  outcome: StepOutcome | null,
): { readonly refusal: PushRefusal; readonly detail: string } | null {
  if (outcome?.kind === 'push') {
    return outcome.result === 'pushed' ? null : { refusal: outcome.result, detail: outcome.detail }
  }
  return { refusal: 'unknown', detail: outcome?.kind === 'failed' ? outcome.detail : '' }
}
