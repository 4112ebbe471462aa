// What follows from the answer to the question about a plan without tasks: the plan is read again, or its phase runs again.

import type { Change } from '../domain/changes.ts'
import type { QuestionOf } from '../domain/decision/subject.ts'
import { planBriefing } from '../domain/text/work-briefing.ts'
import { actionOf } from './answered-action.ts'
import { concludeSoon } from './conclude-soon.ts'
import type { Deps } from './deps.ts'
import { findPlanningPhase } from './planning-phase.ts'
import { listPhases } from './queries.ts'
import { nextEpoch, resumePhase, type Acting, type Resumption } from './resume-phase.ts'
import { enqueueStartPhase } from './start-phase.ts'

/** Returns the changes that let the pipeline go on. */
export async function goOnAfterContract(
  deps: Deps,
  acting: Acting<QuestionOf<'empty_contract'>>,
): Promise<readonly Change[]> {
  const { context, pipeline, decision } = acting
  const rewindTo = await planningPhase(deps, acting)
  const common = { rounds: 0, ...(rewindTo === null ? {} : { rewindTo }) }
  const runEpoch = nextEpoch(pipeline)
  const order = { pipelineId: pipeline.id, runEpoch }
  if (actionOf(decision) === 'populate_contract')
    return resumePhase(deps, acting, {
      ...common,
      briefing: null,
      isNewStart: false,
      next: [concludeSoon(deps, context, order)],
    })
  const { path, reason, faults } = decision.details
  return resumePhase(deps, acting, {
    ...common,
    briefing: planBriefing({ path, reason, faults, branch: context.session.branch }),
    isNewStart: true,
    next: [enqueueStartPhase(deps, context, { ...order, delayMs: 0 })],
  })
}

/** Noticed before a later phase, the plan is still the business of the phase that makes it. */
async function planningPhase(
  deps: Deps,
  { pipeline, phase }: Pick<Acting, 'pipeline' | 'phase'>,
): Promise<NonNullable<Resumption['rewindTo']> | null> {
  const phases = await listPhases(deps.store, pipeline.id)
  const planning = findPlanningPhase(pipeline, phases, phase)
  if (planning === null || planning.id === phase.id) return null
  return { phase: planning, later: phases.filter(({ position }) => position > planning.position) }
}
