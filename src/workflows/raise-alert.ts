// Alerts: rows an operator's tools watch, each with its lifecycle row.

import { insert, type Change } from '../domain/changes.ts'
import type { Decision } from '../domain/records.ts'
import type { Deps } from './deps.ts'

/** Returns the alert for an answer that is no option; the question stays open. */
export function raiseUnknownAnswer(
  deps: Deps,
  event: { readonly decision: Decision; readonly answer: string; readonly actor: string },
): readonly Change[] {
  const { decision, answer, actor } = event
  const { projectId, sessionId, pipelineId, prNumber } = decision
  const id = `al_${deps.ids.random(12)}`
  const code = 'hard_reset_recovery_unknown_resolution'
  const details = { decision_id: decision.id, context: decision.context, resolution: answer, actor }
  return [
    insert('alerts', { id, code, projectId, sessionId, pipelineId, details, raisedAt: deps.clock.now() }),
    {
      kind: 'log',
      type: 'alert.raised',
      projectId,
      prNumber,
      sessionId,
      payload: { v: 1, alert_id: id, code, ...details },
      once: null,
    },
  ]
}
