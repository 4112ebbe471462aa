// The runner port over the simulated machine, for one start of the program. Reports wait in its memory until they are
// handed over; what a dead program has not handed over is lost, as in a process that was killed.

import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { RunnerReport } from '../../../src/domain/events.ts'
import type { AgentExit } from '../../../src/domain/session/attempt.ts'
import { mayContinueAfter } from '../../../src/domain/sync/step.ts'
import { pinRef } from '../../../src/domain/sync/pin.ts'
import type {
  AttemptOrder,
  ExecuteOrder,
  PrepareOrder,
  Runner,
  StepResult,
} from '../../../src/ports/runner.ts'
import type { Life } from './life.ts'
import type { SimMachine } from './machine.ts'
import { runStep } from './run-step.ts'

export interface SimRunner extends Runner {
  /** Ends a process; false when it is no child of this start. */
  end(attemptId: string, how: { readonly exit: AgentExit; readonly verdict: string | null }): boolean
  report(report: RunnerReport): void
  /** Brings slow preparations to their end. */
  finishPreparing(): void
  /** Hands over every report that waits; returns how many. */
  flush(): Promise<number>
}

type Listener = (report: RunnerReport) => Promise<void>

export function createSimRunner(machine: SimMachine, life: Life): SimRunner {
  const waiting: RunnerReport[] = []
  const slow: PrepareOrder[] = []
  let listener: Listener = () => Promise.resolve()
  const { boot } = life
  const endedReport = (order: AttemptOrder, exit: AgentExit, verdict: string | null): RunnerReport => {
    const { attemptId, runEpoch, workspace } = order
    return { kind: 'attempt_ended', sessionId: workspace.sessionId, attemptId, runEpoch, exit, verdict }
  }
  const end: SimRunner['end'] = (attemptId, { exit, verdict }) => {
    const running = machine.processes.get(attemptId)
    if (running === undefined) return false
    machine.processes.delete(attemptId)
    if (running.boot === boot) waiting.push(endedReport(running.order, exit, verdict))
    return running.boot === boot
  }
  const flush = async (): Promise<number> => {
    let count = 0
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await listener(next)
      count += 1
    }
    return count
  }
  const start = async (order: AttemptOrder): Promise<{ readonly pid: number | null }> => {
    checkFence(machine, order.workspace.sessionId, order.fence)
    await machine.watch({ kind: 'start', order })
    if (machine.processes.get(order.attemptId)?.boot === boot) return { pid: 1 }
    takePlace({ machine, boot, end }, order)
    if (machine.faults.spawn) {
      waiting.push(endedReport(order, { kind: 'spawn_failed', reason: 'no such program' }, null))
      return { pid: null }
    }
    machine.processes.set(order.attemptId, { order, boot })
    if (machine.quickExit !== null) {
      end(order.attemptId, { exit: machine.quickExit, verdict: null })
      await flush()
    }
    life.agentStarted()
    return { pid: machine.processes.size }
  }
  const finishPreparing = (): void => {
    for (const order of slow.splice(0)) waiting.push(prepared(machine, order))
  }
  const runner: Runner = {
    checkAgent: (agent) => Promise.resolve({ kind: 'found', agent: agent ?? 'worker' }),
    prepare: (order) => {
      if (machine.faults.workspace === 'slow') slow.push(order)
      else waiting.push(prepared(machine, order))
      return Promise.resolve()
    },
    observeRemote: ({ lastSynced }) => {
      const remote = machine.host.head === null ? ({ kind: 'deleted' } as const) : null
      if (remote !== null) return Promise.resolve({ remote, containsLastSynced: null })
      const head = machine.host.head ?? machine.host.base
      const containsLastSynced = lastSynced === null ? null : machine.host.commits.contains(head, lastSynced)
      return Promise.resolve({
        remote: { kind: 'fetched', head, base: machine.host.base },
        containsLastSynced,
      })
    },
    inspect: (order) => Promise.resolve(inspect(machine, order)),
    execute: (order) => execute(machine, life, order),
    startAttempt: start,
    stopAttempt: ({ attemptId }) => {
      if (machine.processes.get(attemptId)?.boot === boot)
        end(attemptId, { exit: { kind: 'stopped' }, verdict: null })
      return Promise.resolve()
    },
    reapAttempt: ({ attemptId }) => {
      const isReported = waiting.some((report) => 'attemptId' in report && report.attemptId === attemptId)
      const running = machine.processes.get(attemptId)
      if (isReported || running?.boot === boot) return Promise.resolve({ kind: 'watched' })
      machine.processes.delete(attemptId)
      return Promise.resolve({ kind: running === undefined ? 'gone' : 'reaped' })
    },
    release: ({ workspace: { sessionId } }) => {
      if (machine.processesOf(sessionId).length > 0)
        return Promise.resolve({ kind: 'refused', because: 'process_alive', detail: 'An agent is alive' })
      const tree = machine.trees.get(sessionId)
      if (tree !== undefined) tree.isReleased = true
      return Promise.resolve({ kind: 'released' })
    },
    describeRange: ({ from, to }) => Promise.resolve(machine.host.commits.range(from, to)),
    readFile: ({ workspace, path }) => Promise.resolve(machine.tree(workspace.sessionId).readFile(path)),
    listPins: ({ sessionId }) =>
      Promise.resolve(
        [...(machine.trees.get(sessionId)?.pins ?? [])].flatMap(([prefix, { head: sha }]) =>
          (['head', 'index', 'worktree'] as const).map((leaf) => ({ ref: pinRef(prefix, leaf), sha })),
        ),
      ),
    onReport: (take) => {
      listener = take
    },
    close: () => Promise.resolve(),
  }
  const report = (one: RunnerReport): void => void waiting.push(one)
  return { ...mortal(runner, life), end, flush, report, finishPreparing }
}

