// Reads everything GitHub shows of one pull request: page after page, all unfinished lists in one query, until every
// list is at its end or the budget is. Never throws for what GitHub does.

import type { ObservedThread } from '../../domain/mirror/observation.ts'
import type { ObservationOutcome, PullRequestName, ReadFailure, ReadPriority } from '../../ports/github.ts'
import type { GraphqlFault } from './call-failure.ts'
import { toChecks } from './decode-checks.ts'
import { toMergeability, toPullRequest, toReviewDecision, toThread } from './decode-texts.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { RawLook } from './glance-texts.ts'
import type { ReadGraphql, ReadResult } from './graphql-reads.ts'
import { toListed } from './list-collector.ts'
import { createLists, LIST_NAMES, listOf, takeComments, takePages } from './observation-lists.ts'
import type { ObservationLists, ThreadInProgress } from './observation-lists.ts'
import { OTHER_REPOSITORY, isOther, toReadFailure } from './read-failure.ts'
import { OBSERVE_AND_LOOK, OBSERVE_PULL_REQUEST, READ_THREAD_COMMENTS } from './observation-texts.ts'
import type { RawObservation, RawPullRequest, RawThreadComments } from './observation-texts.ts'

/** How much one observation may cost at most. */
export interface ObserveLimits {
  readonly queries: number
  /** GraphQL points. */
  readonly points: number
}

/** What observing needs. */
export interface ObserveTools {
  readonly read: ReadGraphql
  readonly fingerprint: Fingerprint
  readonly ownAppId: number
  readonly limits: ObserveLimits
  readonly now: () => number
}

/** Nine pages of a big pull request with room for long threads. */
export const DEFAULT_LIMITS: ObserveLimits = { queries: 60, points: 100 }

interface PageSizes {
  readonly threadCount: number
  readonly commentCount: number
  readonly itemCount: number
}

/** One query asks for 99 lists at most this way, and so costs one point however GitHub rounds. */
const SIZES: PageSizes = { threadCount: 90, commentCount: 50, itemCount: 100 }
/** GitHub gives up on a page after ten seconds; a smaller one may be ready by then. */
const SMALL_SIZES: PageSizes = { threadCount: 20, commentCount: 20, itemCount: 40 }

type ListName = keyof ObservationLists

interface Reading extends ObserveTools {
  readonly name: PullRequestName
  readonly priority: ReadPriority
  readonly lists: ObservationLists
  sizes: PageSizes
  /** Null until the first page was read. */
  headSha: string | null
  /** Null when the look is not whole. */
  look: RawLook | null
  /** Asking makes GitHub compute it, so that a later page may know more than the first. */
  mergeability: string
  queries: number
  points: number
}

/** Reads one pull request. */
export async function readObservation(
  tools: ObserveTools,
  name: PullRequestName,
  priority: ReadPriority,
): Promise<ObservationOutcome> {
  const readAt = tools.now()
  const reading: Reading = {
    ...tools,
    name,
    priority,
    lists: createLists(),
    sizes: SIZES,
    headSha: null,
    look: null,
    mergeability: 'UNKNOWN',
    queries: 0,
    points: 0,
  }
  const first = await readPage(reading)
  if (first.kind !== 'facts') return first
  reading.headSha = first.raw.headRefOid
  while (openLists(reading).length > 0 && hasBudget(reading)) {
    const page = await readPage(reading)
    if (page.kind !== 'facts') break
  }
  await readLongThreads(reading)
  const observation = { readAt, ...toFacts(reading, first.raw) }
  return { kind: 'observed', observation, fingerprint: fingerprintOf(reading), cost: reading.points }
}

/** Threads beyond a page of the look are in no fingerprint that a single query could give. */
function fingerprintOf({ look, fingerprint }: Reading): string | null {
  return look === null || look.reviewThreads.pageInfo.hasPreviousPage ? null : fingerprint(look, [])
}

type PageOutcome =
  { readonly kind: 'facts'; readonly raw: RawPullRequest } | { readonly kind: 'gone' } | ReadFailure

/** A list that breaks the whole answer is left out, and the rest is read without it. */
async function readPage(reading: Reading): Promise<PageOutcome> {
  for (;;) {
    const before = openLists(reading).length
    const page = await tryPage(reading)
    const hasFewer = openLists(reading).length < before
    if (page.kind === 'facts' || page.kind === 'gone' || !hasFewer || !hasBudget(reading)) return page
  }
}

