// What must hold whenever the program has come to rest after an act, and when nothing is due any more. Each law returns
// what breaks it, in words.

import type { Sha } from '../../../src/domain/ids.ts'
import { caseSpec } from '../../../src/domain/sync/case.ts'
import type { PipelineBench } from './bench.ts'
import type { Stage } from './stage.ts'
import { brokenLog } from './log-laws.ts'
import { holds, isOver, newestPipeline, type View } from './view.ts'

/** Returns what is wrong after an act, with everything done that was due. */
export function brokenAfterAct({ bench, view }: Stage): readonly string[] {
  return [...unactedAnswers(view), ...strayAgents(bench, view), ...staleReviews(view), ...openProposals(view)]
}

/** Returns what is wrong when nothing is due any more and everything is well outside. */
export async function brokenAtRest(stage: Stage): Promise<readonly string[]> {
  return [
    ...brokenAfterAct(stage),
    ...deadEnds(stage.view),
    ...unwatched(stage),
    ...unfitPhases(stage.view),
    ...lostCommits(stage.bench),
    ...(await deadJobs(stage.bench)),
    ...(await unendedCommands(stage.bench)),
    ...(await openOperations(stage.bench)),
    ...(await brokenLog(stage.bench, stage.view)),
  ]
}

/** Returns what is wrong after everything was stopped. */
export function brokenWhenStopped({ bench, view }: Stage): readonly string[] {
  return [
    ...view.pipelines
      .filter((one) => !isOver(one, view))
      .map(({ id, status }) => `${id} is ${status} after the stop`),
    ...view.decisions.filter(holds).map(({ id, kind }) => `${kind} ${id} is open after the stop`),
    ...view.sessions
      .filter(({ state }) => state === 'live' || state === 'spawning')
      .map(({ id, state }) => `${id} is ${state} after the stop`),
    ...[...bench.machine.processes.values()]
      .filter(({ boot }) => boot === bench.boot)
      .map(({ order }) => `${order.attemptId} works on after the stop`),
  ]
}

function unactedAnswers({ decisions }: View): readonly string[] {
  return decisions
    .filter(({ status, actedAt }) => status === 'resolved' && actedAt === null)
    .map(({ id, kind, answer }) => `${answer} to ${kind} ${id} had no effect`)
}

/** Agents of this start that no attempt under way owns, and agents beside an open question. */
function strayAgents({ machine, boot }: PipelineBench, { attempts, decisions }: View): readonly string[] {
  const mine = [...machine.processes.values()].filter((one) => one.boot === boot)
  return mine.flatMap(({ order }) => {
    const row = attempts.find(({ id }) => id === order.attemptId)
    const isUnderWay = row?.status === 'starting' || row?.status === 'running'
    const question = decisions.find(
      ({ status, sessionId }) => status === 'pending' && sessionId === order.workspace.sessionId,
    )
    return [
      ...(isUnderWay ? [] : [`${order.attemptId} works although it is ${row?.status ?? 'unknown'}`]),
      ...(question === undefined ? [] : [`${order.role} ${order.attemptId} works beside ${question.kind}`]),
    ]
  })
}

function staleReviews({ attempts, proposals, pipelines }: View): readonly string[] {
  const running = attempts.filter(({ status, role }) => status === 'running' && role === 'reviewer')
  return running.flatMap(({ id, proposalId, runEpoch, pipelineId }) => {
    const proposal = proposals.find((one) => one.id === proposalId)
    const pipeline = pipelines.find((one) => one.id === pipelineId)
    const isCurrent = proposal?.status === 'open' && pipeline?.runEpoch === runEpoch
    return isCurrent ? [] : [`${id} reviews a proposal that is ${proposal?.status ?? 'gone'}`]
  })
}

