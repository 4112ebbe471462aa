// Every job there is, made by hand for a session whose question is open: the entry points behind all doors. The table must
// name every kind, and says of each what it may still do.

import { insert, type CommandSource, type Job } from '../../../src/domain/changes.ts'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import type { Decision, Session } from '../../../src/domain/records.ts'
import { repositoryRefOf } from '../../../src/workflows/queries.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import type { Workbench } from './workbench.ts'

export interface GuardedScene {
  readonly pr: FakePullRequest
  readonly session: Session
  readonly decision: Decision
}

/**
 * What a job may do beside an open question. `nothing`: no order to the runner, no row of work changes. `reads`: it looks at
 * GitHub or the worktree. `rescues`: it may put what is pinned on a branch of its own. `answers`: it is how an answer acts.
 */
export type Allowed = 'nothing' | 'reads' | 'rescues' | 'answers'

/** Every kind of job, and what it may do. */
export const EVERY_JOB: Readonly<Record<Job['kind'], Allowed>> = {
  handle_event: 'nothing',
  handle_report: 'nothing',
  door_request: 'nothing',
  run_command: 'nothing',
  prepare_workspace: 'nothing',
  start_phase: 'nothing',
  finish_attempt: 'nothing',
  start_review: 'nothing',
  finish_review: 'nothing',
  conclude_phase: 'nothing',
  populate_contract: 'nothing',
  restart_phase: 'nothing',
  cancel_decision: 'nothing',
  attend_decision: 'nothing',
  oversee: 'nothing',
  sync_session: 'nothing',
  announce_failure: 'nothing',
  answer_decision: 'nothing',
  act_on_answer: 'answers',
  rescue_commits: 'rescues',
  rescue_backup: 'rescues',
  expire_backup: 'nothing',
  reconcile: 'reads',
  collect_news: 'nothing',
  respond: 'nothing',
  recover_session: 'nothing',
  free_session: 'nothing',
  refresh_status: 'nothing',
}

/** Returns a job with the present facts of the session, so that nothing but the question stands in its way. */
export async function jobByHand(bench: Workbench, scene: GuardedScene, kind: Job['kind']): Promise<Job> {
  const job = makeJob(kind, await readFacts(bench, scene))
  if (job.kind === 'run_command') await storeCommand(bench, scene, job.source)
  return job
}

/** A command is known before its job is made. */
async function storeCommand(
  bench: Workbench,
  { decision }: GuardedScene,
  source: CommandSource,
): Promise<void> {
  const { commandId: id, actor, commentUrl } = source
  const { projectId, prNumber } = decision
  const createdAt = bench.clock.now()
  const row = {
    id,
    projectId,
    prNumber,
    verb: 'run',
    actor,
    commentUrl,
    state: 'running',
    createdAt,
  } as const
  await bench.store.commit([insert('commands', row)], null)
}

type Facts = Awaited<ReturnType<typeof readFacts>>

async function readFacts(bench: Workbench, { pr, session, decision }: GuardedScene) {
  const { store } = bench
  const project = await store.find('projects', { id: session.projectId })
  if (project === null) throw new Error('The project is known')
  const { id: sessionId } = session
  const attempts = await store.list('attempts', { sessionId })
  const [overseer] = (await store.list('overseers', { sessionId })).toReversed()
  const [proposal] = (await store.list('proposals', { sessionId })).toReversed()
  const [backup] = await store.list('backups', { sessionId })
  const random = (): string => bench.deps.ids.random(12)
  return {
    pr,
    session,
    decision,
    repository: repositoryRefOf(project),
    pipeline: await bench.pipeline(pr),
    producer: attempts.findLast(({ role }) => role === 'producer')?.id ?? 'at_none',
    reviewer: attempts.findLast(({ role }) => role === 'reviewer')?.id ?? 'at_none',
    overseerId: overseer?.id ?? 'none',
    proposalId: proposal?.id ?? 'pp_none',
    backupId: backup?.id ?? 'none',
    random,
  }
}

const NODE = 'IC_by_hand'

function commandSource({ random }: Facts): CommandSource {
  return {
    commandId: `by-hand:${random()}`,
    commentNodeId: NODE,
    commentUrl: '',
    actor: 'alice',
    wasEdited: false,
  }
}

