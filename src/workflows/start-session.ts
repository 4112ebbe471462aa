// `/belay run`: everything is checked before the first write, then session, pipeline and phases are one transaction.

import { assertNever } from '../domain/assert-never.ts'
import { closestWord } from '../domain/closest-word.ts'
import { demand, insert, update, type Change } from '../domain/changes.ts'
import type { RepositoryConfig } from '../domain/config/repository-config.ts'
import type { ObservedPullRequest } from '../domain/events.ts'
import { isBranchName, pipelineId, toBranchName } from '../domain/ids.ts'
import type { Session } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import type { AgentCheck } from '../ports/runner.ts'
import { commandDone, commandRefused, replyComment } from './command-life.ts'
import type { Deps } from './deps.ts'
import { loadConfig, type LoadedConfig } from './load-config.ts'
import { isBeingMerged, isBeingMergedUnseen } from './merge-hold.ts'
import { pipelineRows, prepareJob } from './new-pipeline.ts'
import { storePullRequest } from './observe-pull-request.ts'
import { refreshStatus } from './present-session.ts'
import { findHoldingDecision, findNewestPipeline, isTerminal, loadSession } from './queries.ts'
import type { GrantedCommand } from './granted-command.ts'

export interface RunOrder extends GrantedCommand {
  readonly agent: string | null
  readonly prompt: string | null
}

/** Starts a session on the pull request, or a new pipeline in the session that is idle there. */
export async function startSession(deps: Deps, order: RunOrder): Promise<readonly Change[]> {
  const { place, source, session } = order
  const busy = session === null ? null : await busyReply(deps, session)
  if (busy !== null) return commandRefused(place, source, busy)
  const observed = await deps.github.readPullRequest(place.repository, place.number)
  const refusal =
    observed === null ? ({ kind: 'no_session', verb: 'run' } as const) : refusePullRequest(order, observed)
  if (observed === null || refusal !== null) return refuse(order, refusal)
  const loaded = order.loaded ?? (await loadConfig(deps, order.project))
  const wanted = order.agent ?? session?.agent ?? loaded.config.agent
  const check = await deps.runner.checkAgent(wanted)
  if (check.kind !== 'found') return [...loaded.changes, ...commandRefused(place, source, agentReply(check))]
  const reviewer = await unfitReviewer(deps, loaded.config)
  if (reviewer !== null) return [...loaded.changes, ...commandRefused(place, source, agentReply(reviewer))]
  const elsewhere = session === null ? await branchInUse(deps, order, observed) : null
  if (elsewhere !== null) return commandRefused(place, source, elsewhere)
  // Asked last, because it costs a read of the whole pull request.
  if (session === null && (await isBeingMergedUnseen(deps, { project: order.project, number: place.number })))
    return commandRefused(place, source, { kind: 'merging', verb: 'run' })
  const preflight = { observed, loaded, agent: check.agent }
  return session === null
    ? newSession(deps, order, preflight)
    : newPipeline(deps, order, { ...preflight, session })
}

interface Preflight {
  readonly observed: ObservedPullRequest
  readonly loaded: LoadedConfig
  readonly agent: string
}

async function busyReply(deps: Deps, session: Session): Promise<Reply | null> {
  const open = await findHoldingDecision(deps.store, session.id)
  if (open !== null) return { kind: 'question_open', verb: 'run', question: open }
  const pipeline = await findNewestPipeline(deps.store, session.id)
  const isIdle = pipeline === null || isTerminal(pipeline, open)
  if (!isIdle)
    return { kind: 'session_running', sessionId: session.id, startedBy: session.startedBy, statusUrl: null }
  return (await isBeingMerged(deps, { session })) ? { kind: 'merging', verb: 'run' } : null
}

function refusePullRequest({ project }: RunOrder, observed: ObservedPullRequest): Reply | null {
  if (observed.state !== 'open') return { kind: 'pr_not_open', state: observed.state }
  if (observed.headRepositoryId !== project.repositoryId) return { kind: 'fork_refused' }
  return isBranchName(observed.headRef) ? null : { kind: 'branch_refused', branch: observed.headRef }
}

