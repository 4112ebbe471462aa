// The REST face of sessions: list them, show one with its pipelines. Reads only.

import { z } from 'zod'
import { AppError } from '../../domain/errors/app-error.ts'
import type { Pipeline, Session } from '../../domain/records.ts'
import type { Store } from '../../ports/store.ts'
import { invalidField } from './check-request.ts'
import { decisionView, toDecisionView } from './decision-view.ts'
import { defineRoute, type View } from './define-route.ts'
import { NEXT, PAGE_QUERY, pageOf } from './paging.ts'
import { failure, id, quoted, runStatus, sha, time, toTime } from './wire-values.ts'

const TAG = 'sessions'
const sessionState = z.enum(['spawning', 'live', 'stopped', 'closed'])

const sessionView = z
  .object({
    id: z.string(),
    project: z.string(),
    pr: z.int(),
    no: z.int().describe('Its number in the project.'),
    state: sessionState,
    branch: z.string(),
    baseRef: z.string(),
    agent: z.string(),
    startedBy: z.string(),
    lastSyncedSha: sha.nullable(),
    lastPushedSha: sha.nullable(),
    ending: z
      .object({ because: z.string(), reason: z.string(), workspace: z.string() })
      .nullable()
      .describe('Null while it lives.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Session' })

const pipelineSummary = z
  .object({
    id: z.string(),
    no: z.int(),
    kind: z.enum(['run', 'respond']),
    status: runStatus,
    phase: z.string().describe('The phase it stands at.'),
    failure,
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'PipelineSummary' })

type Parts = { readonly store: Pick<Store, 'find' | 'list'> }

const listSessions = defineRoute({
  method: 'GET',
  pattern: '/sessions',
  name: 'listSessions',
  summary: 'List the sessions, newest first',
  tag: TAG,
  query: z.strictObject({
    ...PAGE_QUERY,
    project: z.string().min(1).max(200).optional().describe('Only of this project.'),
    state: sessionState.optional().describe('Only in this state.'),
  }),
  replies: {
    200: {
      description: 'A page of sessions.',
      schema: z.object({ sessions: z.array(sessionView), next: NEXT }),
    },
  },
  errors: [],
  handle: async ({ query: { limit, after, project, state } }, { store }: Parts) => {
    const sessions = await store.list('sessions', {
      ...(project === undefined ? {} : { projectId: project }),
      ...(state === undefined ? {} : { state }),
    })
    const page = pageOf(sessions.toReversed(), { limit, after })
    if (page === null) throw invalidField('query.after', 'there is no such session in this list')
    return { status: 200, body: { sessions: page.rows.map(toSessionView), next: page.next } }
  },
})

const getSession = defineRoute({
  method: 'GET',
  pattern: '/sessions/{id}',
  name: 'getSession',
  summary: 'Show one session with its pipelines and its open question',
  tag: TAG,
  params: z.object({ id }),
  replies: {
    200: {
      description: 'The session.',
      schema: z.object({
        session: sessionView,
        pipelines: z.array(pipelineSummary).describe('Oldest first.'),
        decision: decisionView.nullable().describe('The open question.'),
      }),
    },
  },
  errors: ['SESSION_NOT_FOUND'],
  handle: async ({ params }, { store }: Parts) => {
    const session = await store.find('sessions', { id: params.id })
    if (session === null) return new AppError('SESSION_NOT_FOUND', { session: quoted(params.id) })
    const pipelines = await store.list('pipelines', { sessionId: session.id })
    const open = await store.find('decisions', { sessionId: session.id, status: 'pending' })
    return {
      status: 200,
      body: {
        session: toSessionView(session),
        pipelines: pipelines.map(toPipelineSummary),
        decision: open === null ? null : toDecisionView(open),
      },
    }
  },
})

export const SESSION_ROUTES = [listSessions, getSession]

function toSessionView(session: Session): View<typeof sessionView> {
  const { no, state, branch, baseRef, agent, startedBy, lastSyncedSha, lastPushedSha, ending } = session
  return {
    id: session.id,
    project: session.projectId,
    pr: session.prNumber,
    no,
    state,
    branch,
    baseRef,
    agent,
    startedBy,
    lastSyncedSha,
    lastPushedSha,
    ending,
    createdAt: toTime(session.createdAt),
    updatedAt: toTime(session.updatedAt),
  }
}

function toPipelineSummary(pipeline: Pipeline): View<typeof pipelineSummary> {
  const { no, kind, status } = pipeline
  return {
    id: pipeline.id,
    no,
    kind,
    status,
    phase: pipeline.currentPhase,
    failure: pipeline.failure,
    createdAt: toTime(pipeline.createdAt),
    endedAt: toTime(pipeline.endedAt),
  }
}
