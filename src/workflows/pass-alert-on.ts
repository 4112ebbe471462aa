// An alert of an agent: what it wrote, with where it comes from, for the operator and the people of the pull request.

import { keptText } from '../domain/text/door.ts'
import { done, type DoorWork } from './admit-door-request.ts'
import { refreshStatus } from './present-session.ts'
import { raiseAlert } from './raise-alert.ts'

/** Raises the alert, once in a pipeline for the same text. */
export const passAlertOn: DoorWork<'alert'> = async (deps, { context, pipeline, attempt }, { text }) => {
  const { projectId, prNumber, id: sessionId } = context.session
  const phase = await deps.store.find('phaseRuns', { id: attempt.phaseRunId })
  const raised = await raiseAlert(deps, {
    code: 'agent_alert',
    subject: { projectId, prNumber, sessionId, pipelineId: pipeline.id },
    details: {
      text: keptText(text.body),
      attempt: attempt.id,
      agent: attempt.agent,
      role: attempt.role,
      phase: phase?.name ?? pipeline.currentPhase,
    },
    once: ['text'],
  })
  return done(raised.length === 0 ? [] : [...raised, refreshStatus(deps, context)])
}
