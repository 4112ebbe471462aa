// Replies in a review thread and resolves it. A reply that an earlier try may have left is looked for by its signed
// marker first; resolving is GitHub's to keep from happening twice.

import { effectKey, type Effect } from '../../domain/effects.ts'
import { clip } from '../../domain/text/markdown.ts'
import { hasMarker, withMarker, type Marker } from '../../domain/text/marker.ts'
import type { SendOrder, SendOutcome } from '../../ports/github.ts'
import { toOutcome, type Called } from './call-failure.ts'
import type { SignMarker } from './comment-marker.ts'
import type { Calls } from './github-calls.ts'

export type ThreadReplyEffect = Extract<Effect, { kind: 'thread_reply' }>
export type ResolveThreadEffect = Extract<Effect, { kind: 'resolve_thread' }>

export interface ThreadTools {
  readonly calls: Calls
  readonly sign: SignMarker
}

/** GitHub takes 65 536 characters; the marker needs room too. */
const LONGEST_BODY = 60_000

const REPLY = `
  mutation ReplyToThread($threadId: ID!, $body: String!) {
    addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $threadId, body: $body }) {
      comment { id }
    }
  }`

const RESOLVE = `
  mutation ResolveThread($threadId: ID!) {
    resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } }
  }`

/** Newest first: a reply of ours that got lost on the way stands near the end. */
const FIND_REPLY = `
  query FindThreadReply($threadId: ID!, $before: String) {
    node(id: $threadId) {
      ... on PullRequestReviewThread {
        comments(last: 100, before: $before) {
          nodes { id body viewerDidAuthor }
          pageInfo { hasPreviousPage startCursor }
        }
      }
    }
  }`

/** Writes one reply, once, and returns its node id. */
export async function sendThreadReply(
  { calls, sign }: ThreadTools,
  order: SendOrder,
  effect: ThreadReplyEffect,
): Promise<SendOutcome> {
  if (order.remoteId !== null) return { kind: 'sent', remoteId: order.remoteId }
  const marker = sign({ target: effectKey(effect), issueNumber: effect.prNumber })
  if (order.mayExist) {
    const left = await findReply(calls, effect, marker)
    if (left.kind !== 'answered') return toOutcome(left)
    if (left.value !== null) return { kind: 'sent', remoteId: left.value }
  }
  const variables = { threadId: effect.threadId, body: withMarker(clip(effect.body, LONGEST_BODY), marker) }
  const written = await calls.make(effect.repository.installationId, ({ graphql }) =>
    graphql<ReplyAnswer>(REPLY, variables),
  )
  if (written.kind !== 'answered') return toOutcome(written)
  return {
    kind: 'sent',
    remoteId: written.value.addPullRequestReviewThreadReply?.comment?.id ?? null,
  }
}

/** Resolves a thread; one that is resolved already stays so. */
export async function resolveThread(calls: Calls, effect: ResolveThreadEffect): Promise<SendOutcome> {
  const { installationId } = effect.repository
  const resolved = await calls.make(installationId, ({ graphql }) =>
    graphql(RESOLVE, { threadId: effect.threadId }),
  )
  return resolved.kind === 'answered' ? { kind: 'sent', remoteId: null } : toOutcome(resolved)
}

interface ReplyAnswer {
  readonly addPullRequestReviewThreadReply: { readonly comment: { readonly id: string } | null } | null
}

interface ThreadAnswer {
  readonly node: {
    readonly comments?: {
      readonly nodes:
        | readonly ({
            readonly id: string
            readonly body: string
            readonly viewerDidAuthor: boolean
          } | null)[]
        | null
      readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null }
    }
  } | null
}

async function findReply(
  calls: Calls,
  { repository, threadId }: ThreadReplyEffect,
  marker: Marker,
): Promise<Called<string | null>> {
  for (let before: string | null = null; ;) {
    const read: Called<ThreadAnswer> = await calls.make(repository.installationId, ({ graphql }) =>
      graphql<ThreadAnswer>(FIND_REPLY, { threadId, before }),
    )
    if (read.kind !== 'answered') return read
    const comments = read.value.node?.comments
    const own = comments?.nodes?.find(
      (comment) => comment?.viewerDidAuthor === true && hasMarker(comment.body, marker),
    )
    if (own !== undefined && own !== null) return { kind: 'answered', value: own.id }
    if (comments?.pageInfo.hasPreviousPage !== true) return { kind: 'answered', value: null }
    before = comments.pageInfo.startCursor
  }
}
