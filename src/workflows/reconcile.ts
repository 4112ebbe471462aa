// Reads a pull request from GitHub, stores the difference, and sets going what follows from it. The same code runs for a
// webhook and for a sweep; what changed comes from two states, never from a payload.

import { upsert, type Change, type Job } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import { diffObservation, type StoredLists } from '../domain/mirror/diff-observation.ts'
import { nextMirror } from '../domain/mirror/next-mirror.ts'
import type { Observation } from '../domain/mirror/observation.ts'
import type { Mirror } from '../domain/mirror/records.ts'
import type { Project } from '../domain/records.ts'
import type { ObservationOutcome, ReadFailure } from '../ports/github.ts'
import { collectNews } from './collect-soon.ts'
import type { Deps, JobHandler } from './deps.ts'
import { followPullRequest, pullRequestGone } from './follow-pull-request.ts'
import { loadLists, loadMirrored, type MirroredPullRequest } from './mirrored-pull-request.ts'
import { missedTexts } from './missed-texts.ts'
import { repositoryOf } from './queries.ts'
import { scheduleReconcile } from './request-reconcile.ts'

type ReconcileJob = Extract<Job, { readonly kind: 'reconcile' }>

/** Brings the mirror of a pull request up to what GitHub shows now. */
export const reconcile: JobHandler<'reconcile'> = async (deps, job) => {
  const stored = await loadMirrored(deps, job)
  if (stored === null) return []
  const { project } = stored
  const { repositoryId } = project
  const name = { repository: repositoryOf(project), repositoryId, number: job.number }
  const outcome = await deps.observer.observe(name, job.cause)
  switch (outcome.kind) {
    case 'observed':
      return isStale(stored, outcome.observation)
        ? readAgainSoon(deps, job, project)
        : storeObservation(deps, { job, stored, outcome })
    case 'gone':
      return pullRequestGone(deps, stored)
    case 'refused':
    case 'try_later':
      return readLater(deps, { job, project, failure: outcome })
    default:
      return outcome satisfies never
  }
}

/** GitHub answers from copies that lag: an older state of the pull request says nothing about its lists either. */
function isStale({ known }: MirroredPullRequest, { pullRequest }: Observation): boolean {
  return pullRequest.updatedAt < known.observedAt
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

/** About a quarter of an hour of waits, each twice as long as the one before. */
const MOST_FAILED_READS = 10
const FAILED_WAIT_MS = 1_000

/** A refusal is a missing permission, or the App was taken off: asking again at once would not help, the sweep does. */
function readLater(deps: Deps, { job, project, failure }: FailedRead): readonly Change[] {
  const { number, cause } = job
  const failedReads = (job.failedReads ?? 0) + 1
  deps.log.warn({ project: project.id, number, failure, failedReads }, 'pull_request_not_read')
  // One pull request that GitHub can not show must not use up the points of all others.
  if (failure.kind === 'refused') return [mayHaveLostAccess(deps, project, number)]
  if (failedReads > MOST_FAILED_READS) return []
  const waitMs = Math.max(failure.afterMs, FAILED_WAIT_MS * 2 ** (failedReads - 1))
  const runAt = deps.clock.now() + waitMs
  const read = { job: { cause, failedReads }, idem: `later:${deps.ids.random(10)}`, runAt }
  return [scheduleReconcile({ project, number }, read)]
}

/** Whoever handles it asks GitHub about the repository itself before anything ends. */
function mayHaveLostAccess(deps: Deps, { id, repositoryId }: Project, number: number): Change {
  return {
    kind: 'enqueue',
    lane: prLane(repositoryId, number),
    idem: `refused:${id}:${number}:${deps.ids.random(10)}`,
    job: {
      kind: 'handle_event',
      event: { kind: 'access_lost', repositoryId, because: 'repository_removed', isSecondLook: true },
    },
    runAt: deps.clock.now(),
  }
}

interface FreshRead {
  readonly job: ReconcileJob
  readonly stored: MirroredPullRequest
  readonly outcome: Extract<ObservationOutcome, { readonly kind: 'observed' }>
}

async function storeObservation(deps: Deps, read: FreshRead): Promise<readonly Change[]> {
  const { job, stored } = read
  const { project, known } = stored
  const at = { projectId: project.id, prNumber: job.number }
  const lists = await loadLists(deps, at)
  const observation = afterTheLast(read.outcome.observation, stored.mirror, lists)
  const diff = diffObservation(lists, observation, at)
  // Danger: a look before the read may be newer than the read, and would vouch for what that did not see.
  const fingerprint = read.outcome.fingerprint ?? job.fingerprint ?? null
  const mirror = nextMirror({ ...at, known: stored.mirror, observation, diff, fingerprint })
  const isUnchanged = mirror === stored.mirror && diff.changes.length === 0
  const follows = await followPullRequest(deps, { project, known, observed: observation.pullRequest })
  return [
    ...diff.changes,
    ...(mirror === stored.mirror ? [] : [upsert('mirrors', mirror)]),
    ...follows,
    ...(await missedTexts(deps, stored, observation)),
    ...readAgainWhenComputed(deps, read),
    ...(isUnchanged
      ? []
      : [collectNews({ project, number: job.number }, { at: deps.clock.now(), idem: deps.ids.random(10) })]),
  ]
}

/**
 * Returns the read with a time that is no earlier than that of any read before it.
 *
 * Reads of a pull request follow each other in its lane, whatever the clocks say: one that was set back, or that of
 * another machine, would have every read refused until it is where the other one was.
 */
function afterTheLast(
  observation: Observation,
  mirror: Mirror | null,
  { threads, comments, reviews, checks }: StoredLists,
): Observation {
  let readAt = Math.max(observation.readAt, mirror?.readAt ?? 0)
  for (const rows of [threads, comments, reviews, checks]) {
    for (const { observedAt } of rows) readAt = Math.max(readAt, observedAt)
  }
  return readAt === observation.readAt ? observation : { ...observation, readAt }
}

const COMPUTED_AFTER_MS = 10_000
const MOST_QUESTIONS = 5

/** GitHub computes mergeability only once somebody asked; without a webhook for it, asking again is the only way. */
function readAgainWhenComputed(deps: Deps, { job, stored, outcome }: FreshRead): readonly Change[] {
  const { observation } = outcome
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
