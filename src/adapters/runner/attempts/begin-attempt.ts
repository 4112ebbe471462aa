// Begins one attempt: everything between the order and the running process, written down so that a crash can find it.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Isolation } from '../../../domain/config/operator-config.ts'
import { isAppError } from '../../../domain/errors/app-error.ts'
import type { AgentExit } from '../../../domain/session/attempt.ts'
import type { AgentCheck, AttemptOrder } from '../../../ports/runner.ts'
import type { AgentCatalogue } from './agent-catalogue.ts'
import type { AgentEntry } from './agent-entry.ts'
import { furnishHome, toLaunch } from './attempt-launch.ts'
import { openAttemptLog } from './attempt-log.ts'
import { startProcess, type StartedProcess } from './attempt-process.ts'
import { openDoor, type Door, type DoorWorld } from '../door/open-door.ts'
import { lookAt } from '../look-at.ts'
import { identifyProcess } from './process-identity.ts'
import { reapAttempt } from './reap-attempt.ts'
import { attemptFolder } from '../repositories/session-paths.ts'
import { verdictFileOf } from './verdict-file.ts'
import { leavePlace, takePlace, type PlaceWorld, type Workplace } from './workplace.ts'
import { writeDurably } from '../write-durably.ts'

/** What this runner starts agents with. */
export interface AgentWorld extends DoorWorld, PlaceWorld {
  readonly catalogue: AgentCatalogue
  readonly isolation: Isolation
  readonly host: Readonly<Record<string, string | undefined>>
  readonly operatorHome: string
}

/** Says whether an agent could start; null means the operator's first one. */
export async function checkAgent(
  { catalogue, isolation }: Pick<AgentWorld, 'catalogue' | 'isolation'>,
  name: string | null,
): Promise<AgentCheck> {
  if (isolation.kind === 'unset') return { kind: 'isolation_refused', reason: 'unset' }
  if (isolation.kind === 'bubblewrap') return { kind: 'isolation_refused', reason: 'not_available_yet' }
  const agent = name === null ? await catalogue.first() : catalogue.find(name)
  if (agent === null) return { kind: 'unknown_agent', agent: name ?? '', known: catalogue.names }
  const binary = await catalogue.locate(agent)
  if (binary === null) return { kind: 'binary_not_found', agent: agent.name, binary: agent.binary }
  return { kind: 'found', agent: agent.name }
}

export type Begun =
  | {
      readonly kind: 'running'
      readonly process: StartedProcess
      readonly door: Door
      readonly place: Workplace
      /** The attempt's own folder. */
      readonly folder: string
      readonly verdictFile: string | null
      readonly isStreaming: boolean
    }
  | { readonly kind: 'ended'; readonly exit: AgentExit }

interface Beginning {
  readonly order: AttemptOrder
  readonly agent: AgentEntry
  readonly binary: string
  readonly folder: string
  readonly place: Workplace
}

/**
 * Starts the process of an attempt, once: a second order for one whose process was written down finds that it is lost.
 *
 * Its place is taken first, as `takePlace` says; one that can not be made ends the attempt before its start. Only for a
 * session in which this runner watches no other attempt but reviews beside a review; `reviews` are those.
 */
export async function beginAttempt(
  world: AgentWorld,
  order: AttemptOrder,
  reviews: ReadonlySet<string>,
): Promise<Begun> {
  const { home, catalogue, graceMs } = world
  const check = await checkAgent(world, order.agent)
  const agent = catalogue.find(order.agent)
  const binary = agent === null ? null : await catalogue.locate(agent)
  if (check.kind !== 'found' || agent === null || binary === null) return notStarted(check.kind)
  const name = { sessionId: order.workspace.sessionId, attemptId: order.attemptId }
  const folder = attemptFolder(home, name)
  if ((await lookAt(join(folder, 'pid.json'))) !== null) {
    await reapAttempt({ folder, graceMs })
    await leavePlace(world, name)
    return { kind: 'ended', exit: { kind: 'lost' } }
  }
  const leave = async (): Promise<void> => {
    if (order.place.kind === 'detached') await leavePlace(world, name)
  }
  try {
    const place = await takePlace(world, order, reviews)
    const begun = await startAgent(world, { order, agent, binary, folder, place })
    if (begun.kind === 'ended') await leave()
    return begun
  } catch (error) {
    await leave()
    const isOfPlace = isAppError(error, 'WORKSPACE_INVALID') || isAppError(error, 'GIT_FAILED')
    if (order.place.kind === 'detached' && isOfPlace) return notStarted(error.message)
    throw error
  }
}

function notStarted(reason: string): Begun {
  return { kind: 'ended', exit: { kind: 'spawn_failed', reason } }
}

async function startAgent(world: AgentWorld, beginning: Beginning): Promise<Begun> {
  const { isolation, host, graceMs, log } = world
  const { order, agent, binary, folder, place } = beginning
  const promptFile = join(folder, 'prompt.md')
  const verdictFile = verdictFileOf(order, folder)
  await mkdir(folder, { recursive: true })
  await writeFile(promptFile, order.prompt)
  // What an earlier start of the same attempt wrote is not what this one says.
  if (verdictFile !== null) await rm(verdictFile, { recursive: true, force: true })
  const { tree, agentHome } = place
  const missing = await furnishHome(agent, { from: world.operatorHome, to: agentHome })
  if (missing.length > 0) log.warn({ agent: agent.name, missing }, 'Files named under `home` are not there')
  const door = await openDoor(world, order)
  try {
    const launch = { order, agent, binary, isolation, host, agentHome, promptFile, verdictFile, door }
    const process = await startProcess({
      launch: toLaunch(launch),
      cwd: tree,
      folder,
      log: await openAttemptLog(join(folder, 'log')),
      timeoutMs: order.timeoutMs,
      graceMs,
    })
    if (process.pid !== null) {
      await writeDown(folder, process)
      const isStreaming = agent.streams
      return { kind: 'running', process, door, place, folder, verdictFile, isStreaming }
    }
    const exit = await process.ended
    await door.close()
    return { kind: 'ended', exit }
  } catch (error) {
    await door.close()
    throw error
  }
}

/** A process that could not be written down could not be found after a crash, so it does not go on. */
async function writeDown(folder: string, process: StartedProcess): Promise<void> {
  const { pid } = process
  try {
    const identity = await identifyProcess(pid)
    await writeDurably(join(folder, 'pid.json'), JSON.stringify(identity ?? { pid, startedAt: 'over' }))
  } catch (error) {
    process.stop({ kind: 'stopped' })
    await process.ended
    throw error
  }
}