/** Reads the next page of every list that has one. */
async function tryPage(reading: Reading): Promise<PageOutcome> {
  const { lists, name } = reading
  const wanted = new Set<ListName>(openLists(reading))
  const textFor = (sizes: PageSizes): string =>
    reading.headSha === null && sizes === SIZES ? OBSERVE_AND_LOOK : OBSERVE_PULL_REQUEST
  const result = await query<RawObservation>(reading, textFor, (sizes) => ({
    ...sizes,
    owner: name.repository.owner,
    name: name.repository.name,
    number: name.number,
    withThreads: wanted.has('threads'),
    withReviews: wanted.has('reviews'),
    withChecks: wanted.has('checks'),
    withConversation: wanted.has('conversation'),
    threadsAfter: lists.threads.cursor(),
    reviewsAfter: lists.reviews.cursor(),
    checksAfter: lists.checks.cursor(),
    conversationBefore: lists.conversation.cursor(),
  }))
  if (result.kind !== 'answered') return result.failure
  const { data, faults } = result
  if (isOther(name, data.repository?.databaseId ?? null)) return OTHER_REPOSITORY
  const raw = data.repository?.pullRequest ?? null
  if (raw === null) return withoutFacts(reading, faults)
  if (!faults.some(({ path }) => path[1] === 'look')) reading.look ??= data.repository?.look ?? null
  const headSha = reading.headSha ?? raw.headRefOid
  const isSameHead = raw.headRefOid === headSha
  if (isSameHead && raw.mergeable !== 'UNKNOWN') reading.mergeability = raw.mergeable
  takePages(lists, raw, { wanted, faults, headSha })
  return { kind: 'facts', raw }
}

/** An error in what may not be null takes the whole pull request out of the answer; its path says which list it was. */
function withoutFacts({ lists }: Reading, faults: readonly GraphqlFault[]): PageOutcome {
  const isGone = faults.some(({ type, path }) => type === 'NOT_FOUND' && path.length === 2)
  if (isGone) return { kind: 'gone' }
  for (const fault of faults) {
    const name = listOf(fault)
    if (name !== null) lists[name].breakOff()
  }
  const [fault] = faults
  return toReadFailure(fault)
}

/** Reads the rest of threads with more comments than a page holds. */
async function readLongThreads(reading: Reading): Promise<void> {
  for (const thread of reading.lists.threads.items()) {
    while (thread.comments.isOpen() && hasBudget(reading)) {
      if (!(await readMoreComments(reading, thread))) return
    }
  }
}

async function readMoreComments(reading: Reading, { raw, comments }: ThreadInProgress): Promise<boolean> {
  const result = await query<RawThreadComments>(
    reading,
    () => READ_THREAD_COMMENTS,
    ({ itemCount }) => ({
      id: raw.id,
      itemCount,
      after: comments.cursor(),
    }),
  )
  if (result.kind !== 'answered') return false
  takeComments(comments, result.data.node?.comments, result.faults)
  return true
}

/** A page that was too big for GitHub is asked for once more, smaller; the pages after it are small as well. */
async function query<T>(
  reading: Reading,
  textFor: (sizes: PageSizes) => string,
  variablesFor: (sizes: PageSizes) => Readonly<Record<string, unknown>>,
): Promise<ReadResult<T>> {
  const { read, name, priority } = reading
  const { installationId } = name.repository
  for (;;) {
    const order = { text: textFor(reading.sizes), variables: variablesFor(reading.sizes) }
    const result = await read<T>({ installationId, priority, ...order })
    reading.queries += 1
    if (result.kind === 'answered') reading.points += result.cost
    if (result.kind !== 'unavailable' || reading.sizes === SMALL_SIZES) return result
    reading.sizes = SMALL_SIZES
  }
}

function openLists({ lists }: Reading): readonly ListName[] {
  return LIST_NAMES.filter((name) => lists[name].isOpen())
}

function hasBudget({ queries, points, limits }: Reading): boolean {
  return queries < limits.queries && points < limits.points
}

type Facts = Omit<Extract<ObservationOutcome, { kind: 'observed' }>['observation'], 'readAt'>

function toFacts({ lists, ownAppId, mergeability }: Reading, raw: RawPullRequest): Facts {
  const reviews = toListed(lists.reviews)
  const checks = toListed(lists.checks)
  const conversation = toListed(lists.conversation)
  const threads = lists.threads
    .items()
    .map(({ raw: thread, comments }): ObservedThread => toThread(thread, toListed(comments)))
  return {
    pullRequest: toPullRequest(raw),
    mergeability: toMergeability(mergeability),
    reviewDecision: toReviewDecision(raw.reviewDecision),
    isInMergeQueue: raw.isInMergeQueue,
    hasAutoMerge: raw.autoMergeRequest !== null,
    isStacked: (raw.baseRef?.associatedPullRequests.totalCount ?? 0) > 0,
    threads: { completeness: lists.threads.completeness(), items: threads },
    reviews: { ...reviews, items: reviews.items.flatMap(({ review }) => review ?? []) },
    checks: { ...checks, items: toChecks(checks.items, ownAppId) },
    // Read from the end, page by page.
    conversation: {
      ...conversation,
      items: conversation.items.toSorted((a, b) => a.createdAt - b.createdAt),
    },
  }
}
