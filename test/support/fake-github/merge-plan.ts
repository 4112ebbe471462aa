// What people plan for a pull request before it is merged: draft or ready, automatic merge, merge queue.
import type { Account } from './people.ts'
import { nodeId } from './ids.ts'
import type { FakePullRequest } from './pull-request.ts'

/** How an automatic merge will be made. */
export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** An automatic merge that waits for its conditions. */
export interface AutoMerge {
  readonly by: Account
  readonly method: MergeMethod
  readonly enabledAt: string
}

/** The place of a pull request in the merge queue of its base branch. */
export interface QueueEntry {
  readonly id: number
  readonly nodeId: string
  readonly by: Account
  readonly enqueuedAt: string
}

/** Makes it a draft or ready for review; sends `converted_to_draft` or `ready_for_review`. */
export function setDraft(pr: FakePullRequest, isDraft: boolean, by: Account): void {
  if (pr.isDraft === isDraft) return
  pr.isDraft = isDraft
  pr.sendEvent(isDraft ? 'converted_to_draft' : 'ready_for_review', by)
}

/** Plans an automatic merge, or with undefined takes the plan back; sends `auto_merge_enabled` or `auto_merge_disabled`. */
export function setAutoMerge(pr: FakePullRequest, method: MergeMethod | undefined, by: Account): void {
  if (method === undefined && pr.autoMerge === null) return
  pr.autoMerge = method === undefined ? null : { by, method, enabledAt: pr.world.clock.nowIso() }
  if (method === undefined) pr.sendEvent('auto_merge_disabled', by, { reason: 'Auto-merge was disabled' })
  else pr.sendEvent('auto_merge_enabled', by)
}

/** Puts it at the end of the merge queue and sends `enqueued`. */
export function enqueue(pr: FakePullRequest, by: Account): void {
  if (pr.queueEntry !== null) throw new Error(`#${pr.number} is in the merge queue already.`)
  const id = pr.world.ids.next()
  pr.queueEntry = { id, nodeId: nodeId('MQE', id), by, enqueuedAt: pr.world.clock.nowIso() }
  pr.sendEvent('enqueued', by)
}

/** Takes it out of the merge queue and sends `dequeued` with the reason, for example `CI_FAILURE`. */
export function dequeue(pr: FakePullRequest, reason: string, by: Account): void {
  if (pr.queueEntry === null) throw new Error(`#${pr.number} is not in the merge queue.`)
  pr.queueEntry = null
  pr.sendEvent('dequeued', by, { reason })
}

/** Returns the position in the queue of its base branch, from 1; 0 when it is not in it. */
export function queuePosition(pr: FakePullRequest): number {
  const queued = pr.repository.pullRequests.filter(
    (other) => other.queueEntry && other.baseBranch === pr.baseBranch,
  )
  queued.sort((one, other) => (one.queueEntry?.id ?? 0) - (other.queueEntry?.id ?? 0))
  return queued.indexOf(pr) + 1
}
