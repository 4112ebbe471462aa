// All attempts of this runner: starting, watching, reporting, stopping. Decides nothing about what an end means.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Isolation } from '../../domain/config/operator-config.ts'
import type { AgentExit, AttemptReport } from '../../domain/session/attempt.ts'
import type { AgentCheck, AttemptOrder } from '../../ports/runner.ts'
import type { Log } from '../../ports/surroundings.ts'
import type { AgentCatalogue } from './agent-catalogue.ts'
import { furnishHome, toLaunch } from './attempt-launch.ts'
import { openAttemptLog } from './attempt-log.ts'
import { startProcess, type AttemptProcess } from './attempt-process.ts'
import { lookAt } from './look-at.ts'
import { identifyProcess } from './process-identity.ts'
import { reapAttempt } from './reap-attempt.ts'
import { attemptFolder, sessionPaths } from './session-paths.ts'
import { writeDurably } from './write-durably.ts'

export interface AttemptsOptions {
  readonly home: string
  readonly catalogue: AgentCatalogue
  readonly isolation: Isolation
  readonly host: Readonly<Record<string, string | undefined>>
  readonly operatorHome: string
  readonly log: Log
  readonly report: (report: AttemptReport) => Promise<void>
  readonly graceMs: number
  readonly heartbeatMs: number
}

export interface AttemptName {
  readonly sessionId: string
  readonly attemptId: string
}

export interface Attempts {
  check(agent: string | null): Promise<AgentCheck>
  start(order: AttemptOrder): Promise<number | null>
  stop(name: AttemptName): Promise<void>
  reap(name: AttemptName): Promise<{ readonly kind: 'reaped' | 'gone' | 'watched' }>
  /** Stops everything; resolves when all ends are reported. */
  close(): Promise<void>
}

interface Running {
  readonly process: AttemptProcess
  /** Settles when the end was reported. */
  readonly over: Promise<void>
}

/** Makes the registry, empty. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const running = new Map<string, Running>()
  const starting = new Map<string, Promise<number | null>>()
  const start = async (order: AttemptOrder): Promise<number | null> => {
    const begun = await begin(options, order)
    if (begun.kind === 'ended') {
      void reportEnd(options, order, begun.exit)
      return null
    }
    const over = watchRunning(options, order, begun.process).finally(() => running.delete(order.attemptId))
    running.set(order.attemptId, { process: begun.process, over })
    return begun.process.pid
  }
  return {
    check: (agent) => checkAgent(options, agent),
    start(order) {
      const known = running.get(order.attemptId)
      if (known !== undefined) return Promise.resolve(known.process.pid)
      const work =
        starting.get(order.attemptId) ?? start(order).finally(() => starting.delete(order.attemptId))
      starting.set(order.attemptId, work)
      return work
    },
    async stop({ attemptId }) {
      await starting.get(attemptId)
      running.get(attemptId)?.process.stop()
    },
    async reap(name) {
      if (running.has(name.attemptId) || starting.has(name.attemptId)) return { kind: 'watched' }
      return {
        kind: await reapAttempt({ folder: attemptFolder(options.home, name), graceMs: options.graceMs }),
      }
    },
    async close() {
      await Promise.allSettled(starting.values())
      const all = [...running.values()]
      for (const { process } of all) process.stop()
      await Promise.all(all.map(({ over }) => over))
    },
  }
}

async function checkAgent(
  { catalogue, isolation }: AttemptsOptions,
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

type Begun =
  | { readonly kind: 'running'; readonly process: AttemptProcess }
  | { readonly kind: 'ended'; readonly exit: AgentExit }

/** An attempt is started once: a second order for one whose process was written down finds that it is lost. */
async function begin(options: AttemptsOptions, order: AttemptOrder): Promise<Begun> {
  const { home, catalogue, isolation, host } = options
  const check = await checkAgent(options, order.agent)
  const agent = catalogue.find(order.agent)
  const binary = agent === null ? null : await catalogue.locate(agent)
  if (check.kind !== 'found' || agent === null || binary === null) {
    return { kind: 'ended', exit: { kind: 'spawn_failed', reason: check.kind } }
  }
  const { sessionId } = order.workspace
  const folder = attemptFolder(home, { sessionId, attemptId: order.attemptId })
  if ((await lookAt(join(folder, 'pid.json'))) !== null) {
    await reapAttempt({ folder, graceMs: options.graceMs })
    return { kind: 'ended', exit: { kind: 'lost' } }
  }
  const paths = sessionPaths(home, order.workspace)
  const promptFile = join(folder, 'prompt.md')
  await mkdir(folder, { recursive: true })
  await writeFile(promptFile, order.prompt)
  const missing = await furnishHome(agent, { from: options.operatorHome, to: paths.agentHome })
  if (missing.length > 0)
    options.log.warn({ agent: agent.name, missing }, 'Files named under `home` are not there')
  const process = await startProcess({
    launch: toLaunch({ order, agent, binary, isolation, host, agentHome: paths.agentHome, promptFile }),
    cwd: paths.tree,
    log: await openAttemptLog(join(folder, 'log')),
    timeoutMs: order.timeoutMs,
    graceMs: options.graceMs,
  })
  if (process.pid === null) return { kind: 'ended', exit: await process.ended }
  await writeDown(folder, process, process.pid)
  return { kind: 'running', process }
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

async function watchRunning(
  options: AttemptsOptions,
  order: AttemptOrder,
  process: AttemptProcess,
): Promise<void> {
  let sending = Promise.resolve()
  let isSending = false
  const beat = setInterval(() => {
    // One at a time: a listener that is slow to store must not gather a queue of old heartbeats.
    if (isSending) return
    isSending = true
    sending = sendHeartbeat(options, order).finally(() => {
      isSending = false
    })
  }, options.heartbeatMs)
  const exit = await process.ended
  clearInterval(beat)
  await sending
  await reportEnd(options, order, exit)
}

async function sendHeartbeat({ report, log }: AttemptsOptions, order: AttemptOrder): Promise<void> {
  try {
    await report({ kind: 'attempt_heartbeat', ...subjectOf(order) })
  } catch (error) {
    log.warn({ error, attempt: order.attemptId }, 'A heartbeat was not stored')
  }
}

/** Between tries to hand over an end; after the last one the attempt's lease runs out and it counts as lost. */
const RETRY_MS: readonly number[] = [100, 500, 2000, 5000]

async function reportEnd(
  { report, log }: AttemptsOptions,
  order: AttemptOrder,
  exit: AgentExit,
): Promise<void> {
  for (const pause of [...RETRY_MS, null]) {
    try {
      await report({ kind: 'attempt_ended', ...subjectOf(order), exit })
      return
    } catch (error) {
      log.error({ error, attempt: order.attemptId }, 'The end of an attempt was not stored')
    }
    if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function subjectOf(order: AttemptOrder): {
  readonly sessionId: string
  readonly attemptId: string
  readonly runEpoch: number
} {
  return { sessionId: order.workspace.sessionId, attemptId: order.attemptId, runEpoch: order.runEpoch }
}
