// Puts a pin on a branch of its own, create-only, and stores which. Knows no command and no question.

import { update, type Change, type RescueContent } from '../domain/changes.ts'
import { toBranchName, type BranchName, type Sha } from '../domain/ids.ts'
import type { Backup } from '../domain/records.ts'
import type { LeftOut, StepOutcome } from '../domain/sync/step.ts'
import type { PushRefusal } from '../domain/text/push-result-text.ts'
import type { Deps, JobLane } from './deps.ts'
import type { SessionContext } from './queries.ts'
import { raiseDamagedPin } from './raise-alert.ts'
import { runBesideSync } from './run-beside-sync.ts'

export interface BranchOrder {
  readonly context: SessionContext
  readonly backup: Backup
  readonly content: RescueContent
  /** The branch that was asked for; null takes the one it has already, or the next free name. */
  readonly branch: string | null
  readonly lane: JobLane
}

export type BranchResult =
  | {
      readonly kind: 'put'
      readonly branch: string
      readonly head: Sha
      /** Only there when uncommitted work was asked for. */
      readonly leftOut?: readonly LeftOut[]
    }
  /** The branch was made for this pin earlier, and somebody moved it since. */
  | { readonly kind: 'moved_since'; readonly branch: string }
  | { readonly kind: 'nothing_dirty'; readonly leftOut: readonly LeftOut[] }
  | { readonly kind: 'pin_damaged'; readonly detail: string }
  | {
      readonly kind: 'refused'
      readonly branch: string
      readonly refusal: PushRefusal
      readonly detail: string
    }

/** Names on the remote that no row knows of, as after a restored database, are passed over up to this many times. */
const MOST_NAMES = 20

/**
 * Pushes the pin and stores its branch in a transaction of its own.
 *
 * A second time names the same branch: pushing the same commits again is harmless, and a branch with other commits is
 * never touched.
 */
export async function putOnBranch(deps: Deps, order: BranchOrder): Promise<BranchResult> {
  const known = branchOf(order)
  const wanted = order.branch ?? known
  if (wanted !== null) return settle(deps, order, { branch: wanted, known })
  const first = await nextNumber(deps, order.context)
  for (let number = first; ; number += 1) {
    const branch = branchName(order.context, number)
    const result = await settle(deps, order, { branch, known })
    const isTaken = result.kind === 'refused' && result.refusal === 'non_fast_forward'
    if (!isTaken || number - first + 1 >= MOST_NAMES) return result
  }
}

/** Returns the next branch name for rescued commits of a session that no pin of it ever used. */
export async function nextRescueBranch(deps: Deps, context: SessionContext): Promise<BranchName> {
  return toBranchName(branchName(context, await nextNumber(deps, context)))
}

function branchName({ session }: SessionContext, number: number): string {
  return `belay/rescue/${session.id}-${number}`
}

function branchOf({ backup, content }: Pick<BranchOrder, 'backup' | 'content'>): string | null {
  return content === 'dirty' ? backup.dirtyRescueBranch : backup.rescueBranch
}

/** One more than the highest number a branch of this session ever got. */
async function nextNumber(deps: Deps, { session }: SessionContext): Promise<number> {
  const backups = await deps.store.list('backups', { sessionId: session.id })
  const prefix = `belay/rescue/${session.id}-`
  const numbers = backups
    .flatMap(({ rescueBranch, dirtyRescueBranch }) => [rescueBranch, dirtyRescueBranch])
    .flatMap((name) => (name?.startsWith(prefix) === true ? [Number(name.slice(prefix.length))] : []))
    .filter((number) => Number.isSafeInteger(number))
  return Math.max(0, ...numbers) + 1
}

async function settle(
  deps: Deps,
  order: BranchOrder,
  { branch, known }: { readonly branch: string; readonly known: string | null },
): Promise<BranchResult> {
  const outcome = await push(deps, order, branch)
  if (outcome?.kind === 'nothing_to_commit') return { kind: 'nothing_dirty', leftOut: outcome.leftOut }
  if (outcome?.kind === 'failed' && outcome.reason === 'not_pinned') {
    const { backup, lane } = order
    await store(deps, await raiseDamagedPin(deps, { backup, detail: outcome.detail }), lane)
    return { kind: 'pin_damaged', detail: outcome.detail }
  }
  const refusal = refusalOf(outcome)
  if (refusal !== null) {
    const isOurs = refusal.refusal === 'non_fast_forward' && branch === known
    return isOurs ? { kind: 'moved_since', branch } : { kind: 'refused', branch, ...refusal }
  }
  if (known === null) await store(deps, [branchStored(order, branch)], order.lane)
  if (outcome?.kind === 'committed')
    return { kind: 'put', branch, head: outcome.head, leftOut: outcome.leftOut }
  return { kind: 'put', branch, head: order.backup.head }
}

async function push(
  deps: Deps,
  { context, backup, content, lane }: BranchOrder,
  branch: string,
): Promise<StepOutcome | null> {
  const { prefix } = backup
  const plan = [{ kind: 'push_rescue', prefix, branch: toBranchName(branch), content }] as const
  const { steps } = await runBesideSync(deps, { context, lane, purpose: 'rescue', plan })
  return steps[0]?.outcome ?? null
}

function refusalOf(
  outcome: StepOutcome | null,
): { readonly refusal: PushRefusal; readonly detail: string } | null {
  if (outcome?.kind === 'committed') return null
  if (outcome?.kind === 'push') {
    return outcome.result === 'pushed' ? null : { refusal: outcome.result, detail: outcome.detail }
  }
  return { refusal: 'unknown', detail: outcome?.kind === 'failed' ? outcome.detail : '' }
}

function branchStored({ backup, content }: BranchOrder, branch: string): Change {
  const set = content === 'dirty' ? { dirtyRescueBranch: branch } : { rescueBranch: branch }
  return update('backups', { where: { id: backup.id }, set })
}

/** Stored at once, because what people are shown next is made from committed rows. */
async function store(deps: Deps, changes: readonly Change[], lane: JobLane): Promise<void> {
  if (changes.length === 0) return
  const stored = await deps.store.commit(changes, lane)
  if (stored.kind === 'refused')
    throw new Error(`The rescue was not stored: ${JSON.stringify(stored.because)}`)
}
