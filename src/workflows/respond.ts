// Tells the agent what waits: all news of a session are one batch, one `respond` pipeline, one attempt. Nothing starts
// while somebody or something else has the branch; what waits is told as soon as the agent is free.

import { demand, update, type Change } from '../domain/changes.ts'
import type { RepositoryConfig } from '../domain/config/repository-config.ts'
import { pipelineId, prLane } from '../domain/ids.ts'
import type { Nudge } from '../domain/mirror/records.ts'
import { isBudgetUsedUp } from '../domain/nudge/budget.ts'
import { whyHeld } from '../domain/nudge/why-held.ts'
import { renderNewsPrompt } from '../domain/text/nudges.ts'
import { askAboutBudget } from './ask-about-budget.ts'
import { settlingOf } from './collect-news.ts'
import type { Deps, JobHandler } from './deps.ts'
import { configOf } from './load-config.ts'
import { pipelineRows, prepareJob } from './new-pipeline.ts'
import { refreshStatus } from './present-session.ts'
import {
  findNewestPipeline,
  findHoldingDecision,
  findRunningAttempt,
  isTerminal,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { budgetOf } from './budget-of.ts'

/** The one phase of a pipeline that answers news. */
const RESPOND_PHASE = 'respond'
const DEFAULT_TIMEOUT_MS = 2 * 60 * 60 * 1000
const DEFAULT_SILENCE_MS = 30 * 60 * 1000

/** Starts a round of the agent for the news that wait, asks whether it may, or leaves them waiting. */
export const respond: JobHandler<'respond'> = async (deps, job) => {
  const context = await loadSession(deps.store, job.sessionId)
  const waiting = await listDue(deps, context)
  if (waiting.length === 0 || context.session.state !== 'live') return []
  const held = whyHeld(await holdFacts(deps, context)) ?? (await budgetHold(deps, context))
  switch (held) {
    case null:
      return startRound(deps, context, waiting)
    case 'agent_busy':
      return []
    case 'question_open':
    case 'merging':
      return suppress(deps, context, waiting)
    case 'budget_used_up':
      return [...suppress(deps, context, waiting), ...(await askAboutBudget(deps, context, waiting))]
    default:
      return held satisfies never
  }
}

/** A check that runs again may turn green: what it said before waits until it has ended. */
async function listDue(deps: Deps, { session, project }: SessionContext): Promise<readonly Nudge[]> {
  const waiting = await deps.store.list('nudges', {
    sessionId: session.id,
    status: ['pending', 'suppressed'],
  })
  const at = { projectId: project.id, prNumber: session.prNumber }
  const mirror = await deps.store.find('mirrors', at)
  if (mirror === null) return waiting
  const settling = settlingOf(deps, mirror, await deps.store.list('checks', at))
  return settling.kind === 'settled' ? waiting : waiting.filter(({ kind }) => kind !== 'checks')
}

async function holdFacts(deps: Deps, context: SessionContext): Promise<Parameters<typeof whyHeld>[0]> {
  const { session, pullRequest, project } = context
  const at = { projectId: project.id, prNumber: pullRequest.number }
  const pipeline = await findNewestPipeline(deps.store, session.id)
  const open = await findHoldingDecision(deps.store, session.id)
  const unfinished = await deps.store.find('syncOperations', {
    sessionId: session.id,
    state: ['planned', 'running'],
  })
  return {
    hasOpenQuestion: open !== null,
    isBusy:
      (await findRunningAttempt(deps.store, session.id)) !== null ||
      (pipeline !== null && !isTerminal(pipeline, open)) ||
      unfinished !== null,
    mirror: await deps.store.find('mirrors', at),
    checks: await deps.store.list('checks', at),
  }
}

/** Asked last: whose words count is a question to GitHub. */
async function budgetHold(deps: Deps, context: SessionContext): Promise<'budget_used_up' | null> {
  const { rounds } = configOf(context.project).nudges
  return isBudgetUsedUp(await budgetOf(deps, context, rounds)) ? 'budget_used_up' : null
}

function suppress(deps: Deps, context: SessionContext, waiting: readonly Nudge[]): readonly Change[] {
  const pending = waiting.filter(({ status }) => status === 'pending')
  if (pending.length === 0) return []
  return [
    ...pending.map(({ id }) => update('nudges', { where: { id }, set: { status: 'suppressed' } })),
    refreshStatus(deps, context),
  ]
}

/** What does not fit into the prompt goes on waiting. */
async function startRound(
  deps: Deps,
  context: SessionContext,
  waiting: readonly Nudge[],
): Promise<readonly Change[]> {
  const { session, project, pullRequest, repository } = context
  const earlier = await findNewestPipeline(deps.store, session.id)
  const no = (earlier?.no ?? 0) + 1
  const id = pipelineId(session.id, no)
  const now = deps.clock.now()
  const { told } = renderNewsPrompt({ repository, pullRequest, briefing: null, nudges: waiting })
  const config = respondConfig(configOf(context.project))
  return [
    demand({ kind: 'no_open_decision', sessionId: session.id }),
    demand({ kind: 'no_running_attempt', sessionId: session.id }),
    ...pipelineRows({ session, no, kind: 'respond', config, prompt: null, now }),
    ...told.map((nudgeId) =>
      update('nudges', {
        where: { id: nudgeId },
        set: { status: 'sent', pipelineId: id, sentAt: now },
      }),
    ),
    prepareJob(deps, id, prLane(project.repositoryId, pullRequest.number)),
    refreshStatus(deps, context),
  ]
}

function respondConfig(config: RepositoryConfig): RepositoryConfig {
  const timeoutMs = config.phases.at(-1)?.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const phase = {
    name: RESPOND_PHASE,
    prompt: '',
    produces: null,
    plan: '',
    // What the agent makes of news reaches the branch by the same gate as everything else it does.
    reviewers: config.phases.at(-1)?.reviewers ?? [],
    timeoutMs,
    silenceMs: config.phases.at(-1)?.silenceMs ?? DEFAULT_SILENCE_MS,
    restarts: config.phases.at(-1)?.restarts ?? 0,
  }
  return { ...config, phases: [phase] }
}
