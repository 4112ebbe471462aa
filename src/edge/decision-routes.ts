// The REST face of decisions: list them, answer them. Checks who asks; everything else is decided behind `submit`.

import { assertNever } from '../domain/assert-never.ts'
import type { ApiToken } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import type { Decision } from '../domain/records.ts'
import type { AnswerReply, SubmitAnswer } from '../ports/answers.ts'
import type { Store } from '../ports/store.ts'
import { authenticate } from './api-tokens.ts'
import { clientOf, isJson, type HttpReply, type HttpRequest, type Route } from './http-exchange.ts'

/** An answer is a word; a kilobyte is plenty. */
const BODY_LIMIT_BYTES = 16 * 1024

export interface DecisionRoutesParts {
  /** Empty: the API is off and its addresses do not exist. */
  readonly tokens: readonly ApiToken[]
  readonly store: Pick<Store, 'find' | 'list'>
  readonly submit: SubmitAnswer
}

/** Returns the routes under `/api/v1/pipelines/{id}/decisions`. */
export function decisionRoutes(parts: DecisionRoutesParts): readonly Route[] {
  if (parts.tokens.length === 0) return []
  const base = '/api/v1/pipelines/{id}/decisions'
  return [
    { method: 'GET', pattern: base, handle: (request) => listDecisions(parts, request) },
    {
      method: 'POST',
      pattern: `${base}/{decision}/resolve`,
      handle: (request) => resolveDecision(parts, request),
    },
  ]
}

async function listDecisions(parts: DecisionRoutesParts, request: HttpRequest): Promise<HttpReply> {
  authenticate(parts.tokens, request)
  const pipelineId = param(request, 'id')
  if ((await parts.store.find('pipelines', { id: pipelineId })) === null) {
    throw new AppError('PIPELINE_NOT_FOUND', { pipeline: pipelineId })
  }
  const decisions = await parts.store.list('decisions', { pipelineId })
  return { status: 200, body: { decisions: decisions.map(toDecisionView) } }
}

async function resolveDecision(parts: DecisionRoutesParts, request: HttpRequest): Promise<HttpReply> {
  const actor = authenticate(parts.tokens, request)
  const pipelineId = param(request, 'id')
  const decisionId = param(request, 'decision')
  const answer = await readAnswer(request)
  const via = clientOf(request.headers)
  const reply = await parts.submit({ pipelineId, decisionId, answer, actor, via })
  return toReply(reply, { pipelineId, decisionId, answer })
}

async function readAnswer(request: HttpRequest): Promise<unknown> {
  if (!isJson(request.headers)) throw invalid('the content type must be application/json')
  const text = (await request.readBody(BODY_LIMIT_BYTES)).toString('utf8')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // The reason is all there is to say; the parser's words would quote the body.
    throw invalid('the body is not JSON')
  }
  if (typeof body !== 'object' || body === null) throw invalid('the body must be an object')
  const given = ['resolution', 'answer'].filter((key) => Object.hasOwn(body, key))
  const [key] = given
  if (key === undefined || given.length > 1)
    throw invalid('the body must have exactly one of `resolution` and `answer`')
  return new Map<string, unknown>(Object.entries(body)).get(key)
}

interface AnswerContext {
  readonly pipelineId: string
  readonly decisionId: string
  readonly answer: unknown
}

function toReply(reply: AnswerReply, asked: AnswerContext): HttpReply {
  const decision = asked.decisionId
  switch (reply.kind) {
    case 'accepted': {
      const status = reply.isOpen ? 'pending' : 'resolved'
      return { status: 200, body: { decision, option: reply.option, status } }
    }
    case 'queued':
      return { status: 202, body: { decision, status: 'pending' } }
    case 'pipeline_not_found':
      throw new AppError('PIPELINE_NOT_FOUND', { pipeline: asked.pipelineId })
    case 'decision_not_found':
      throw new AppError('DECISION_NOT_FOUND', { decision })
    case 'already_resolved':
      throw new AppError('DECISION_ALREADY_RESOLVED', { decision, answer: reply.answer, by: reply.by })
    case 'superseded':
      throw new AppError('DECISION_SUPERSEDED', { decision, successor: reply.successor })
    case 'not_an_option':
      throw new AppError('DECISION_OPTION_INVALID', {
        decision,
        answer: shown(asked.answer),
        options: reply.options,
      })
    default:
      return assertNever(reply)
  }
}

/** What people and programs may see of a decision; column names stay inside. */
function toDecisionView(decision: Decision): Readonly<Record<string, unknown>> {
  const { id, sessionId, pipelineId, prNumber, phase, kind, context, details, headSha, runEpoch, status } =
    decision
  return {
    id,
    session: sessionId,
    pipeline: pipelineId,
    pr: prNumber,
    phase,
    kind,
    context,
    options: decision.options.map((option) => ({
      id: option.id,
      label: option.label,
      button: option.button,
    })),
    details,
    headSha,
    runEpoch,
    status,
    answer: decision.answer,
    answeredBy: decision.answeredBy,
    answeredVia: decision.answeredVia,
    answeredAt: toIso(decision.answeredAt),
    cancelReason: decision.cancelReason,
    successor: decision.successorId,
    createdAt: toIso(decision.createdAt),
  }
}

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** The answer as it may be quoted back: short, and always text. */
function shown(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '')
  return text.slice(0, 80)
}

function param(request: HttpRequest, name: string): string {
  return request.params[name] ?? ''
}

function invalid(reason: string): AppError {
  return new AppError('REQUEST_INVALID', { reason })
}
