// SIGKILL at the n-th durable step of a recovery: before and after each step of its plan, and before and after the
// transactions that ask, announce, resolve and act. Each point is named on standard output before it is passed.

import type { Change, Job } from '../../../src/domain/changes.ts'
import type { Seams } from '../../../src/main/seams.ts'
import type { JobContext } from '../../../src/ports/lanes.ts'
import type { ExecuteOrder, Runner, StepResult } from '../../../src/ports/runner.ts'

/** Returns the seams that kill this process at its n-th point, counted from 1. */
export function killAt(n: number): Seams {
  const points = new KillPoints(n)
  return {
    runner: (real) => killingRunner(real, points),
    job: (real) => killingJob(real, points),
  }
}

class KillPoints {
  readonly #killAt: number
  #passed = 0

  constructor(killAtPoint: number) {
    this.#killAt = killAtPoint
  }

  /** Writes synchronously: the line must be out before the process is gone. */
  pass(name: string): void {
    this.#passed += 1
    process.stdout.write(`${JSON.stringify({ msg: 'kill_point', n: this.#passed, name })}\n`)
    if (this.#passed === this.#killAt) process.kill(process.pid, 'SIGKILL')
  }
}

function killingRunner(real: Runner, points: KillPoints): Runner {
  return {
    ...real,
    execute: (order) => (isRecovery(order) ? executeKilling(real, order, points) : real.execute(order)),
  }
}

function isRecovery({ plan }: ExecuteOrder): boolean {
  return plan.some((step) => step.kind === 'reset_tree')
}

async function* executeKilling(
  real: Runner,
  order: ExecuteOrder,
  points: KillPoints,
): AsyncIterable<StepResult> {
  const [first] = order.plan
  if (first !== undefined) points.pass(`before:${first.kind}`)
  for await (const result of real.execute(order)) {
    points.pass(`after:${result.step.kind}`)
    yield result
    const next = order.plan[result.position + 1]
    if (next !== undefined) points.pass(`before:${next.kind}`)
  }
}

function killingJob(real: JobContext, points: KillPoints): JobContext {
  const { job } = real.job
  return {
    ...real,
    finish: async (changes) => {
      const name = transactionName(job, changes)
      if (name === null) return real.finish(changes)
      points.pass(`before:${name}`)
      const outcome = await real.finish(changes)
      points.pass(`after:${name}`)
      return outcome
    },
  }
}

function transactionName(job: Job, changes: readonly Change[]): string | null {
  if (changes.some((change) => change.kind === 'insert' && change.table === 'decisions')) return 'ask'
  if (job.kind === 'announce_failure') return 'announce'
  if (job.kind === 'answer_decision') return 'resolve'
  return job.kind === 'act_on_answer' ? 'act' : null
}