/** A proposal is open as long as its reviewers may speak, or a question about them is. */
function openProposals({ proposals, pipelines, decisions }: View): readonly string[] {
  const open = proposals.filter(({ status }) => status === 'open')
  return open.flatMap(({ id, pipelineId, runEpoch }) => {
    const pipeline = pipelines.find((one) => one.id === pipelineId)
    const isAsked = decisions.some((one) => one.pipelineId === pipelineId && holds(one))
    const isCurrent = pipeline?.runEpoch === runEpoch && (pipeline.status === 'running' || isAsked)
    return isCurrent ? [] : [`The proposal ${id} is open in a pipeline that is ${pipeline?.status ?? 'gone'}`]
  })
}

async function deadJobs(bench: PipelineBench): Promise<readonly string[]> {
  const dead = await bench.query<{ readonly payload: string; readonly error: string }>(
    `SELECT payload, last_error AS error FROM jobs WHERE state = 'dead'`,
  )
  return dead.map(({ payload, error }) => `A job died: ${payload.slice(0, 200)}: ${error.slice(0, 400)}`)
}

/** A pipeline that goes on neither by itself nor by an answer. */
function deadEnds(view: View): readonly string[] {
  const pipeline = newestPipeline(view)
  if (pipeline === null || isOver(pipeline, view)) return []
  const isWaiting = view.open?.pipelineId === pipeline.id && view.open.options.length > 0
  return isWaiting || view.live.length > 0
    ? []
    : [`${pipeline.id} is ${pipeline.status} and nothing leads on`]
}

/** Attempts under way without a process. */
function unwatched({ view, bench }: Stage): readonly string[] {
  return view.attempts
    .filter(({ status }) => status === 'starting' || status === 'running')
    .filter(({ id }) => bench.machine.processes.get(id)?.boot !== bench.boot)
    .map(({ id, status }) => `The attempt ${id} is ${status} and has no process`)
}

/** Phases before the current one are complete, those after it have not begun, and it stands as its pipeline does. */
function unfitPhases({ pipelines, phases }: View): readonly string[] {
  return pipelines.flatMap(({ id, status, currentPhase }) => {
    const ofPipeline = phases.filter(({ pipelineId }) => pipelineId === id)
    const current = ofPipeline.find(({ name }) => name === currentPhase)?.position ?? 0
    return ofPipeline
      .filter((phase) => {
        if (phase.position < current) return phase.status !== 'complete'
        if (phase.position > current) return phase.status !== 'pending'
        return status === 'running' ? !['pending', 'running'].includes(phase.status) : phase.status !== status
      })
      .map(
        (phase) =>
          `${phase.name} of ${id} is ${phase.status}, and the pipeline is ${status} at ${currentPhase}`,
      )
  })
}

/**
 * What was committed in a worktree is still there, or pinned, or on the branch of the host.
 *
 * Of a worktree that was freed it is enough that it was on that branch: what people take off it later is theirs to keep.
 */
function lostCommits({ machine, host }: PipelineBench): readonly string[] {
  const wasPushed = (sha: Sha): boolean =>
    host.pushes.some(({ after }) => after !== null && host.commits.contains(after, sha))
  return [...machine.trees].flatMap(([sessionId, tree]) =>
    tree.made
      .filter((sha) => !tree.isKept(sha))
      .filter((sha) => (tree.isReleased ? !wasPushed(sha) : !tree.commits.contains(tree.branch, sha)))
      .map((sha) => `The commit ${sha} of ${sessionId} is in no pin, no worktree and on no branch`),
  )
}

async function unendedCommands({ deps }: PipelineBench): Promise<readonly string[]> {
  const running = await deps.store.list('commands', { state: 'running' })
  return running.map(({ verb, actor }) => `The command ${verb} of ${actor} has no end`)
}

/** What was begun in a worktree is closed as soon as something looks at it; a reset by choice waits for the next sync. */
async function openOperations({ deps }: PipelineBench): Promise<readonly string[]> {
  const open = await deps.store.list('syncOperations', { state: ['planned', 'running'] })
  return open
    .filter((one) => one.case !== null && caseSpec(one.case).opens === 'hard_reset_recovery')
    .map(({ id, purpose, case: name }) => `The operation ${id} (${purpose} ${name}) is not finished`)
}
