// Reads the plan of a phase out of a worktree that was just synced, and turns it into the rows of a contract; or the
// question that is asked when there are none.

import { upsert, type Change } from '../domain/changes.ts'
import { nextTasks } from '../domain/contract/next-tasks.ts'
import { parsePlan } from '../domain/contract/parse-plan.ts'
import type { PlanFault } from '../domain/contract/plan.ts'
import type { ContractDetails } from '../domain/decision/details.ts'
import type { Sha } from '../domain/ids.ts'
import type { ContractTask } from '../domain/pipeline/records.ts'
import type { Pipeline } from '../domain/records.ts'
import { emptyContractLine } from '../domain/text/plan-faults.ts'
import { askAboutWork } from './ask-about-work.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import type { PhaseWork } from './phase-work.ts'
import type { SessionContext } from './queries.ts'

/** More is no plan that anybody reads. */
const LONGEST_PLAN_BYTES = 1024 * 1024

export interface PlanPlace {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  /** The phase that makes the plan. */
  readonly phase: string
  readonly path: string
  /** Where the worktree is. */
  readonly head: Sha
}

/** What reading a plan came to. */
export type Filled =
  | {
      readonly kind: 'populated'
      readonly path: string
      readonly tasks: number
      /** Whether it holds something else than at its last reading. */
      readonly changed: boolean
      readonly changes: readonly Change[]
    }
  | NotFilled

export type NotFilled =
  | { readonly kind: 'draft_missing'; readonly path: string }
  | { readonly kind: 'parse_failed'; readonly path: string; readonly faults: readonly PlanFault[] }
  | { readonly kind: 'empty_result'; readonly path: string }

/**
 * Reads the plan and returns the rows of its contract, or why there are none.
 *
 * Only for a worktree whose last sync said that readers may go on: anything else could hold the plan of nobody.
 */
export async function fillContract(deps: Deps, place: PlanPlace): Promise<Filled> {
  const { context, path } = place
  const { workspace } = context
  const text = await deps.runner.readFile({ workspace, path, maxBytes: LONGEST_PLAN_BYTES })
  if (text === null) return { kind: 'draft_missing', path }
  const plan = parsePlan(text)
  switch (plan.kind) {
    case 'empty':
      return { kind: 'empty_result', path }
    case 'faulty':
      return { kind: 'parse_failed', path, faults: plan.faults }
    case 'plan': {
      const { id: pipelineId, sessionId } = place.pipeline
      const stored = await deps.store.list('contractTasks', { pipelineId })
      const now = deps.clock.now()
      const next = nextTasks(plan, stored, { pipelineId, sessionId, now })
      const count = plan.tasks.length
      const changes = await contractRows(deps, place, { text, count, toWrite: next.toWrite })
      return { kind: 'populated', path, tasks: plan.tasks.length, changed: next.changed, changes }
    }
  }
}

async function contractRows(
  deps: Deps,
  { context, pipeline, phase, path, head }: PlanPlace,
  plan: { readonly text: string; readonly count: number; readonly toWrite: readonly ContractTask[] },
): Promise<readonly Change[]> {
  const { id: pipelineId, sessionId, projectId } = pipeline
  const digest = deps.ids.digest(plan.text)
  const before = await deps.store.find('contracts', { pipelineId })
  const populatedAt = before?.digest === digest ? before.populatedAt : deps.clock.now()
  return [
    upsert('contracts', { pipelineId, sessionId, projectId, phase, path, digest, head, populatedAt }),
    ...plan.toWrite.map((task) => upsert('contractTasks', task)),
    // The same plan read again is the same fact.
    lifecycle(context, pipeline, {
      type: 'contract.populated',
      details: { phase, path, tasks: plan.count, digest },
      once: `${pipelineId}:${digest}:${populatedAt}`,
    }),
  ]
}

export interface ContractQuestion {
  readonly work: Omit<PhaseWork, 'lane' | 'choice'>
  readonly filled: NotFilled
  readonly gate: ContractDetails['gate']
  readonly headSha: Sha
}

/** Returns the changes that ask what to do about a plan without tasks. */
export function askAboutContract(
  deps: Deps,
  { work, filled, gate, headSha }: ContractQuestion,
): Promise<readonly Change[]> {
  const { context, pipeline, phase } = work
  const { kind: reason, path } = filled
  const faults = filled.kind === 'parse_failed' ? filled.faults : []
  const details: ContractDetails = { branch: context.session.branch, gate, path, reason, faults }
  const detail = emptyContractLine(reason, path)
  return askAboutWork(deps, { context, pipeline, phase, kind: 'empty_contract', details, detail, headSha })
}
