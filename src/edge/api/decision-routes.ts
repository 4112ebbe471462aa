// The REST face of decisions: list them, answer one, withdraw one. Everything that is decided is decided behind the ports.

import { z } from 'zod'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import { withdrawalWords } from '../../domain/text/question-closing.ts'
import type { AnswerReply, SubmitAnswer } from '../../ports/answers.ts'
import type { CancelReply, PipelineRequests } from '../../ports/requests.ts'
import type { Store } from '../../ports/store.ts'
import { decisionView, toDecisionView } from './decision-view.ts'
import { defineRoute } from './define-route.ts'
import { id, quoted } from './wire-values.ts'

const TAG = 'decisions'
const OF_DECISION = z.object({ id, decision: id })
const STILL_PENDING = z.object({ decision: z.string(), status: z.literal('pending') })

const listDecisions = defineRoute({
  method: 'GET',
  pattern: '/pipelines/{id}/decisions',
  name: 'listDecisions',
  summary: 'List the questions of a pipeline, oldest first',
  tag: TAG,
  params: z.object({ id }),
  replies: {
    200: {
      description: 'Every question, open and closed.',
      schema: z.object({ decisions: z.array(decisionView) }),
    },
  },
  errors: ['PIPELINE_NOT_FOUND'],
  handle: async ({ params }, { store }: { readonly store: Pick<Store, 'find' | 'list'> }) => {
    if ((await store.find('pipelines', { id: params.id })) === null)
      return new AppError('PIPELINE_NOT_FOUND', { pipeline: quoted(params.id) })
    const decisions = await store.list('decisions', { pipelineId: params.id })
    return { status: 200, body: { decisions: decisions.map(toDecisionView) } }
  },
})

const resolveDecision = defineRoute({
  method: 'POST',
  pattern: '/pipelines/{id}/decisions/{decision}/resolve',
  name: 'resolveDecision',
  summary: 'Answer a question',
  about:
    'The answer is the id or the label of an option, or `{"action": "select", "selected": "<id>"}`. The first valid answer counts; an invalid one leaves the question open.',
  tag: TAG,
  params: OF_DECISION,
  body: z.xor([z.object({ answer: z.unknown() }), z.object({ resolution: z.unknown() })], {
    error: 'the body must be an object with exactly one of `resolution` and `answer`',
  }),
  replies: {
    200: {
      description:
        'The answer counts. The status is `pending` after an option that leaves the question open.',
      schema: z.object({
        decision: z.string(),
        option: z.string(),
        status: z.enum(['resolved', 'pending']),
      }),
    },
    202: { description: 'Stored; it is judged as soon as the pull request is free.', schema: STILL_PENDING },
  },
  errors: [
    'PIPELINE_NOT_FOUND',
    'DECISION_NOT_FOUND',
    'DECISION_ALREADY_RESOLVED',
    'DECISION_SUPERSEDED',
    'DECISION_OPTION_INVALID',
  ],
  handle: async ({ params, body, caller }, { submitAnswer }: { readonly submitAnswer: SubmitAnswer }) => {
    const answer = 'answer' in body ? body.answer : body.resolution
    const { id: pipelineId, decision: decisionId } = params
    const reply = await submitAnswer({ pipelineId, decisionId, answer, ...caller })
    return toAnswerReply(reply, { pipelineId, decisionId, answer })
  },
})

const cancelDecision = defineRoute({
  method: 'POST',
  pattern: '/pipelines/{id}/decisions/{decision}/cancel',
  name: 'cancelDecision',
  summary: 'Withdraw an open question',
  about: 'Nobody can answer it any more, and nothing of what it offered is done.',
  tag: TAG,
  params: OF_DECISION,
  replies: {
    200: {
      description: 'The question is withdrawn.',
      schema: z.object({ decision: z.string(), status: z.literal('cancelled') }),
    },
    202: { description: 'Stored; it is done as soon as the pull request is free.', schema: STILL_PENDING },
  },
  errors: ['PIPELINE_NOT_FOUND', 'DECISION_NOT_FOUND', 'DECISION_ALREADY_RESOLVED', 'DECISION_SUPERSEDED'],
  handle: async (
    { params, caller },
    { requests }: { readonly requests: Pick<PipelineRequests, 'cancelDecision'> },
  ) => {
    const asked = { pipelineId: params.id, decisionId: params.decision }
    return toCancelReply(await requests.cancelDecision({ ...asked, ...caller }), asked)
  },
})

export const DECISION_ROUTES = [listDecisions, resolveDecision, cancelDecision]

interface AskedDecision {
  readonly pipelineId: string
  readonly decisionId: string
}

function toAnswerReply(reply: AnswerReply, asked: AskedDecision & { readonly answer: unknown }) {
  const decision = asked.decisionId
  switch (reply.kind) {
    case 'accepted': {
      const status = reply.isOpen ? ('pending' as const) : ('resolved' as const)
      return { status: 200, body: { decision, option: reply.option, status } } as const
    }
    case 'not_an_option': {
      const { options } = reply
      return new AppError('DECISION_OPTION_INVALID', { decision, answer: shown(asked.answer), options })
    }
    case 'queued':
    case 'pipeline_not_found':
    case 'decision_not_found':
    case 'already_resolved':
    case 'superseded':
      return toCommonReply(reply, asked)
    default:
      return assertNever(reply)
  }
}

function toCancelReply(reply: CancelReply, asked: AskedDecision) {
  if (reply.kind !== 'cancelled') return toCommonReply(reply, asked)
  return { status: 200, body: { decision: reply.decision, status: 'cancelled' } } as const
}

function toCommonReply(reply: Exclude<CancelReply, { readonly kind: 'cancelled' }>, asked: AskedDecision) {
  const decision = quoted(asked.decisionId)
  switch (reply.kind) {
    case 'queued':
      return { status: 202, body: { decision, status: 'pending' } } as const
    case 'pipeline_not_found':
      return new AppError('PIPELINE_NOT_FOUND', { pipeline: quoted(asked.pipelineId) })
    case 'decision_not_found':
      return new AppError('DECISION_NOT_FOUND', { decision })
    case 'already_resolved':
      return new AppError('DECISION_ALREADY_RESOLVED', { decision, answer: reply.answer, by: reply.by })
    case 'superseded':
      return withdrawnError(decision, reply)
    default:
      return assertNever(reply)
  }
}

/** Says why the question needs no answer any more, and which one does. */
export function withdrawnError(
  decision: string,
  { reason, successor }: Extract<AnswerReply, { readonly kind: 'superseded' }>,
): AppError<'DECISION_SUPERSEDED'> {
  const why = withdrawalWords({ cancelReason: reason })
  return new AppError('DECISION_SUPERSEDED', { decision, reason, why, successor })
}

/** The answer as it may be quoted back: short, and always text. */
function shown(answer: unknown): string {
  return quoted(typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? ''))
}
