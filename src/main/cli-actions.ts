// What the subcommands do: each reads the configuration, opens what it needs, and closes it again. Looking never takes
// the writer's lock, so it works beside a running process, and it needs no secret of the App.

import { resolve } from 'node:path'
import { openDatabase, type Database } from '../adapters/db/database.ts'
import { createInbox } from '../adapters/db/inbox-store.ts'
import { migrate } from '../adapters/db/migrate.ts'
import { createStore } from '../adapters/db/store.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import { withoutCredentials } from '../domain/config/environment-values.ts'
import type { OperatorConfig, RecordsPlace } from '../domain/config/operator-config.ts'
import { AppError, isAppError } from '../domain/errors/app-error.ts'
import type { ApiAccess } from '../edge/call-api.ts'
import type { AnswerOrder, CliActions } from '../edge/cli-actions.ts'
import { loadEnvironment, loadRecordsPlace } from '../edge/load-environment.ts'
import { postAnswer, type PostedReply } from '../edge/post-answer.ts'
import { postDrop, postReplay, type DropReply, type ReplayReply } from '../edge/post-repair.ts'
import type { Inbox, Repairer } from '../ports/inbox.ts'
import type { Store } from '../ports/store.ts'
import { findBackup, listBackups } from '../workflows/list-backups.ts'
import { readPin, rescuePin } from './cli-backups.ts'
import { examine } from './examine.ts'
import { lookAtDatabase } from './look-at-database.ts'
import { runProgram } from './run-program.ts'

/** Who repairs when the command line writes by itself. */
const OPERATOR: Repairer = { actor: 'operator', via: 'cli' }
const OPEN_STATES = ['spawning', 'live'] as const

/** Returns the actions of the command line for the environment of a folder. */
export function cliActions(folder: string): CliActions {
  const configOf = (): OperatorConfig => loadEnvironment(folder).config
  const placeOf = (): RecordsPlace => loadRecordsPlace(folder)
  const look = <T>(use: (store: Store) => Promise<T>): Promise<T> =>
    lookAtDatabase(placeOf().database, (database) => use(createStore(database)))
  const lookAtInbox = <T>(use: (inbox: Inbox) => Promise<T>): Promise<T> =>
    lookAtDatabase(placeOf().database, (database) => use(createInbox(database)))
  return {
    start: () => runProgram(folder),
    migrate: () =>
      writeDatabase(placeOf(), async (database) => {
        await migrate(database)
        return withoutCredentials(database.url)
      }),
    doctor: () => examine(folder),
    listDeliveries: (query) => lookAtInbox((inbox) => inbox.list(query)),
    findDelivery: (id) => lookAtInbox((inbox) => inbox.find(id)),
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
    listBackups: (sessionId) => look((store) => listPins(store, sessionId)),
    findBackup: async (id) => {
      const found = await look((store) => findBackup(store, id))
      if (found === null) return null
      const home = resolve(placeOf().home)
      return { ...found, home, contents: await readPin(home, found.backup) }
    },
    rescueBackup: (order) => {
      const config = configOf()
      return rescuePin(config, { order, accessOf: () => accessOf(config) })
    },
  }
}

async function writeDatabase<T>(
  { database: { url, authToken } }: RecordsPlace,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const token = authToken === null ? {} : { authToken }
  const database = await openDatabase({ url, ...token, now: systemClock.now })
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
  try {
    return await writeDatabase(config, (database) => here(createInbox(database)))
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

/** Returns null for a session that does not exist; one without pins has an empty list. */
async function listPins(store: Store, sessionId: string | null): ReturnType<CliActions['listBackups']> {
  if (sessionId !== null && (await store.find('sessions', { id: sessionId })) === null) return null
  return listBackups(store, sessionId)
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
  const found = await lookAtDatabase(config.database, (database) =>
    createStore(database).list('decisions', { id: decisionId }),
  )
  const open = found.filter(({ status }) => status === 'pending')
  const [only, ...others] = open.length > 0 ? open : found
  if (only === undefined) throw new AppError('DECISION_NOT_FOUND', { decision: decisionId })
  if (others.length > 0) throw new AppError('DECISION_AMBIGUOUS', { decision: decisionId })
  return only.pipelineId
}
