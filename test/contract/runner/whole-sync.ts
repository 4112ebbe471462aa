// A sync as production runs it, without the database: look, name the case, plan, run every step. Tells apart which part
// of it started which git processes; knows no number that is right.

import type { Sha } from '../../../src/domain/ids.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import { planSync } from '../../../src/domain/sync/plan.ts'
import { mayContinueAfter, type StepOutcome, type SyncStep } from '../../../src/domain/sync/step.ts'
import { IDENTITY, type RunnerWorld } from '../../support/runner-world.ts'

export interface SyncWish {
  readonly lastSynced: Sha
  /** Where the caller knows the remote branch to be; null asks the remote. */
  readonly knownHead: Sha | null
  /** Push our commits, and the pin of what is taken away. */
  readonly push: boolean
}

/** What one sync was, and the git processes of each part of it in order. */
export interface CountedSync {
  readonly case: SyncCase
  readonly outcomes: readonly StepOutcome[]
  readonly looking: readonly string[]
  /** Of the steps, without those that push. */
  readonly steps: readonly string[]
  readonly pushing: readonly string[]
}

const PUSHES: readonly SyncStep['kind'][] = ['push_pin', 'push_branch']

/** Syncs once; throws when a step of the plan did not run, or forbade going on. */
export async function syncWhole(world: RunnerWorld, wish: SyncWish): Promise<CountedSync> {
  const { lastSynced, knownHead, push } = wish
  const workspace = world.workspace()
  world.gitCommands.length = 0
  const facts = await world.runner.inspect({ workspace, lastSynced, knownHead })
  const looking = world.gitCommands.splice(0)
  const policy = { push, onConflict: 'reset', choice: null, reviewed: null, askOnRewrite: false } as const
  const name = classifyWorktree(facts, policy)
  const plan = planSync(name, facts, { policy, pushPin: push, prefix: world.prefix() })
  const [outcomes, steps, pushing]: [StepOutcome[], string[], string[]] = [[], [], []]
  for await (const { step, outcome } of world.runner.execute({
    workspace,
    plan,
    identity: IDENTITY,
    fence: 1,
  })) {
    if (!mayContinueAfter(step, outcome))
      throw new Error(`${name}: ${step.kind} gave ${JSON.stringify(outcome)}`)
    outcomes.push(outcome)
    const part = PUSHES.includes(step.kind) ? pushing : steps
    part.push(...world.gitCommands.splice(0))
  }
  if (outcomes.length !== plan.length) throw new Error(`${name}: ${outcomes.length} of ${plan.length} ran`)
  return { case: name, outcomes, looking, steps, pushing }
}
