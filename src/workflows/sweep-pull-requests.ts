// Sweep B: every open pull request with a session is looked at lightly, and read fully when something differs or a day
// went by. This heals what no webhook ever told.

import type { Change } from '../domain/changes.ts'
import type { Mirror } from '../domain/mirror/records.ts'
import type { Project, PullRequest } from '../domain/records.ts'
import type { GlanceOutcome } from '../ports/github.ts'
import type { Deps } from './deps.ts'
import { repositoryOf } from './queries.ts'
import { scheduleReconcile } from './request-reconcile.ts'
import { isMirrored } from './mirrored-pull-request.ts'

const DAY_MS = 24 * 60 * 60 * 1000

interface Mirrored {
  readonly project: Project
  readonly pullRequest: PullRequest
}

export interface SweepCounts {
  readonly looked: number
  readonly toRead: number
}

/** Looks at all mirrored pull requests and has those read that need it; one installation never holds up another. */
export async function sweepPullRequests(deps: Deps): Promise<SweepCounts> {
  const groups = await mirroredByInstallation(deps)
  const counts = await Promise.all([...groups.values()].map((group) => sweepInstallation(deps, group)))
  const looked = counts.reduce((sum, count) => sum + count.looked, 0)
  const toRead = counts.reduce((sum, count) => sum + count.toRead, 0)
  if (looked > 0) deps.log.info({ looked, toRead }, 'pull_requests_swept')
  return { looked, toRead }
}

async function mirroredByInstallation(deps: Deps): Promise<ReadonlyMap<number, readonly Mirrored[]>> {
  const groups = new Map<number, Mirrored[]>()
  const open = (await deps.store.list('pullRequests', { state: 'open' })).filter(isMirrored)
  const ids = [...new Set(open.map(({ projectId }) => projectId))]
  const projects = new Map((await deps.store.list('projects', { id: ids })).map((one) => [one.id, one]))
  for (const pullRequest of open) {
    const project = projects.get(pullRequest.projectId)
    if (project === undefined) continue
    const group = groups.get(project.installationId) ?? []
    group.push({ project, pullRequest })
    groups.set(project.installationId, group)
  }
  return groups
}

async function sweepInstallation(deps: Deps, group: readonly Mirrored[]): Promise<SweepCounts> {
  const names = group.map(({ project, pullRequest }) => ({
    repository: repositoryOf(project),
    number: pullRequest.number,
  }))
  const outcomes = await deps.observer.glance(names)
  const mirrors = await mirrorsOf(deps, group)
  const changes: Change[] = []
  for (const [position, { project, pullRequest }] of group.entries()) {
    const outcome = outcomes[position]
    if (outcome === undefined) continue
    const { number } = pullRequest
    const read = readFor(deps, { outcome, mirror: mirrors.get(keyOf(project.id, number)) ?? null })
    if (read === null) continue
    changes.push(scheduleReconcile({ project, number }, read))
  }
  if (changes.length > 0) await deps.store.commit(changes, null)
  tellFailures(deps, group, outcomes)
  return { looked: group.length, toRead: changes.length }
}

async function mirrorsOf(deps: Deps, group: readonly Mirrored[]): Promise<ReadonlyMap<string, Mirror>> {
  const projectId = [...new Set(group.map(({ project }) => project.id))]
  const prNumber = [...new Set(group.map(({ pullRequest }) => pullRequest.number))]
  const mirrors = await deps.store.list('mirrors', { projectId, prNumber })
  return new Map(mirrors.map((mirror) => [keyOf(mirror.projectId, mirror.prNumber), mirror]))
}

function keyOf(projectId: string, number: number): string {
  return `${projectId}#${number}`
}

/** One line for each installation: in an outage every look fails for the same reason. */
function tellFailures(deps: Deps, group: readonly Mirrored[], outcomes: readonly GlanceOutcome[]): void {
  const failed = outcomes.filter(({ kind }) => kind === 'refused' || kind === 'try_later')
  const [first] = failed
  if (first === undefined) return
  const installationId = group[0]?.project.installationId
  deps.log.warn({ installationId, failed: failed.length, of: group.length, first }, 'pull_requests_not_seen')
}

type Read = Parameters<typeof scheduleReconcile>[1]

/** A look that failed says nothing: the next sweep looks again. */
function readFor(
  deps: Deps,
  { outcome, mirror }: { readonly outcome: GlanceOutcome; readonly mirror: Mirror | null },
): Read | null {
  const now = deps.clock.now()
  switch (outcome.kind) {
    case 'seen': {
      const { fingerprint } = outcome
      const isOld = (mirror?.fullyReadAt ?? 0) < now - DAY_MS
      if (!isOld && mirror?.fingerprint === fingerprint) return null
      const idem = `sweep:${now}`
      return { job: { cause: 'sweep', fingerprint }, idem, runAt: now }
    }
    case 'gone':
      return { job: { cause: 'sweep' }, idem: `gone:${now}`, runAt: now }
    case 'refused':
    case 'try_later':
      return null
    default:
      return outcome satisfies never
  }
}