function asked({ random }: Facts) {
  return { actor: 'ci', via: 'rest', auditId: `au_${random()}`, source: null } as const
}

function makeJob(kind: Job['kind'], facts: Facts): Job {
  const { session, decision, pipeline } = facts
  const { id: sessionId } = session
  const { projectId, id: decisionId } = decision
  const { id: pipelineId, runEpoch } = pipeline
  switch (kind) {
    case 'prepare_workspace':
      return { kind, pipelineId }
    case 'start_phase':
    case 'conclude_phase':
      return { kind, pipelineId, runEpoch }
    case 'populate_contract':
      return { kind, pipelineId, ...asked(facts) }
    case 'restart_phase':
      return { kind, pipelineId, phase: null, ...asked(facts) }
    case 'cancel_decision':
      // The question itself may be withdrawn by the operator; no other can be in its place.
      return { kind, projectId, decisionId: 'zzzzzz', ...asked(facts) }
    case 'attend_decision':
      return { kind, projectId, decisionId, duty: 'expire' }
    case 'oversee':
      return { kind, overseerId: facts.overseerId }
    case 'sync_session':
      return { kind, sessionId, trigger: 'push', source: null }
    case 'announce_failure':
      return { kind, projectId, decisionId }
    case 'answer_decision':
      return { kind, projectId, decisionId, answer: 'nonsense', actor: 'ci', via: 'rest', source: null }
    case 'act_on_answer':
    case 'rescue_commits':
      return { kind, projectId, decisionId, source: null }
    case 'reconcile':
      return { kind, projectId, number: session.prNumber, cause: 'sweep' }
    case 'collect_news':
      return { kind, projectId, number: session.prNumber }
    case 'respond':
    case 'recover_session':
    case 'free_session':
    case 'refresh_status':
      return { kind, sessionId }
    default:
      return makeReported(kind, facts)
  }
}

type Reported = Extract<
  Job['kind'],
  | 'handle_event'
  | 'handle_report'
  | 'door_request'
  | 'run_command'
  | 'finish_attempt'
  | 'start_review'
  | 'finish_review'
  | 'rescue_backup'
  | 'expire_backup'
>

/** Jobs that carry what somebody else said: a runner, an agent, a person. */
function makeReported(kind: Reported, facts: Facts): Job {
  const { session, decision, repository, producer, reviewer, proposalId, backupId } = facts
  const { id: sessionId } = session
  const { runEpoch } = facts.pipeline
  switch (kind) {
    case 'handle_event':
      return { kind, event: strangersButton(facts) }
    case 'handle_report': {
      const ended = {
        kind: 'attempt_ended',
        sessionId,
        attemptId: producer,
        runEpoch,
        verdict: null,
      } as const
      return { kind, report: { ...ended, exit: { kind: 'exited', code: 0 } } }
    }
    case 'door_request': {
      const request = { verb: 'alert', text: { id: 'by-hand', body: 'Am I still here?' } } as const
      const report = {
        kind: 'door_request',
        sessionId,
        attemptId: producer,
        runEpoch,
        requestId: 'r1',
        request,
      } as const
      return { kind, report }
    }
    case 'run_command': {
      const [parsed] = parseCommands('/belay run', { appSlug: 'belay' })
      if (parsed === undefined) throw new Error('A command is a command')
      const number = decision.prNumber
      return { kind, repository, number, onIssue: false, parsed, source: commandSource(facts) }
    }
    case 'finish_attempt':
      return { kind, attemptId: producer, runEpoch }
    case 'start_review':
      return { kind, proposalId, reviewer: 'critic' }
    case 'finish_review':
      return { kind, attemptId: reviewer, verdict: '{"verdict":"ack","reasons":[]}' }
    case 'rescue_backup': {
      const rest = { content: 'commits', branch: null, ...asked(facts) } as const
      return { kind, sessionId, backupId, ...rest }
    }
    case 'expire_backup':
      return { kind, sessionId, backupId }
  }
}

/** Of somebody who may read only. */
function strangersButton({ repository, decision }: Facts): Extract<Job, { kind: 'handle_event' }>['event'] {
  return {
    kind: 'button_pressed',
    repository,
    checkRunId: 1,
    externalId: decision.id,
    optionId: 'abort',
    headSha: decision.headSha,
    sender: { login: 'bob', isBot: false },
  }
}
