// What the subcommands do: each reads the configuration, opens what it needs, and closes it again. Looking never takes
// the writer's lock, so it works beside a running process.

import { openDatabase, type Database } from '../adapters/db/database.ts'
import { createInbox } from '../adapters/db/inbox-store.ts'
import { migrate } from '../adapters/db/migrate.ts'
import { createStore } from '../adapters/db/store.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import { AppError, isAppError } from '../domain/errors/app-error.ts'
import type { ApiAccess } from '../edge/call-api.ts'
import type { AnswerOrder, CliActions } from '../edge/cli-actions.ts'
import { loadEnvironment } from '../edge/load-environment.ts'
import { postAnswer, type PostedReply } from '../edge/post-answer.ts'
import { postDrop, postReplay, type DropReply, type ReplayReply } from '../edge/post-repair.ts'
import type { Inbox, Repairer } from '../ports/inbox.ts'
import type { Store } from '../ports/store.ts'
import { findBackup, listBackups } from '../workflows/list-backups.ts'
import { readPin, rescuePin } from './cli-backups.ts'
import { examine } from './examine.ts'
import { runProgram } from './run-program.ts'

/** Who repairs when the command line writes by itself. */
const OPERATOR: Repairer = { actor: 'operator', via: 'cli' }
const OPEN_STATES = ['spawning', 'live'] as const

/** Returns the actions of the command line for the environment of a folder. */
export function cliActions(folder: string): CliActions {
  const configOf = (): OperatorConfig => loadEnvironment(folder).config
  const look = <T>(use: (store: Store) => Promise<T>): Promise<T> =>
    withDatabase(configOf(), { access: 'read', use: (database) => use(createStore(database)) })
  const repair = <T>(use: (database: Database) => Promise<T>): Promise<T> =>
    withDatabase(configOf(), { access: 'write', use })
  const lookAt = <T>(use: (database: Database) => Promise<T>): Promise<T> =>
    withDatabase(configOf(), { access: 'read', use })
  return {
    start: () => runProgram(folder),
    migrate: () =>
      repair(async (database) => {
        await migrate(database)
        return database.url
      }),
    doctor: () => examine(folder),
    listDeliveries: (query) => lookAt((database) => createInbox(database).list(query)),
    findDelivery: (id) => lookAt((database) => createInbox(database).find(id)),
    replayDelivery: (id) =>
      repairInbox<ReplayReply>(configOf(), {
        here: async (inbox) => ({ kind: await inbox.replay(id, OPERATOR) }),
        there: (access) => postReplay(access, id),
      }),
    dropDelivery: (id) =>
      repairInbox<DropReply>(configOf(), {
        here: async (inbox) => ({ kind: await inbox.drop(id, OPERATOR) }),
        there: (access) => postDrop(access, id),
      }),
    listDecisions: (scope) =>
      look((store) => store.list('decisions', scope === 'open' ? { status: 'pending' } : {})),
    answerDecision: (order) => answerDecision(configOf(), order),
    listSessions: (scope) =>
      look((store) => store.list('sessions', scope === 'open' ? { state: OPEN_STATES } : {})),
    findSession: (id) => look((store) => findSession(store, id)),
    listBackups: (sessionId) => look((store) => listBackups(store, sessionId)),
    findBackup: async (id) => {
      const found = await look((store) => findBackup(store, id))
      return found === null ? null : { ...found, contents: await readPin(configOf(), found.backup) }
    },
    rescueBackup: (order) => {
      const config = configOf()
      return rescuePin(config, { order, accessOf: () => accessOf(config) })
    },
  }
}

interface DatabaseUse<T> {
  readonly access: 'read' | 'write'
  readonly use: (database: Database) => Promise<T>
}

async function withDatabase<T>(config: OperatorConfig, { access, use }: DatabaseUse<T>): Promise<T> {
  const { url, authToken } = config.database
  const database = await openDatabase({
    url,
    ...(authToken === null ? {} : { authToken }),
    access,
    now: systemClock.now,
  })
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

interface InboxRepair<T> {
  readonly here: (inbox: Inbox) => Promise<T>
  readonly there: (access: ApiAccess) => Promise<T>
}

/** One process writes to the database: this one when nobody else does, else the one that runs. */
async function repairInbox<T>(config: OperatorConfig, { here, there }: InboxRepair<T>): Promise<T> {
  const use = (database: Database): Promise<T> => here(createInbox(database))
  try {
    return await withDatabase(config, { access: 'write', use })
  } catch (error) {
    if (!isAppError(error, 'DATABASE_IN_USE')) throw error
    return there(accessOf(config))
  }
}

async function findSession(store: Store, id: string): ReturnType<CliActions['findSession']> {
  const session = await store.find('sessions', { id })
  if (session === null) return null
  const pipelines = await store.list('pipelines', { sessionId: id })
  const phases = await store.list('phaseRuns', { pipelineId: pipelines.map((pipeline) => pipeline.id) })
  const decisions = await store.list('decisions', { sessionId: id, status: 'pending' })
  const withPhases = pipelines.map((pipeline) => ({
    ...pipeline,
    phases: phases.filter(({ pipelineId }) => pipelineId === pipeline.id),
  }))
  return { session, pipelines: withPhases, decisions }
}

/** One process writes to the database, so the answer goes to the one that runs. */
async function answerDecision(config: OperatorConfig, order: AnswerOrder): Promise<PostedReply> {
  const { decisionId, answer } = order
  const access = accessOf(config)
  const pipelineId = order.pipelineId ?? (await pipelineOf(config, decisionId))
  return postAnswer({ ...access, pipelineId, decisionId, answer })
}

/** Returns where the running process is by the configuration that both share. */
function accessOf(config: OperatorConfig): ApiAccess {
  const [token] = config.apiTokens
  if (token === undefined) throw new AppError('API_TOKEN_MISSING', {})
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`
  return { address, token: token.token }
}

async function pipelineOf(config: OperatorConfig, decisionId: string): Promise<string> {
  const use = (
    database: Database,
  ): Promise<readonly { readonly pipelineId: string; readonly status: string }[]> =>
    createStore(database).list('decisions', { id: decisionId })
  const found = await withDatabase(config, { access: 'read', use })
  const open = found.filter(({ status }) => status === 'pending')
  const [only, ...others] = open.length > 0 ? open : found
  if (only === undefined) throw new AppError('DECISION_NOT_FOUND', { decision: decisionId })
  if (others.length > 0) throw new AppError('DECISION_AMBIGUOUS', { decision: decisionId })
  return only.pipelineId
}
