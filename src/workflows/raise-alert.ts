// Alerts: rows an operator's tools watch, each with its lifecycle row.

import { insert, type Change } from '../domain/changes.ts'
import type { Backup, Decision, Session } from '../domain/records.ts'
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

/** Returns the alert for a workspace that stays because not everything in it could be saved, once for each session. */
export async function raiseWorkspaceHeld(
  deps: Deps,
  event: { readonly session: Session; readonly detail: string },
): Promise<readonly Change[]> {
  const { id: sessionId, projectId, prNumber } = event.session
  const code = 'workspace_held'
  if ((await deps.store.list('alerts', { code, sessionId })).length > 0) return []
  const id = `al_${deps.ids.random(12)}`
  const details = { detail: event.detail }
  const raisedAt = deps.clock.now()
  deps.log.error({ session: sessionId, ...details }, code)
  return [
    insert('alerts', { id, code, projectId, sessionId, pipelineId: null, details, raisedAt }),
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

/** Returns the alert for a pin that can not be read back, once for each pin. */
export async function raiseDamagedPin(
  deps: Deps,
  event: { readonly backup: Backup; readonly detail: string },
): Promise<readonly Change[]> {
  const { id: backup, projectId, sessionId, prefix } = event.backup
  const code = 'backup_damaged'
  const raised = await deps.store.list('alerts', { code, sessionId })
  if (raised.some(({ details }) => details['backup'] === backup)) return []
  const session = await deps.store.find('sessions', { id: sessionId })
  const id = `al_${deps.ids.random(12)}`
  const details = { backup, prefix, detail: event.detail }
  deps.log.error({ session: sessionId, ...details }, code)
  return [
    insert('alerts', {
      id,
      code,
      projectId,
      sessionId,
      pipelineId: null,
      details,
      raisedAt: deps.clock.now(),
    }),
    {
      kind: 'log',
      type: 'alert.raised',
      projectId,
      prNumber: session?.prNumber ?? null,
      sessionId,
      payload: { v: 1, alert_id: id, code, ...details },
      once: null,
    },
  ]
}