/** A fork is refused once, with the reason; a second command gets the reaction. */
function refuse({ place, source, project }: RunOrder, reply: Reply | null): readonly Change[] {
  if (reply?.kind !== 'fork_refused') return commandRefused(place, source, reply)
  return [
    ...commandRefused(place, source, null),
    replyComment(place, `fork:${project.id}#${place.number}`, reply),
  ]
}

/** A reviewer that can not start would show only when the work to review is done. */
async function unfitReviewer(
  { runner }: Deps,
  { phases }: RepositoryConfig,
): Promise<Exclude<AgentCheck, { readonly kind: 'found' }> | null> {
  for (const reviewer of new Set(phases.flatMap(({ reviewers }) => reviewers))) {
    const check = await runner.checkAgent(reviewer)
    if (check.kind !== 'found') return check
  }
  return null
}

function agentReply(check: Exclude<AgentCheck, { readonly kind: 'found' }>): Reply {
  switch (check.kind) {
    case 'unknown_agent':
      return {
        kind: 'unknown_agent',
        agent: check.agent,
        known: check.known,
        didYouMean: closestWord(check.agent, check.known),
      }
    case 'binary_not_found':
      return { kind: 'agent_not_found', agent: check.agent, binary: check.binary }
    case 'isolation_refused':
      return { kind: 'isolation_refused', reason: check.reason }
    default:
      return assertNever(check)
  }
}

/** A branch has at most one worktree. */
async function branchInUse(
  deps: Deps,
  { project }: RunOrder,
  observed: ObservedPullRequest,
): Promise<Reply | null> {
  const sessions = await deps.store.list('sessions', { projectId: project.id, state: ['spawning', 'live'] })
  const other = sessions.find(({ branch }) => branch === observed.headRef)
  return other === undefined
    ? null
    : { kind: 'session_running', sessionId: other.id, startedBy: other.startedBy, statusUrl: null }
}

function newSession(deps: Deps, order: RunOrder, preflight: Preflight): readonly Change[] {
  const { project, place, source, laneKey } = order
  const { observed, loaded, agent } = preflight
  const now = deps.clock.now()
  const no = project.nextSessionNo
  const session: Session = {
    id: `${project.id}-${no}`,
    projectId: project.id,
    no,
    state: 'spawning',
    prNumber: place.number,
    branch: toBranchName(observed.headRef),
    baseRef: observed.baseRef,
    agent,
    startedBy: source.actor,
    runnerId: deps.settings.runnerId,
    lastSyncedSha: observed.headSha,
    lastPushedSha: null,
    remoteMoved: null,
    reviewersDue: [],
    personActedAt: null,
    ending: null,
    createdAt: now,
    updatedAt: now,
  }
  return [
    demand({ kind: 'no_live_session', projectId: project.id, prNumber: place.number }),
    ...loaded.changes,
    update('projects', {
      where: { id: project.id },
      set: { nextSessionNo: no + 1 },
      expect: { nextSessionNo: no },
    }),
    storePullRequest(project.id, observed, session.id),
    insert('sessions', session),
    ...pipelineRows({ session, no: 1, kind: 'run', config: loaded.config, prompt: order.prompt, now }),
    prepareJob(deps, pipelineId(session.id, 1), laneKey),
    ...commandDone(place, source),
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `refresh:${session.id}:0`,
      job: { kind: 'refresh_status', sessionId: session.id },
      runAt: now,
    },
  ]
}

async function newPipeline(
  deps: Deps,
  order: RunOrder,
  preflight: Preflight & { readonly session: Session },
): Promise<readonly Change[]> {
  const { project, place, source, laneKey } = order
  const { session, loaded, observed, agent } = preflight
  const context = await loadSession(deps.store, session.id)
  const earlier = await findNewestPipeline(deps.store, session.id)
  const no = (earlier?.no ?? 0) + 1
  const now = deps.clock.now()
  return [
    demand({ kind: 'no_open_decision', sessionId: session.id }),
    ...loaded.changes,
    storePullRequest(project.id, observed, session.id),
    update('sessions', {
      where: { id: session.id },
      set: { agent, startedBy: source.actor, updatedAt: now },
    }),
    ...pipelineRows({ session, no, kind: 'run', config: loaded.config, prompt: order.prompt, now }),
    prepareJob(deps, pipelineId(session.id, no), laneKey),
    ...commandDone(place, source),
    refreshStatus(deps, context),
  ]
}
