// Lets a pipeline that a question held up go on, under a new run epoch: consensus, restart counts and health anchors of
// the old one can not be seen any more. What exactly goes on is the question's own business.

import type { Change } from '../domain/changes.ts'
import { addBriefing } from '../domain/pipeline/briefings.ts'
import type { Decision, PhaseRun, Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { movePhase, movePipeline } from './move.ts'
import { staleProposals } from './propose.ts'
import type { SessionContext } from './queries.ts'
import { watchersOver, watchOpened } from './watch-phases.ts'

/** An answer that acts on a pipeline which waits for it. */
export interface Acting<D extends Decision = Decision> {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  /** The phase the pipeline stands at. */
  readonly phase: PhaseRun
  readonly decision: D
}

/** How it goes on. */
export interface Resumption {
  /** What the next attempt must know before it begins; null keeps what the phase was to tell anyway. */
  readonly briefing: string | null
  /** A new attempt makes a new start of the phase; going on after the work does not. */
  readonly isNewStart: boolean
  /** Proposals made so far that still count; 0 where the reviewers begin anew. */
  readonly rounds: number
  /** An earlier phase that runs again, with everything behind it. */
  readonly rewindTo?: { readonly phase: PhaseRun; readonly later: readonly PhaseRun[] }
  /** What follows, under the new epoch. */
  readonly next: readonly Change[]
}

/** Returns the epoch under which an answer lets a pipeline go on. */
export function nextEpoch({ runEpoch }: Pipeline): number {
  return runEpoch + 1
}

/** Returns the changes that let it go on. */
export async function resumePhase(
  deps: Deps,
  { pipeline, phase, context }: Acting,
  how: Resumption,
): Promise<readonly Change[]> {
  const runEpoch = nextEpoch(pipeline)
  const { rewindTo, isNewStart, briefing, rounds } = how
  const target = rewindTo?.phase ?? phase
  const set = {
    ...(isNewStart ? { startedAt: null } : {}),
    restarts: 0,
    rounds,
    failure: null,
    endedAt: null,
  }
  const told =
    briefing === null ? target.briefings : addBriefing(target.briefings, { about: 'turn', text: briefing })
  const event = rewindTo === undefined ? 'resumed' : 'restarted'
  return [
    ...movePipeline(pipeline, 'resumed', {
      runEpoch,
      currentPhase: target.name,
      failure: null,
      endedAt: null,
    }),
    ...movePhase(target, event, { ...set, briefings: told }),
    ...(rewindTo?.later ?? []).flatMap((one) => movePhase(one, 'rewound', { ...set, startedAt: null })),
    ...(await staleProposals(deps, phase)),
    ...(await watchersOver(deps, pipeline.id)),
    // A new start is watched from its first attempt on; what goes on after the work is watched from now on.
    ...(isNewStart ? [] : [watchOpened({ pipeline, phase: target, runEpoch }, deps.clock.now())]),
    ...rewriteSettled(deps, context),
    ...how.next,
  ]
}

/** A person has seen what became of the branch: the next sync reconciles it like any other. */
export function rewriteSettled(deps: Deps, { session }: SessionContext): readonly Change[] {
  if (session.remoteMoved === null) return []
  const set = { remoteMoved: null, updatedAt: deps.clock.now() }
  return [{ kind: 'update', table: 'sessions', where: { id: session.id }, set }]
}
