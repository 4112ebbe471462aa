// Has the agent told what waits for it: asked for whenever something ended that may have kept it busy.

import type { Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import { collectNews } from './collect-soon.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns the change that has the agent told what waits, once it is free. */
export function respondSoon(
  deps: Deps,
  session: {
    readonly project: { readonly repositoryId: number }
    readonly pullRequest: { readonly number: number }
    readonly sessionId: string
  },
): Change {
  const { project, pullRequest, sessionId } = session
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, pullRequest.number),
    idem: `respond:${sessionId}:${deps.ids.random(10)}`,
    job: { kind: 'respond', sessionId },
    runAt: deps.clock.now(),
  }
}

/**
 * Returns the change that has waiting news told after something ended that kept the agent busy.
 *
 * They are judged once more before: it may have lasted for days, and whoever wrote them may not be heard any more.
 */
export function respondAfter(deps: Deps, { project, pullRequest }: SessionContext): Change {
  const idem = `after:${deps.ids.random(10)}`
  return collectNews({ project, number: pullRequest.number }, { at: deps.clock.now(), idem })
}
