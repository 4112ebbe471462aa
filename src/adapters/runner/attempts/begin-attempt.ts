// Begins one attempt: everything between the order and the running process, written down so that a crash can find it.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Isolation } from '../../../domain/config/operator-config.ts'
import type { AgentExit } from '../../../domain/session/attempt.ts'
import type { AgentCheck, AttemptOrder } from '../../../ports/runner.ts'
import type { AgentCatalogue } from './agent-catalogue.ts'
import { furnishHome, toLaunch } from './attempt-launch.ts'
import { openAttemptLog } from './attempt-log.ts'
import { startProcess, type AttemptProcess } from './attempt-process.ts'
import { openDoor, type Door, type DoorWorld } from '../door/open-door.ts'
import { lookAt } from '../look-at.ts'
import { identifyProcess } from './process-identity.ts'
import { reapAttempt, reapSession } from './reap-attempt.ts'
import { attemptFolder, sessionPaths } from '../repositories/session-paths.ts'
import { writeDurably } from '../write-durably.ts'

/** What this runner starts agents with. */
export interface AgentWorld extends DoorWorld {
  readonly catalogue: AgentCatalogue
  readonly isolation: Isolation
  readonly host: Readonly<Record<string, string | undefined>>
  readonly operatorHome: string
  readonly graceMs: number
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
  | { readonly kind: 'running'; readonly process: AttemptProcess; readonly door: Door }
  | { readonly kind: 'ended'; readonly exit: AgentExit }

/**
 * Starts the process of an attempt, once: a second order for one whose process was written down finds that it is lost.
 *
 * Before that, whatever older attempts of the session left running is ended: the worktree belongs to one agent. Only
 * for a session in which this runner watches no other attempt.
 */
export async function beginAttempt(world: AgentWorld, order: AttemptOrder): Promise<Begun> {
  const { home, catalogue, isolation, host, graceMs, log } = world
  const check = await checkAgent(world, order.agent)
  const agent = catalogue.find(order.agent)
  const binary = agent === null ? null : await catalogue.locate(agent)
  if (check.kind !== 'found' || agent === null || binary === null) {
    return { kind: 'ended', exit: { kind: 'spawn_failed', reason: check.kind } }
  }
  const { sessionId } = order.workspace
  const folder = attemptFolder(home, { sessionId, attemptId: order.attemptId })
  if ((await lookAt(join(folder, 'pid.json'))) !== null) {
    await reapAttempt({ folder, graceMs })
    return { kind: 'ended', exit: { kind: 'lost' } }
  }
  const paths = sessionPaths(home, order.workspace)
  const reaped = await reapSession({ attempts: paths.attempts, graceMs })
  if (reaped === 'reaped') log.warn({ session: sessionId }, 'Processes of an older attempt were ended')
  const promptFile = join(folder, 'prompt.md')
  await mkdir(folder, { recursive: true })
  await writeFile(promptFile, order.prompt)
  const missing = await furnishHome(agent, { from: world.operatorHome, to: paths.agentHome })
  if (missing.length > 0) log.warn({ agent: agent.name, missing }, 'Files named under `home` are not there')
  const door = await openDoor(world, order)
  try {
    const process = await startProcess({
      launch: toLaunch({
        order,
        agent,
        binary,
        isolation,
        host,
        agentHome: paths.agentHome,
        promptFile,
        door,
      }),
      cwd: paths.tree,
      folder,
      log: await openAttemptLog(join(folder, 'log')),
      timeoutMs: order.timeoutMs,
      graceMs,
    })
    if (process.pid !== null) {
      await writeDown(folder, process, process.pid)
      return { kind: 'running', process, door }
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
async function writeDown(folder: string, process: AttemptProcess, pid: number): Promise<void> {
  try {
    const identity = await identifyProcess(pid)
    await writeDurably(join(folder, 'pid.json'), JSON.stringify(identity ?? { pid, startedAt: 'over' }))
  } catch (error) {
    process.stop()
    await process.ended
    throw error
  }
}
