// The REST face of pipelines: show one, start a phase of it anew, fill its contract. Everything that is decided is decided
// behind `PipelineRequests`.

import { z } from 'zod'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import type { PipelineRequests, PopulateReply, RequestRefusal, RestartReply } from '../../ports/requests.ts'
import type { Store } from '../../ports/store.ts'
import { defineRoute } from './define-route.ts'
import { pipelineView, toPipelineView, type PipelineFacts } from './pipeline-view.ts'
import { id, quoted } from './wire-values.ts'

const TAG = 'pipelines'

/** Why a pipeline does nothing now, whatever it was asked for. */
const REFUSALS = [
  'PIPELINE_NOT_FOUND',
  'SESSION_TERMINATED',
  'DECISION_PENDING',
  'ATTEMPT_RUNNING',
  'MERGE_UNDER_WAY',
] as const

const QUEUED = {
  description: 'Stored; it is done as soon as the pull request is free.',
  schema: z.object({ pipeline: z.string(), status: z.literal('queued') }),
}
const RESTARTED = {
  description: 'The phase begins anew, from its producer.',
  schema: z.object({
    pipeline: z.string(),
    phase: z.string(),
    runEpoch: z.int(),
    status: z.literal('restarted'),
  }),
}

type Reads = { readonly store: Pick<Store, 'find' | 'list'> }
type Asks<Verb extends keyof PipelineRequests> = { readonly requests: Pick<PipelineRequests, Verb> }

const getPipeline = defineRoute({
  method: 'GET',
  pattern: '/pipelines/{id}',
  name: 'getPipeline',
  summary: 'Show one pipeline with its phases, contract, open question and alerts',
  tag: TAG,
  params: z.object({ id }),
  replies: { 200: { description: 'The pipeline.', schema: z.object({ pipeline: pipelineView }) } },
  errors: ['PIPELINE_NOT_FOUND'],
  handle: async ({ params }, { store }: Reads) => {
    const facts = await loadPipeline(store, params.id)
    if (facts === null) return new AppError('PIPELINE_NOT_FOUND', { pipeline: quoted(params.id) })
    return { status: 200, body: { pipeline: toPipelineView(facts) } }
  },
})

const startPipeline = defineRoute({
  method: 'POST',
  pattern: '/pipelines/{id}/start',
  name: 'startPipeline',
  summary: 'Start the phase a pipeline stands at anew',
  tag: TAG,
  params: z.object({ id }),
  replies: { 200: RESTARTED, 202: QUEUED },
  errors: [...REFUSALS, 'PHASE_NOT_FOUND', 'PIPELINE_NOT_RESTARTABLE'],
  handle: async ({ params, caller }, { requests }: Asks<'restart'>) => {
    const asked = { pipelineId: params.id, phase: null }
    return toRestartReply(await requests.restart({ ...asked, ...caller }), asked)
  },
})

const restartPhase = defineRoute({
  method: 'POST',
  pattern: '/pipelines/{id}/phases/{phase}/restart',
  name: 'restartPhase',
  summary: 'Start a phase of a pipeline anew',
  about: 'The pipeline goes on from there; what later phases did stays on the branch.',
  tag: TAG,
  params: z.object({ id, phase: id.describe('Its name.') }),
  replies: { 200: RESTARTED, 202: QUEUED },
  errors: [...REFUSALS, 'PHASE_NOT_FOUND', 'PIPELINE_NOT_RESTARTABLE'],
  handle: async ({ params, caller }, { requests }: Asks<'restart'>) => {
    const asked = { pipelineId: params.id, phase: params.phase }
    return toRestartReply(await requests.restart({ ...asked, ...caller }), asked)
  },
})

const populateContract = defineRoute({
  method: 'POST',
  pattern: '/pipelines/{id}/phase/populate-contract',
  name: 'populateContract',
  summary: 'Read the plan of a pipeline and fill its contract',
  about:
    'The worktree is synced first. When that sync reset it, or failed, the plan is not read and a question is open: the answer is 409, also when it is asked again.',
  tag: TAG,
  params: z.object({ id }),
  replies: {
    200: {
      description: 'The contract holds what the plan says.',
      schema: z.object({
        phase: z.string().describe('The phase that produced the plan.'),
        tasks: z.int(),
        changed: z.boolean().describe('False when the contract held the same already.'),
      }),
    },
    202: QUEUED,
  },
  errors: [
    ...REFUSALS,
    'HARD_RESET_RECOVERY_UNACKED',
    'SYNC_REBASE_AND_RESET_FAILED',
    'NO_CONTRACT_PHASE',
    'DRAFT_MISSING',
    'PARSE_FAILED',
    'EMPTY_RESULT',
  ],
  handle: async ({ params, caller }, { requests }: Asks<'populate'>) =>
    toPopulateReply(await requests.populate({ pipelineId: params.id, ...caller }), params.id),
})

