// What a read of the head's checks shows that was not known. Only the head has checks here: with a new head all others
// are over. Pure; tells nobody.

import type { Sha } from '../ids.ts'
import {
  byId,
  compareRows,
  storableRow,
  toRowChanges,
  where,
  type ReadAt,
  type RowChanges,
} from './list-diff.ts'
import type { Listed, ObservedCheck } from './observation.ts'
import type { Check } from './records.ts'

/** A read of checks is of one commit. */
export interface ChecksReadAt extends ReadAt {
  readonly headSha: Sha
}

/** Checks by what became of them. */
export interface ChecksDiff extends RowChanges<Check> {
  readonly added: readonly Check[]
  /** With another status or conclusion, or of another commit: a commit status keeps its id. */
  readonly changed: readonly Check[]
  /** As they were stored last. */
  readonly removed: readonly Check[]
}

const NOTHING: ChecksDiff = { added: [], changed: [], removed: [], upserts: [], deletes: [] }

/**
 * Returns what a read of checks changes.
 *
 * Checks of another head go whatever was read of this one; within the head only a complete list says that one is gone.
 */
export function diffChecks(
  stored: readonly Check[],
  observed: Listed<ObservedCheck>,
  at: ChecksReadAt,
): ChecksDiff {
  const isOfEarlierHead = stored.some(
    ({ headSha, observedAt }) => headSha !== at.headSha && observedAt > at.readAt,
  )
  if (isOfEarlierHead) return NOTHING
  const seen = byId(observed.completeness === 'failed' ? [] : observed.items)
  const removed = stored.filter(
    ({ id, headSha, observedAt }) =>
      !seen.has(id) &&
      observedAt <= at.readAt &&
      (headSha !== at.headSha || observed.completeness === 'complete'),
  )
  const { added, differing } = compareRows(
    byId(stored),
    [...seen.values()].map((check) => toRow(check, at)),
  )
  return {
    added,
    changed: where(differing, ({ was, is }) => hasOtherResult(was, is)),
    removed,
    ...toRowChanges({ added, differing, removed }),
  }
}

function hasOtherResult(was: Check, is: Check): boolean {
  return was.headSha !== is.headSha || was.status !== is.status || was.conclusion !== is.conclusion
}

function toRow(check: ObservedCheck, { projectId, prNumber, readAt, headSha }: ChecksReadAt): Check {
  const { id, source, name, appId, appSlug, databaseId } = check
  const { status, conclusion, summary, url, startedAt, completedAt } = check
  return storableRow({
    projectId,
    prNumber,
    id,
    headSha,
    source,
    name,
    appId,
    appSlug,
    databaseId,
    status,
    conclusion,
    summary,
    url,
    startedAt,
    completedAt,
    observedAt: readAt,
  })
}