/** A dead program gives no orders. */
function mortal<T extends object>(orders: T, life: Life): T {
  return Object.fromEntries(
    Object.entries(orders).map(([name, act]) => [
      name,
      (...given: readonly unknown[]): unknown => {
        life.check()
        return (act as (...given: readonly unknown[]) => unknown)(...given)
      },
    ]),
  ) as T
}

function checkFence(machine: SimMachine, session: string, fence: number): void {
  const seen = machine.seeFence(session, fence)
  if (fence < seen) throw new AppError('FENCE_TOO_OLD', { session, fence, seen })
}

function prepared(machine: SimMachine, { workspace: { sessionId }, pipelineId }: PrepareOrder): RunnerReport {
  const isMade = machine.faults.workspace !== 'failed' && machine.makeTree(sessionId) !== null
  if (isMade) return { kind: 'workspace_prepared', sessionId, pipelineId }
  return { kind: 'workspace_failed', sessionId, pipelineId, code: 'GIT_FAILED', reason: 'The clone failed' }
}

function inspect(
  machine: SimMachine,
  order: Parameters<Runner['inspect']>[0],
): Awaited<ReturnType<Runner['inspect']>> {
  if (machine.faults.inspect)
    throw new AppError('GIT_FAILED', { command: 'status', exitCode: 128, detail: 'broken' })
  return machine.tree(order.workspace.sessionId).inspect(order, machine.faults)
}

interface Place {
  readonly machine: SimMachine
  readonly boot: string
  readonly end: SimRunner['end']
}

/** What older attempts left running is ended; the rules of the port for who may work beside whom. */
function takePlace({ machine, boot, end }: Place, { workspace: { sessionId }, place }: AttemptOrder): void {
  const others = machine.processesOf(sessionId)
  const holds = others.find(({ order, boot: of }) => of === boot && order.place.kind === 'worktree')
  if (holds !== undefined)
    throw new AppError('WORKSPACE_INVALID', { session: sessionId, reason: 'Another attempt has it.' })
  if (place.kind === 'detached') return
  for (const { order, boot: of } of others) {
    if (of === boot) end(order.attemptId, { exit: { kind: 'stopped' }, verdict: null })
    else machine.processes.delete(order.attemptId)
  }
}

async function* execute(machine: SimMachine, life: Life, order: ExecuteOrder): AsyncGenerator<StepResult> {
  const { sessionId } = order.workspace
  const tree = machine.tree(sessionId)
  for (const [position, step] of order.plan.entries()) {
    life.check()
    checkFence(machine, sessionId, order.fence)
    const pushes = step.kind === 'push_branch' ? step.head : null
    await machine.watch({ kind: 'step', sessionId, step: step.kind, pushes })
    const { host, faults, now } = machine
    const outcome = runStep({ host, tree, faults, now }, step)
    life.check()
    yield { position, step, outcome }
    if (!mayContinueAfter(step, outcome)) return
  }
}
