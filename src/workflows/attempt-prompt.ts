// What an attempt is told: its phase's task, or the news its pipeline was made for, with the threads it may answer.

import type { PhaseRun, Pipeline } from '../domain/records.ts'
import type { ContractTask } from '../domain/pipeline/records.ts'
import type { DoorTask, DoorThread } from '../domain/session/door.ts'
import { contractPrompt, planInstructions } from '../domain/text/contract.ts'
import { joinBriefings } from '../domain/text/join-briefings.ts'
import { renderNewsPrompt, type ThreadHandle } from '../domain/text/nudges.ts'
import { renderPrompt } from '../domain/text/prompt.ts'
import type { Deps } from './deps.ts'
import { phaseConfig } from './phase-work.ts'
import type { SessionContext } from './queries.ts'
import { listToldBy } from './told-news.ts'

export interface AttemptTask {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
}

export interface AttemptPrompt {
  readonly prompt: string
  /** The review threads that the agent may answer through its door. */
  readonly threads: readonly DoorThread[]
  /** The tasks of the contract that it may mark. */
  readonly tasks: readonly DoorTask[]
}

/** Returns the prompt of an attempt; the same task gives the same prompt, so that it can be started again. */
export async function attemptPrompt(deps: Deps, task: AttemptTask): Promise<AttemptPrompt> {
  const { context, pipeline, phase } = task
  const { pullRequest, repository } = context
  if (pipeline.kind === 'respond') {
    const nudges = await listToldBy(deps, pipeline)
    const alsoWaiting = await countLeftOut(deps, pipeline)
    const briefing = joinBriefings(phase.briefings)
    const news = renderNewsPrompt({ repository, pullRequest, briefing, nudges, alsoWaiting })
    return { prompt: news.text, threads: await doorThreads(deps, context, news.handles), tasks: [] }
  }
  const config = phaseConfig(pipeline, phase.name)
  const tasks = await listTasks(deps, pipeline)
  const prompt = renderPrompt({
    pullRequest,
    repository,
    phase: phase.name,
    phasePrompt: config.prompt,
    personPrompt: pipeline.prompt,
    briefing: joinBriefings(phase.briefings),
    contract: contractPrompt(tasks),
    plan: config.produces === 'contract' ? planInstructions(config.plan) : null,
  })
  return { prompt, threads: [], tasks: tasks.map(({ taskId: id, title }) => ({ id, title })) }
}

async function listTasks({ store }: Deps, { id: pipelineId }: Pipeline): Promise<readonly ContractTask[]> {
  const tasks = await store.list('contractTasks', { pipelineId })
  return tasks
    .filter(({ status }) => status !== 'dropped')
    .toSorted((one, other) => one.position - other.position)
}

/** What did not fit into the round, as far as it is not over by now. */
async function countLeftOut({ store }: Deps, { sessionId, createdAt }: Pipeline): Promise<number> {
  const waiting = await store.list('nudges', { sessionId, status: ['pending', 'suppressed'] })
  return waiting.filter((nudge) => nudge.createdAt <= createdAt).length
}

/** A thread that is gone from GitHub meanwhile can not be answered any more. */
async function doorThreads(
  deps: Deps,
  { project, session }: SessionContext,
  handles: readonly ThreadHandle[],
): Promise<readonly DoorThread[]> {
  const at = { projectId: project.id, prNumber: session.prNumber }
  const rows = await deps.store.list('reviewThreads', at)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return handles.flatMap(({ handle, threadId }) => {
    const row = byId.get(threadId)
    return row === undefined ? [] : [{ handle, id: row.id, path: row.path, line: row.line }]
  })
}
