// Reads the plan of a pipeline again because somebody asked for it. Syncs first, and reads nothing after a sync that could
// not go on: whoever asked is told of the question instead, as often as he asks.

import { demand, type Change, type Job } from '../domain/changes.ts'
import { isAboutSync } from '../domain/decision/subject.ts'
import { pinRef } from '../domain/sync/pin.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { Decision, Pipeline } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import type { PopulateReply } from '../ports/requests.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { endRequest } from './end-request.ts'
import { fillContract, type Filled } from './fill-contract.ts'
import { openDecision } from './open-decision.ts'
import { refreshStatus } from './present-session.ts'
import {
  findHoldingDecision,
  findNewestPipeline,
  isTerminal,
  loadPipeline,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { remoteAfter } from './sync-heads.ts'
import { syncWorktree } from './sync-worktree.ts'
import { whyNotNow } from './why-not-now.ts'

interface Asking {
  readonly job: Extract<Job, { readonly kind: 'populate_contract' }>
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly lane: JobLane
}

interface End {
  readonly said: PopulateReply
  readonly reply: Reply
}

/** Fills the contract, or says exactly why not. */
export const populateContract: JobHandler<'populate_contract'> = async (deps, job, lane) => {
  const pipeline = await loadPipeline(deps.store, job.pipelineId)
  const context = await loadSession(deps.store, pipeline.sessionId)
  const asking = { job, context, pipeline, lane }
  const phase = pipeline.config.phases.find(({ produces }) => produces === 'contract')
  if (phase === undefined)
    return ended(deps, asking, {
      said: { kind: 'no_contract_phase' },
      reply: { kind: 'populate_failed', reason: 'no_contract_phase', path: '', faults: [] },
    })
  const open = await findHoldingDecision(deps.store, context.session.id)
  const unacked = open === null ? null : recoveryUnacked(open, { alreadyPending: true })
  if (open !== null && unacked !== null)
    return ended(deps, asking, {
      said: unacked,
      reply: { kind: 'question_open', verb: 'populate', question: open },
    })
  const notNow = (await whyNotNow(deps, context, 'populate')) ?? (await otherUnderWay(deps, pipeline))
  if (notNow !== null) return ended(deps, asking, notNow)
  return populate(deps, asking, { phase: phase.name, path: phase.plan })
}

/** The sync before it would take the worktree from under another pipeline, and its question could not hold that one up. */
async function otherUnderWay(deps: Deps, pipeline: Pipeline): Promise<End | null> {
  const newest = await findNewestPipeline(deps.store, pipeline.sessionId)
  if (newest === null || isTerminal(newest, null)) return null
  if (newest.id === pipeline.id && newest.status !== 'pending') return null
  const { id, currentPhase: phase } = newest
  return {
    said: { kind: 'attempt_running', attempt: id, phase },
    reply: { kind: 'attempt_running', verb: 'populate', phase },
  }
}

async function populate(
  deps: Deps,
  asking: Asking,
  { phase, path }: { readonly phase: string; readonly path: string },
): Promise<readonly Change[]> {
  const { context, pipeline, lane } = asking
  const report = await syncWorktree(deps, { context, pipeline, trigger: 'populate', push: false, lane })
  if (!caseSpec(report.case).mayGoOn) {
    const asked = await openDecision(deps, { context, pipeline, report, moment: 'populate' })
    return [...asked, ...ended(deps, asking, askedInstead(asked))]
  }
  const head = report.operation.after ?? remoteAfter(report) ?? context.pullRequest.headSha
  const filled = await fillContract(deps, { context, pipeline, phase, path, head })
  return [
    demand({ kind: 'no_open_decision', sessionId: context.session.id }),
    ...report.changes,
    ...(filled.kind === 'populated' ? filled.changes : []),
    ...ended(deps, asking, endOf(filled, phase)),
    refreshStatus(deps, context),
  ]
}

function endOf(filled: Filled, phase: string): End {
  const { path } = filled
  if (filled.kind === 'populated') {
    const { tasks, changed } = filled
    return {
      said: { kind: 'populated', phase, tasks, changed },
      reply: { kind: 'populated', phase, path, tasks, changed },
    }
  }
  const faults = filled.kind === 'parse_failed' ? filled.faults : []
  return { said: filled, reply: { kind: 'populate_failed', reason: filled.kind, path, faults } }
}

/** The question that the sync opened is the answer to the request. */
function askedInstead(changes: readonly Change[]): End {
  const inserted = changes.find((change) => change.kind === 'insert' && change.table === 'decisions')
  if (inserted?.kind !== 'insert' || inserted.table !== 'decisions')
    throw new TypeError('A sync that may not go on opened no question')
  const question = inserted.row
  const said = recoveryUnacked(question, { alreadyPending: false }) ?? {
    kind: 'decision_pending',
    decision: question.id,
    context: question.context,
  }
  return { said, reply: { kind: 'question_open', verb: 'populate', question } }
}

/** Only a recovery has its own words in the interface: callers must not take a reset for something they can pass over. */
function recoveryUnacked(
  decision: Decision,
  { alreadyPending }: { readonly alreadyPending: boolean },
): Extract<PopulateReply, { readonly kind: 'recovery_unacked' }> | null {
  if (!isAboutSync(decision) || decision.kind !== 'hard_reset_recovery') return null
  const { details, id } = decision
  const [pin] = details.pins.slice(-1)
  return {
    kind: 'recovery_unacked',
    hardResetPerformed: details.isReset,
    decision: id,
    backupRef: pin === undefined ? null : pinRef(pin.prefix, 'head'),
    discarded: details.discarded.map(({ sha, subject }) => `${sha.slice(0, 7)} ${subject}`),
    alreadyPending,
  }
}

function ended(deps: Deps, { job, context }: Asking, { said, reply }: End): readonly Change[] {
  const isDone = said.kind === 'populated'
  const { pipelineId: target } = job
  return endRequest(deps, { context, asked: job, action: 'populate_contract', target, said, reply, isDone })
}
