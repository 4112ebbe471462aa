// What the change log must hold when nothing is due any more: every fact once, in order, nothing missing.

import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { Decision } from '../../../src/domain/records.ts'
import type { PipelineBench } from './bench.ts'
import type { Move } from './transitions.ts'
import type { View } from './view.ts'

interface Entry {
  readonly seq: number
  readonly type: string
  readonly decision: string | null
  readonly pipeline: string | null
  readonly epoch: number | null
  readonly phase: string | null
}

const LIFECYCLE = `SELECT seq, type, json_extract(payload, '$.decision_id') AS decision,
  json_extract(payload, '$.pipeline_id') AS pipeline, json_extract(payload, '$.run_epoch') AS epoch,
  json_extract(payload, '$.phase') AS phase FROM change_log
  WHERE type LIKE 'pipeline.%' OR type LIKE 'phase.%' OR type LIKE 'decision.%' ORDER BY seq`

/** Returns what is wrong with the log. */
export async function brokenLog(bench: PipelineBench, view: View): Promise<readonly string[]> {
  const entries = await bench.query<Entry>(LIFECYCLE)
  const moves = await bench.query<Move>(`SELECT machine, id, was, now FROM model_moves ORDER BY no`)
  return [
    ...repeated(entries),
    ...view.decisions.flatMap((decision) => toldOf(entries, decision)),
    ...missing(entries, moves),
  ]
}

function repeated(entries: readonly Entry[]): readonly string[] {
  const seen = new Set<string>()
  return entries.flatMap(({ type, pipeline, epoch, phase, decision }) => {
    const isOfDecision = type.startsWith('decision.')
    const isOfPhase = type.startsWith('phase.')
    const key = isOfDecision
      ? `${type} ${decision}`
      : `${type} ${pipeline} ${epoch} ${isOfPhase ? phase : ''}`
    if (seen.has(key)) return [`The log tells ${key} twice`]
    seen.add(key)
    return []
  })
}

const ENDS: Readonly<Record<Decision['status'], string | null>> = {
  pending: null,
  resolved: 'decision.resolved',
  cancelled: 'decision.cancelled',
  expired: 'decision.expired',
}

/** A question is told when it was asked and how it ended; a failure before its question. */
function toldOf(entries: readonly Entry[], decision: Decision): readonly string[] {
  const { id, kind, status, pipelineId, runEpoch, phase, concerns } = decision
  const about = entries.filter((entry) => entry.decision === id).map(({ type }) => type)
  const end = ENDS[status]
  const isFailure = DECISIONS[kind].statusWhileOpen === 'failed' && concerns === 'pipeline'
  const seqOf = (type: string): number =>
    entries.find(
      (entry) =>
        entry.type === type &&
        (type === 'decision.created'
          ? entry.decision === id
          : entry.pipeline === pipelineId &&
            entry.epoch === runEpoch &&
            (type !== 'phase.failed' || entry.phase === phase)),
    )?.seq ?? -1
  const [phaseAt = -1, pipelineAt = -1, createdAt = -1] = [
    'phase.failed',
    'pipeline.failed',
    'decision.created',
  ].map(seqOf)
  const isInOrder = !isFailure || (phaseAt > 0 && phaseAt < pipelineAt && pipelineAt < createdAt)
  return [
    ...(createdAt > 0 ? [] : [`The log does not tell that ${kind} ${id} was asked`]),
    ...(end === null || about.includes(end) ? [] : [`The log does not tell that ${kind} ${id} is ${status}`]),
    ...(isInOrder
      ? []
      : [`The log tells the failure of ${kind} ${id} out of order: ${phaseAt}, ${pipelineAt}, ${createdAt}`]),
  ]
}

/** Every end of a pipeline or phase that was written is told, as often as it was written. */
function missing(entries: readonly Entry[], moves: readonly Move[]): readonly string[] {
  const ends = [
    ['pipeline', 'complete', 'pipeline.completed'],
    ['pipeline', 'failed', 'pipeline.failed'],
    ['pipeline', 'cancelled', 'pipeline.cancelled'],
    ['phase', 'complete', 'phase.completed'],
    ['phase', 'failed', 'phase.failed'],
  ] as const
  return ends.flatMap(([machine, status, type]) => {
    const written = moves.filter((move) => move.machine === machine && move.now === status).length
    const told = entries.filter((entry) => entry.type === type).length
    return written === told
      ? []
      : [`${written} times a ${machine} was ${status}, and ${told} times it was told`]
  })
}
