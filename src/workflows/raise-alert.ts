// Alerts: rows an operator's tools watch, each with its lifecycle row. Knows no channel they are shown in.

import { insert, type Change } from '../domain/changes.ts'
import type { Alert, AlertCode, Backup, Decision, Session } from '../domain/records.ts'
import type { Deps } from './deps.ts'

/** What an alert is about. */
export interface AlertSubject {
  readonly projectId: string
  readonly prNumber: number | null
  readonly sessionId: string | null
  readonly pipelineId: string | null
}

/** Something an operator and the people of a pull request should look at. */
export interface RaisedAlert {
  readonly code: AlertCode
  readonly subject: AlertSubject
  readonly details: Alert['details']
  /**
   * Names the details that make it the same alert: one about the same session and pipeline with the same values is not
   * raised again. With an empty list the code alone does; absent, it is raised each time.
   */
  readonly once?: readonly string[]
}

/** Returns the changes that raise an alert; none when it was raised before. */
export async function raiseAlert(deps: Deps, alert: RaisedAlert): Promise<readonly Change[]> {
  return (await wasRaised(deps, alert)) ? [] : alertChanges(deps, alert)
}

/** Returns the alert for an answer that is no option; the question stays open. */
export function raiseUnknownAnswer(
  deps: Deps,
  event: { readonly decision: Decision; readonly answer: string; readonly actor: string },
): readonly Change[] {
  const { decision, answer, actor } = event
  const { projectId, sessionId, pipelineId, prNumber } = decision
  return alertChanges(deps, {
    code: 'hard_reset_recovery_unknown_resolution',
    subject: { projectId, prNumber, sessionId, pipelineId },
    details: { decision_id: decision.id, context: decision.context, resolution: answer, actor },
  })
}

/** Returns the alert for a workspace that stays because not everything in it could be saved, once for each session. */
export function raiseWorkspaceHeld(
  deps: Deps,
  event: { readonly session: Session; readonly detail: string },
): Promise<readonly Change[]> {
  const { id: sessionId, projectId, prNumber } = event.session
  return raiseAlert(deps, {
    code: 'workspace_held',
    subject: { projectId, prNumber, sessionId, pipelineId: null },
    details: { detail: event.detail },
    once: [],
  })
}

/** Returns the alert for a pin that can not be read back, once for each pin. */
export async function raiseDamagedPin(
  deps: Deps,
  event: { readonly backup: Backup; readonly detail: string },
): Promise<readonly Change[]> {
  const { id: backup, projectId, sessionId, prefix } = event.backup
  const session = await deps.store.find('sessions', { id: sessionId })
  return raiseAlert(deps, {
    code: 'backup_damaged',
    subject: { projectId, prNumber: session?.prNumber ?? null, sessionId, pipelineId: null },
    details: { backup, prefix, detail: event.detail },
    once: ['backup'],
  })
}

async function wasRaised({ store }: Deps, { code, subject, details, once }: RaisedAlert): Promise<boolean> {
  if (once === undefined) return false
  const { projectId, sessionId, pipelineId } = subject
  const earlier = await store.list('alerts', { code, projectId, sessionId, pipelineId })
  return earlier.some((alert) => once.every((name) => alert.details[name] === details[name]))
}

function alertChanges(deps: Deps, { code, subject, details }: RaisedAlert): readonly Change[] {
  const { prNumber, ...about } = subject
  const { projectId, sessionId, pipelineId } = about
  const id = `al_${deps.ids.random(12)}`
  deps.log.error({ alert: id, session: sessionId, pipeline: pipelineId, ...details }, code)
  return [
    insert('alerts', { id, code, ...about, details, raisedAt: deps.clock.now() }),
    {
      kind: 'log',
      type: 'alert.raised',
      projectId,
      prNumber,
      sessionId,
      // What a detail is called must not hide what the alert is.
      payload: { ...details, v: 1, alert_id: id, code, ...SEEN_AS, anomaly: code },
      once: null,
    },
  ]
}

/** The name and weight that watchers of the change log wait for. */
const SEEN_AS = { name: 'OVERSEER_ALERT', priority: 'high' } as const
