// Reads a pull request from GitHub, stores the difference, and sets going what follows from it. The same code runs for a
// webhook and for a sweep; what changed comes from two states, never from a payload.

import { upsert, type Change, type Job } from '../domain/changes.ts'
import { diffObservation } from '../domain/mirror/diff-observation.ts'
import { nextMirror } from '../domain/mirror/next-mirror.ts'
import type { Observation } from '../domain/mirror/observation.ts'
import type { Project } from '../domain/records.ts'
import type { ReadFailure } from '../ports/github.ts'
import { collectNews } from './collect-soon.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { followPullRequest, pullRequestGone } from './follow-pull-request.ts'
import { loadLists, loadMirrored, type MirroredPullRequest } from './mirrored-pull-request.ts'
import { missedTexts } from './missed-texts.ts'
import { missedPush } from './missed-push.ts'
import { repositoryOf } from './queries.ts'
import { scheduleReconcile } from './request-reconcile.ts'

type ReconcileJob = Extract<Job, { readonly kind: 'reconcile' }>

/** Brings the mirror of a pull request up to what GitHub shows now. */
export const reconcile: JobHandler<'reconcile'> = async (deps, job, lane) => {
  const stored = await loadMirrored(deps, job)
  if (stored === null) return []
  const { project } = stored
  const name = { repository: repositoryOf(project), number: job.number }
  const outcome = await deps.observer.observe(name, job.cause)
  switch (outcome.kind) {
    case 'observed':
      return isStale(stored, outcome.observation)
        ? readAgainSoon(deps, job, project)
        : storeObservation(deps, { job, stored, observation: outcome.observation, lane })
    case 'gone':
      return pullRequestGone(deps, stored, lane)
    case 'refused':
    case 'try_later':
      return readLater(deps, { job, project, failure: outcome })
    default:
      return outcome satisfies never
  }
}

/** GitHub answers from copies that lag: an older state of the pull request says nothing about its lists either. */
function isStale({ known, mirror }: MirroredPullRequest, { pullRequest, readAt }: Observation): boolean {
  return pullRequest.updatedAt < known.observedAt || readAt < (mirror?.readAt ?? 0)
}

const MOST_STALE_READS = 5
const STALE_WAIT_MS = 5_000

function readAgainSoon(deps: Deps, job: ReconcileJob, project: Project): readonly Change[] {
  const staleReads = (job.staleReads ?? 0) + 1
  deps.log.info({ project: project.id, number: job.number, staleReads }, 'older_state_read')
  // The next sweep looks again.
  if (staleReads > MOST_STALE_READS) return []
  const { number, cause } = job
  const runAt = deps.clock.now() + STALE_WAIT_MS * staleReads
  const read = { job: { cause, staleReads }, idem: `stale:${deps.ids.random(10)}`, runAt }
  return [scheduleReconcile({ project, number }, read)]
}

interface FailedRead {
  readonly job: ReconcileJob
  readonly project: Project
  readonly failure: ReadFailure
}

/** A refusal is a missing permission: asking at once would not help, and the sweep asks again. */
function readLater(deps: Deps, { job, project, failure }: FailedRead): readonly Change[] {
  const { number, cause } = job
  deps.log.warn({ project: project.id, number, failure }, 'pull_request_not_read')
  if (failure.kind === 'refused') return []
  const runAt = deps.clock.now() + failure.afterMs
  const read = { job: { cause }, idem: `later:${deps.ids.random(10)}`, runAt }
  return [scheduleReconcile({ project, number }, read)]
}

interface FreshRead {
  readonly job: ReconcileJob
  readonly stored: MirroredPullRequest
  readonly observation: Observation
  readonly lane: JobLane
}

async function storeObservation(deps: Deps, read: FreshRead): Promise<readonly Change[]> {
  const { job, stored, observation, lane } = read
  const { project, known } = stored
  const at = { projectId: project.id, prNumber: job.number }
  const diff = diffObservation(await loadLists(deps, at), observation, at)
  const fingerprint = job.fingerprint ?? null
  const mirror = nextMirror({ ...at, known: stored.mirror, observation, diff, fingerprint })
  const isUnchanged = mirror === stored.mirror && diff.changes.length === 0
  const follows = await followPullRequest(deps, { project, known, observed: observation.pullRequest }, lane)
  return [
    ...diff.changes,
    ...(mirror === stored.mirror ? [] : [upsert('mirrors', mirror)]),
    ...follows,
    ...missedPush(deps, stored, observation),
    ...(await missedTexts(deps, stored, observation)),
    ...readAgainWhenComputed(deps, read),
    ...(isUnchanged
      ? []
      : [collectNews({ project, number: job.number }, { at: deps.clock.now(), idem: deps.ids.random(10) })]),
  ]
}

const COMPUTED_AFTER_MS = 10_000
const MOST_QUESTIONS = 5

/** GitHub computes mergeability only once somebody asked; without a webhook for it, asking again is the only way. */
function readAgainWhenComputed(deps: Deps, { job, stored, observation }: FreshRead): readonly Change[] {
  const { mergeability, pullRequest } = observation
  const asked = (job.asked ?? 0) + 1
  if (mergeability !== 'unknown' || pullRequest.state !== 'open' || asked > MOST_QUESTIONS) return []
  const { project } = stored
  // The base's commit as GitHub shows it does not move with every push to the base, so it names no state of both.
  const idem = `mergeability:${observation.readAt}:${asked}`
  const runAt = deps.clock.now() + COMPUTED_AFTER_MS * 2 ** (asked - 1)
  const read = { job: { cause: 'sweep', asked }, idem, runAt } as const
  return [scheduleReconcile({ project, number: job.number }, read)]
}
