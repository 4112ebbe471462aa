// The question whether the agent may go on answering news by itself. It stops no pipeline: it is asked between two.

import { demand, insert, update, type Change } from '../domain/changes.ts'
import { DECISIONS } from '../domain/decision/decision.ts'
import type { BudgetDetails } from '../domain/decision/details.ts'
import type { Nudge } from '../domain/mirror/records.ts'
import type { Decision, Pipeline } from '../domain/records.ts'
import { configOf } from './load-config.ts'
import type { Deps } from './deps.ts'
import { announceSoon, newDecision } from './new-decision.ts'
import { findNewestPipeline, type SessionContext } from './queries.ts'

/** Returns the changes that ask; none before the session had a pipeline, which no news can be older than. */
export async function askAboutBudget(
  deps: Deps,
  context: SessionContext,
  waiting: readonly Nudge[],
): Promise<readonly Change[]> {
  const pipeline = await findNewestPipeline(deps.store, context.session.id)
  if (pipeline === null) return []
  const before = await withdrawnBefore(deps, context, pipeline)
  const decision = decisionRow(deps, { context, pipeline, waiting, before })
  const { projectId, id: successorId } = decision
  return [
    demand({ kind: 'no_open_decision', sessionId: context.session.id }),
    insert('decisions', decision),
    ...(before === null
      ? []
      : [update('decisions', { where: { projectId, id: before.id }, set: { successorId } })]),
    announceSoon(deps, context, decision),
  ]
}

/**
 * Returns the same question when it was withdrawn and no round came after it.
 *
 * It is asked anew in its comment: a bot that pushes again and again must not mention a person each time.
 */
async function withdrawnBefore(
  { store }: Deps,
  { session }: SessionContext,
  pipeline: Pipeline,
): Promise<Decision | null> {
  const last = (await store.list('decisions', { sessionId: session.id })).at(-1)
  const isSame = last?.kind === 'nudge_budget' && last.status === 'cancelled'
  return isSame && last.createdAt >= pipeline.createdAt ? last : null
}

interface BudgetOrder {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly waiting: readonly Nudge[]
  readonly before: Decision | null
}

function decisionRow(deps: Deps, { context, pipeline, waiting, before }: BudgetOrder): Decision {
  const count = (kind: Nudge['kind']): number => waiting.filter((nudge) => nudge.kind === kind).length
  const details: BudgetDetails = {
    branch: context.session.branch,
    rounds: configOf(context.project).nudges.rounds,
    waiting: { checks: count('checks'), reviews: count('review'), conflicts: count('conflict') },
  }
  return newDecision(deps, {
    context,
    pipeline,
    kind: 'nudge_budget',
    concerns: 'worktree',
    options: DECISIONS.nudge_budget.options,
    details,
    headSha: context.pullRequest.headSha,
    before,
  })
}
