// A decision as people and programs may see it; column names stay inside. Decides nothing.

import { z } from 'zod'
import type { Decision } from '../../domain/records.ts'
import type { View } from './define-route.ts'
import { sha, time, toTime } from './wire-values.ts'

export const decisionView = z
  .object({
    id: z.string().describe('Six characters, unique in the project.'),
    session: z.string(),
    pipeline: z.string(),
    pr: z.int(),
    phase: z.string(),
    kind: z.enum([
      'hard_reset_recovery',
      'divergence_reconcile_unacked',
      'sync_blocked',
      'backup_failed',
      'branch_gone',
      'empty_contract',
      'consensus_stalled',
      'agent_failed',
      'agent_question',
      'nudge_budget',
    ]),
    context: z.string().describe('`<kind>:<phase>`, or `<kind>:<pull request>`.'),
    options: z.array(z.object({ id: z.string(), label: z.string(), button: z.string() })),
    details: z
      .record(z.string(), z.unknown())
      .describe('The facts it was asked from; they depend on the kind.'),
    headSha: sha.describe('The head of the branch it was asked about; a move of the branch withdraws it.'),
    runEpoch: z.int(),
    status: z.enum(['pending', 'resolved', 'cancelled', 'expired']),
    answer: z.string().nullable().describe('The id of the chosen option.'),
    answeredBy: z.string().nullable(),
    answeredVia: z.enum(['command', 'bare_command', 'button', 'cli', 'rest']).nullable(),
    answeredAt: time.nullable(),
    cancelReason: z.string().nullable(),
    successor: z.string().nullable().describe('The question that took its place.'),
    createdAt: time,
  })
  .meta({ id: 'Decision' })

/** Returns a decision for the wire. */
export function toDecisionView(decision: Decision): View<typeof decisionView> {
  const { id, phase, kind, context, headSha, runEpoch, status } = decision
  const { answer, answeredBy, answeredVia, cancelReason } = decision
  return {
    id,
    session: decision.sessionId,
    pipeline: decision.pipelineId,
    pr: decision.prNumber,
    phase,
    kind,
    context,
    options: decision.options.map((option) => ({
      id: option.id,
      label: option.label,
      button: option.button,
    })),
    details: { ...decision.details },
    headSha,
    runEpoch,
    status,
    answer,
    answeredBy,
    answeredVia,
    answeredAt: toTime(decision.answeredAt),
    cancelReason,
    successor: decision.successorId,
    createdAt: toTime(decision.createdAt),
  }
}
