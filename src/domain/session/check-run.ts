// One logical check per pull request, many check runs on GitHub: a completed run can not reopen and belongs to a commit.

import type { CheckRunState } from '../effects.ts'
import type { Sha } from '../ids.ts'
import type { CheckRunRow } from '../records.ts'

export interface CheckRunPlan {
  /** The run that shows the state now. */
  readonly current: Pick<CheckRunRow, 'headSha' | 'generation'>
  readonly isNew: boolean
  /** Runs of other commits that were left open and end as neutral, "continued at". */
  readonly toClose: readonly CheckRunRow[]
}

/**
 * Plans which check run shows the wanted state.
 *
 * A new run is made when the head moved and when work starts again after a completed run.
 */
export function planCheckRun(
  rows: readonly CheckRunRow[],
  wanted: { readonly headSha: Sha; readonly state: CheckRunState },
): CheckRunPlan {
  const ofHead = rows.filter((row) => row.headSha === wanted.headSha)
  const newest = ofHead.reduce<CheckRunRow | null>(
    (a, b) => (a === null || b.generation > a.generation ? b : a),
    null,
  )
  const mustReopen = newest !== null && newest.isCompleted && wanted.state.status !== 'completed'
  const isNew = newest === null || mustReopen
  const generation = newest === null ? 1 : newest.generation + (mustReopen ? 1 : 0)
  return {
    current: { headSha: wanted.headSha, generation },
    isNew,
    toClose: rows.filter((row) => row.headSha !== wanted.headSha && !row.isCompleted),
  }
}

/** Returns the outbox target of one check run. */
export function checkRunTarget(run: {
  readonly projectId: string
  readonly prNumber: number
  readonly headSha: Sha
  readonly generation: number
}): string {
  return `check:${run.projectId}#${run.prNumber}:${run.headSha}:${run.generation}`
}
