// Has the end of a phase taken up again: after an acceptance, or after an answer.

import type { Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns the change that has the current phase of a pipeline brought to its end; once for each run epoch. */
export function concludeSoon(
  deps: Deps,
  { project, session }: SessionContext,
  { pipelineId, runEpoch }: { readonly pipelineId: string; readonly runEpoch: number },
): Change {
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, session.prNumber),
    idem: `conclude:${pipelineId}:${runEpoch}`,
    job: { kind: 'conclude_phase', pipelineId, runEpoch },
    runAt: deps.clock.now(),
  }
}