export const PIPELINE_ROUTES = [getPipeline, startPipeline, restartPhase, populateContract]

async function loadPipeline(store: Reads['store'], pipelineId: string): Promise<PipelineFacts | null> {
  const pipeline = await store.find('pipelines', { id: pipelineId })
  if (pipeline === null) return null
  const ofPipeline = { pipelineId }
  return {
    pipeline,
    phases: await store.list('phaseRuns', ofPipeline),
    attempts: await store.list('attempts', ofPipeline),
    proposals: await store.list('proposals', ofPipeline),
    verdicts: await store.list('verdicts', ofPipeline),
    decision: await store.find('decisions', { ...ofPipeline, status: 'pending' }),
    contract: await store.find('contracts', ofPipeline),
    tasks: await store.list('contractTasks', ofPipeline),
    alerts: await store.list('alerts', ofPipeline),
  }
}

function toRestartReply(
  reply: RestartReply,
  asked: { readonly pipelineId: string; readonly phase: string | null },
) {
  const pipeline = quoted(asked.pipelineId)
  switch (reply.kind) {
    case 'restarted': {
      const { phase, runEpoch } = reply
      return { status: 200, body: { pipeline, phase, runEpoch, status: 'restarted' } } as const
    }
    case 'phase_not_found': {
      const { known } = reply
      return new AppError('PHASE_NOT_FOUND', { pipeline, phase: quoted(asked.phase ?? ''), known })
    }
    case 'not_restartable':
      return new AppError('PIPELINE_NOT_RESTARTABLE', { pipeline, status: reply.status })
    default:
      return toRefusal(reply, pipeline)
  }
}

function toPopulateReply(reply: PopulateReply, pipelineId: string) {
  const pipeline = quoted(pipelineId)
  switch (reply.kind) {
    case 'populated': {
      const { phase, tasks, changed } = reply
      return { status: 200, body: { phase, tasks, changed } } as const
    }
    case 'recovery_unacked':
      return toUnacked(reply)
    case 'no_contract_phase':
      return new AppError('NO_CONTRACT_PHASE', { pipeline })
    case 'draft_missing':
      return new AppError('DRAFT_MISSING', { reason: reply.kind, path: reply.path })
    case 'parse_failed':
      return new AppError('PARSE_FAILED', { reason: reply.kind, path: reply.path, faults: reply.faults })
    case 'empty_result':
      return new AppError('EMPTY_RESULT', { reason: reply.kind, path: reply.path })
    default:
      return toRefusal(reply, pipeline)
  }
}

/** Never a success: a client that goes on after a reset would work on a plan that is not there any more. */
function toUnacked(reply: Extract<PopulateReply, { readonly kind: 'recovery_unacked' }>) {
  const facts = {
    hard_reset_performed: reply.hardResetPerformed,
    backup_ref: reply.backupRef,
    discarded_commit_shas: reply.discarded,
    decision_id: reply.decision,
    already_pending: reply.alreadyPending,
  }
  return reply.hardResetPerformed
    ? new AppError('HARD_RESET_RECOVERY_UNACKED', { reason: 'hard_reset_recovery_unacked', ...facts })
    : new AppError('SYNC_REBASE_AND_RESET_FAILED', { reason: 'sync_rebase_and_reset_failed', ...facts })
}

function toRefusal(reply: RequestRefusal, pipeline: string) {
  switch (reply.kind) {
    case 'queued':
      return { status: 202, body: { pipeline, status: 'queued' } } as const
    case 'pipeline_not_found':
      return new AppError('PIPELINE_NOT_FOUND', { pipeline })
    case 'session_terminated':
      return new AppError('SESSION_TERMINATED', { session: reply.session })
    case 'decision_pending':
      return new AppError('DECISION_PENDING', { decision_id: reply.decision, context: reply.context })
    case 'attempt_running':
      return new AppError('ATTEMPT_RUNNING', { attempt: reply.attempt, phase: reply.phase })
    case 'merging':
      return new AppError('MERGE_UNDER_WAY', { pipeline })
    default:
      return assertNever(reply)
  }
}
