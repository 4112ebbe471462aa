// Takes the pages of an answer into the lists of one observation. Knows which error concerns which list; reads
// nothing, and judges nothing of what is in the lists.

import type { ObservedComment, ObservedReview, ObservedText } from '../../domain/mirror/observation.ts'
import type { GraphqlFault } from './call-failure.ts'
import { toComment, toConversationText, toReview } from './decode-texts.ts'
import { createListCollector } from './list-collector.ts'
import type { ListCollector } from './list-collector.ts'
import type {
  Page,
  RawCheck,
  RawPullRequest,
  RawReview,
  RawText,
  RawThread,
  RawThreadComment,
} from './observation-texts.ts'

/** A thread whose comments may go on. */
export interface ThreadInProgress {
  readonly raw: RawThread
  readonly comments: ListCollector<ObservedComment>
}

/** The lists of one observation while they are read. */
export interface ObservationLists {
  readonly threads: ListCollector<ThreadInProgress>
  /** Null for a review that its author has not submitted. */
  readonly reviews: ListCollector<{ readonly id: string; readonly review: ObservedReview | null }>
  readonly checks: ListCollector<RawCheck>
  readonly conversation: ListCollector<ObservedText>
}

/** A list as the answer names it. */
const FIELDS: Readonly<Record<keyof ObservationLists, string>> = {
  threads: 'reviewThreads',
  reviews: 'reviews',
  checks: 'statusCheckRollup',
  conversation: 'comments',
}

export const LIST_NAMES: readonly (keyof ObservationLists)[] = [
  'threads',
  'reviews',
  'checks',
  'conversation',
]

/** Path of a pull request in an answer. */
const ROOT_DEPTH = 2

/** Makes empty lists. */
export function createLists(): ObservationLists {
  return {
    threads: createListCollector(({ raw }) => raw.id),
    reviews: createListCollector(({ id }) => id),
    checks: createListCollector(keyOfCheck),
    conversation: createListCollector(({ id }) => id),
  }
}

/** Returns the list an error concerns, or null when it concerns the pull request itself. */
export function listOf({ path }: GraphqlFault): keyof ObservationLists | null {
  if (path[ROOT_DEPTH - 1] !== 'pullRequest') return null
  return LIST_NAMES.find((name) => FIELDS[name] === path[ROOT_DEPTH]) ?? null
}

/** What of an answer to take. */
export interface Taking {
  readonly wanted: ReadonlySet<keyof ObservationLists>
  readonly faults: readonly GraphqlFault[]
  /** The head the observation is of. */
  readonly headSha: string
}

/** Takes the pages that were asked for. */
export function takePages(
  lists: ObservationLists,
  raw: RawPullRequest,
  { wanted, faults, headSha }: Taking,
): void {
  const faultsOf = (name: keyof ObservationLists): readonly GraphqlFault[] =>
    faults.filter((fault) => listOf(fault) === name)
  if (wanted.has('threads')) takeThreads(lists.threads, raw.reviewThreads, faultsOf('threads'))
  if (wanted.has('reviews')) takeReviews(lists.reviews, raw.reviews, faultsOf('reviews'))
  // Danger: checks of another head would pass for checks of this one.
  if (raw.headRefOid !== headSha) lists.checks.breakOff()
  else if (wanted.has('checks')) takeChecks(lists.checks, raw, faultsOf('checks'))
  if (wanted.has('conversation')) takeConversation(lists.conversation, raw.comments, faultsOf('conversation'))
}

/** Takes a page of a thread's comments. */
export function takeComments(
  list: ListCollector<ObservedComment>,
  page: Page<RawThreadComment> | null | undefined,
  faults: readonly GraphqlFault[],
): void {
  if (page === null || page === undefined) return list.breakOff()
  list.take({ ...readPage(page, faults), items: present(page.nodes).map(toComment) })
}

function takeThreads(
  list: ObservationLists['threads'],
  page: RawPullRequest['reviewThreads'],
  faults: readonly GraphqlFault[],
): void {
  if (page === undefined) return list.breakOff()
  const nodes = page.nodes ?? []
  // Path: repository, pullRequest, reviewThreads, nodes, <index>, comments, …
  const isOfComments = ({ path }: GraphqlFault): boolean =>
    path[5] === 'comments' && (nodes[Number(path[4])] ?? null) !== null
  const items = nodes.flatMap((raw, index) => {
    if (raw === null) return []
    const comments = createListCollector<ObservedComment>(({ id }) => id)
    takeComments(
      comments,
      raw.comments,
      faults.filter((fault) => isOfComments(fault) && fault.path[4] === index),
    )
    return [{ raw, comments }]
  })
  const others = faults.filter((fault) => !isOfComments(fault))
  list.take({ ...readPage(page, others), items })
}

function takeReviews(
  list: ObservationLists['reviews'],
  page: Page<RawReview> | null | undefined,
  faults: readonly GraphqlFault[],
): void {
  if (page === null || page === undefined) return list.breakOff()
  const items = present(page.nodes).map((raw) => ({ id: raw.id, review: toReview(raw) }))
  list.take({ ...readPage(page, faults), items })
}

/** A rollup of another commit, or of nothing because it may not be read, says nothing about the head. */
function takeChecks(
  list: ObservationLists['checks'],
  { statusCheckRollup: rollup, headRefOid }: RawPullRequest,
  faults: readonly GraphqlFault[],
): void {
  // Which workflow a run belongs to needs a permission of its own, and only tells reruns apart; a number that is too
  // great for its field is in the run's address as well.
  const lasting = faults.filter(({ path }) => !path.includes('workflowRun') && path.at(-1) !== 'databaseId')
  if (rollup === null && lasting.length === 0) {
    return list.take({ items: [], next: null, isDamaged: false })
  }
  if (rollup === null || rollup === undefined) return list.breakOff()
  const isOfHead = (rollup.commit?.oid ?? headRefOid) === headRefOid
  if (!isOfHead) return list.take({ items: [], next: null, isDamaged: true })
  list.take({ ...readPage(rollup.contexts, lasting), items: present(rollup.contexts.nodes) })
}

function takeConversation(
  list: ObservationLists['conversation'],
  page: RawPullRequest['comments'],
  faults: readonly GraphqlFault[],
): void {
  if (page === undefined) return list.breakOff()
  const { hasPreviousPage, startCursor } = page.pageInfo
  const pageInfo = { hasNextPage: hasPreviousPage, endCursor: startCursor }
  const items = present<RawText>(page.nodes).map(toConversationText)
  const { totalCount, nodes } = page
  list.take({ ...readPage({ totalCount, pageInfo, nodes }, faults), items })
}

function readPage(
  { totalCount: total, pageInfo, nodes }: Page<unknown>,
  faults: readonly GraphqlFault[],
): { readonly next: string | null; readonly isDamaged: boolean; readonly total: number } {
  const next = pageInfo.hasNextPage ? pageInfo.endCursor : null
  // Without a cursor the rest can not be asked for.
  const isCutOff = pageInfo.hasNextPage && next === null
  const isDamaged = isCutOff || faults.length > 0 || nodes === null || nodes.includes(null)
  return { next, isDamaged, total }
}

function present<T>(nodes: readonly (T | null)[] | null): readonly T[] {
  return (nodes ?? []).filter((node): node is T => node !== null)
}

function keyOfCheck(check: RawCheck): string {
  return check.type === 'CheckRun' ? check.id : `${check.context} ${check.createdAt}`
}
