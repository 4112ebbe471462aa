// Opens and ends the watch over a phase. A watch is a row and no process, so it outlives every crash and is never left
// behind; it ends before anybody is told that its pipeline failed.

import { update, upsert, type Change } from '../domain/changes.ts'
import type { PhaseRun, Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'

/** A start of a phase: the first one, or one after an answer or a restart. */
export interface WatchedStart {
  readonly pipeline: Pick<Pipeline, 'id' | 'sessionId'>
  readonly phase: Pick<PhaseRun, 'id'>
  /** The epoch that the start opens. */
  readonly runEpoch: number
}

/** Returns the change that opens the watch over a start of a phase; the same start has one watch. */
export function watchOpened({ pipeline, phase, runEpoch }: WatchedStart, now: number): Change {
  return upsert('overseers', {
    id: `${phase.id}@${runEpoch}`,
    sessionId: pipeline.sessionId,
    pipelineId: pipeline.id,
    phaseRunId: phase.id,
    runEpoch,
    status: 'watching',
    raised: [],
    startedAt: now,
    endedAt: null,
  })
}

/** Returns the changes that end every watch over a pipeline; none when nobody watches. */
export async function watchersOver({ store, clock }: Deps, pipelineId: string): Promise<readonly Change[]> {
  const watching = await store.list('overseers', { pipelineId, status: 'watching' })
  const set = { status: 'over', endedAt: clock.now() } as const
  return watching.map(({ id }) => update('overseers', { where: { id }, set }))
}
