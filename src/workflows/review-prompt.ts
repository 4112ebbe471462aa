// What a reviewer is told: the proposal, and what was said against the one before it.

import type { Proposal } from '../domain/pipeline/records.ts'
import { renderNewsPrompt } from '../domain/text/nudges.ts'
import { renderReviewPrompt } from '../domain/text/review-prompt.ts'
import type { Deps } from './deps.ts'
import { phaseConfig, type PhaseWork } from './phase-work.ts'
import { listToldBy } from './told-news.ts'

export interface ReviewTask {
  readonly work: PhaseWork
  readonly proposal: Proposal
  readonly reviewer: string
}

/** Returns the prompt of a reviewer's attempt; the same proposal gives the same prompt. */
export async function reviewPrompt(deps: Deps, { work, proposal }: ReviewTask): Promise<string> {
  const { context, pipeline, phase } = work
  const { pullRequest, repository } = context
  const { commit, base, commits, paths, round } = proposal
  const tasks = await deps.store.list('contractTasks', { pipelineId: pipeline.id })
  return renderReviewPrompt({
    repository,
    pullRequest,
    phase: phase.name,
    phasePrompt: await askedOf(deps, work),
    personPrompt: pipeline.prompt,
    commit,
    base,
    commits,
    paths,
    round,
    earlierRefusals: await earlierRefusals(deps, proposal),
    tasks: tasks.filter(({ status }) => status !== 'dropped'),
  })
}

/** What its producer was asked to do: the phase's own prompt, or the news that a round answers. */
async function askedOf(deps: Deps, { context, pipeline, phase }: PhaseWork): Promise<string> {
  if (pipeline.kind === 'run') return phaseConfig(pipeline, phase.name).prompt
  const { pullRequest, repository } = context
  const nudges = await listToldBy(deps, pipeline)
  return renderNewsPrompt({ repository, pullRequest, briefing: null, nudges }).text
}

/** Of the last proposal of the phase that was refused: a reviewer looks whether its reasons are met. */
async function earlierRefusals(
  { store }: Deps,
  { id, phaseRunId, createdAt }: Proposal,
): Promise<Parameters<typeof renderReviewPrompt>[0]['earlierRefusals']> {
  const all = await store.list('proposals', { phaseRunId, status: 'refused' })
  const last = all.findLast((one) => one.id !== id && one.createdAt <= createdAt)
  if (last === undefined) return []
  const refusals = await store.list('verdicts', { proposalId: last.id, status: 'nack' })
  return refusals.map(({ reviewer, reasons }) => ({ reviewer, reasons }))
}
