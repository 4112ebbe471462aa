// Step: save commits, index and files into the mirror.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import { lookAt } from '../look-at.ts'
import { readAutostashes } from '../inspection/operation-traces.ts'
import {
  readStanding,
  refuseFault,
  refuseLocks,
  type Refusal,
  type StepOf,
  type StepWorld,
} from './step-world.ts'
import { join } from 'node:path'
import { inspectGitFiles } from '../repositories/worktree.ts'

/** Writes the pin; the worktree must be where the plan saw it, or the pin would describe something else. */
export async function pin(world: StepWorld, step: StepOf<'pin'>): Promise<StepOutcome> {
  const { paths, identity, plan } = world
  const { prefix, head, target, message, also = [] } = step
  const fault = await inspectGitFiles(paths)
  const isGone = fault?.kind === 'missing' && target === null
  if (fault !== null && !isGone) return refuseFault(fault)
  // Git replaces its index whole, so a pin that nothing follows may be made beside a lock.
  const refusal =
    (await refuseOtherPlace(world, { expected: head, isGone })) ??
    (target === null ? null : await refuseLocks(world))
  if (refusal !== null) return refusal
  const stashed = (await readAutostashes(paths)).filter((sha) => sha !== head && !also.includes(sha))
  const isWrittenOver = plan.some((other) => other.kind === 'reset_tree' && other.isGentle !== true)
  const isMove = !isWrittenOver && plan.some(({ kind }) => kind === 'move_tree' || kind === 'reset_tree')
  return world.pins.write({
    paths,
    prefix,
    head,
    target,
    hasReset: !isMove,
    also: [...also, ...stashed],
    isGone,
    message,
    identity,
  })
}

async function refuseOtherPlace(
  world: StepWorld,
  { expected, isGone }: { readonly expected: StepOf<'pin'>['head']; readonly isGone: boolean },
): Promise<Refusal | null> {
  const isForgotten = isGone && (await lookAt(join(world.paths.worktreeGitDir, 'HEAD'))) === null
  if (isForgotten && expected === null) return null
  const standing = await readStanding(world)
  if (standing.kind === 'failed') return standing
  if (standing.kind === 'raced') return { ...standing, expected }
  if (standing.sha === expected) return null
  return { kind: 'raced', expected, actual: standing.sha ?? `${standing.branch ?? 'HEAD'} without a commit` }
}
