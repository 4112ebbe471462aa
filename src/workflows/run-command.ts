// One command: who may, then what it does. Strangers get a reaction only; everybody else gets a visible end.

import { assertNever } from '../domain/assert-never.ts'
import type { Change, Job } from '../domain/changes.ts'
import { isStranger } from '../domain/permission.ts'
import type { Project } from '../domain/records.ts'
import { answerCommand } from './answer-command.ts'
import { commandDone, commandRefused, type CommandPlace } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import type { GrantedCommand } from './granted-command.ts'
import { endSession } from './end-session.ts'
import { helpReply } from './help-reply.ts'
import { phaseCommand } from './phase-command.ts'
import { mayRunHere } from './may-run-here.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { findLiveSession, findNewestSession, findOpenDecision, loadSession, repositoryOf } from './queries.ts'
import { rescueCommand } from './rescue-command.ts'
import { startSession } from './start-session.ts'

/** Runs a command, or refuses it visibly. */
export const runCommand: JobHandler<'run_command'> = async (deps, job, lane) => {
  const project = await deps.store.find('projects', { repositoryId: job.repository.repositoryId })
  if (project === null) return []
  const place = { repository: repositoryOf(project), number: job.number }
  if (job.parsed.kind === 'problem') return problem(deps, { job, project, place })
  const command = job.parsed
  const option = command.verb === 'answer' ? command.option : null
  const { verdict, role, loaded } = await mayRunHere(deps, {
    project,
    login: job.source.actor,
    verb: command.verb,
    option,
  })
  if (verdict.kind === 'stranger') return commandRefused(place, job.source, null)
  if (verdict.kind === 'refused') {
    return commandRefused(place, job.source, {
      kind: 'refused',
      verb: command.verb,
      role,
      needs: verdict.needs,
    })
  }
  if (job.onIssue) return commandRefused(place, job.source, { kind: 'not_on_issues', verb: command.verb })
  const session = await findLiveSession(deps.store, { projectId: project.id, prNumber: job.number })
  return act(deps, { project, place, source: job.source, command, role, session, loaded, laneKey: lane.key })
}

/** A stranger's typing error is nobody's business either. */
async function problem(
  deps: Deps,
  {
    job,
    project,
    place,
  }: {
    readonly job: Extract<Job, { readonly kind: 'run_command' }>
    readonly project: Project
    readonly place: CommandPlace
  },
): Promise<readonly Change[]> {
  if (job.parsed.kind !== 'problem') return []
  const role = await deps.github.readRole(place.repository, job.source.actor)
  const reply = isStranger({ role, isPrivateRepository: project.isPrivate })
    ? null
    : ({ kind: 'problem', line: job.parsed } as const)
  return commandRefused(place, job.source, reply)
}

async function act(deps: Deps, granted: GrantedCommand): Promise<readonly Change[]> {
  const { command } = granted
  switch (command.verb) {
    case 'run':
      return startSession(deps, { ...granted, agent: command.agent, prompt: command.prompt })
    case 'continue':
    case 'abort':
      return answerCommand(deps, granted, { optionId: command.verb, decisionId: command.decision })
    case 'rescue':
      return rescueCommand(deps, granted, command)
    case 'populate':
    case 'retry':
      return phaseCommand(deps, granted, { verb: command.verb, decisionId: command.decision })
    case 'answer':
      return answerCommand(deps, granted, { optionId: command.option, decisionId: command.decision })
    case 'status':
      return showStatus(deps, granted)
    case 'sync':
      return requestSync(deps, granted)
    case 'stop':
      return stopSession(deps, granted)
    case 'help':
      return commandDone(granted.place, granted.source, await helpReply(deps, granted))
    default:
      return assertNever(command)
  }
}

async function showStatus(
  deps: Deps,
  { project, place, source, session }: GrantedCommand,
): Promise<readonly Change[]> {
  const shown =
    session ?? (await findNewestSession(deps.store, { projectId: project.id, prNumber: place.number }))
  if (shown === null) return commandRefused(place, source, { kind: 'no_session', verb: 'status' })
  const context = await loadSession(deps.store, shown.id)
  const open = await findOpenDecision(deps.store, shown.id)
  return [
    refreshStatus(deps, context),
    // Also brings back a question that GitHub refused when it was asked.
    ...(open === null ? [] : await presentDecision(deps, context, open)),
    ...commandDone(place, source),
  ]
}

async function requestSync(deps: Deps, granted: GrantedCommand): Promise<readonly Change[]> {
  const { place, source, session, laneKey } = granted
  if (session === null) return commandRefused(place, source, { kind: 'no_session', verb: 'sync' })
  return [
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `sync:${source.commandId}`,
      job: { kind: 'sync_session', sessionId: session.id, trigger: 'command', source },
      runAt: deps.clock.now(),
    },
  ]
}

async function stopSession(
  deps: Deps,
  { place, source, session }: GrantedCommand,
): Promise<readonly Change[]> {
  if (session === null) return commandRefused(place, source, { kind: 'no_session', verb: 'stop' })
  const context = await loadSession(deps.store, session.id)
  const { withdrawn, changes } = await endSession(deps, {
    context,
    ending: { because: 'person', by: source.actor },
  })
  const { id: sessionId, branch } = session
  return [
    ...changes,
    ...commandDone(place, source, {
      kind: 'stopped',
      sessionId,
      branch,
      withdrawnQuestion: withdrawn?.id ?? null,
    }),
  ]
}
