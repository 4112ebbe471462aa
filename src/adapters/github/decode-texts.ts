// Turns what GraphQL says of a pull request, its threads, reviews and comments into our own facts. Reads nothing.

import type { ObservedPullRequest, Person } from '../../domain/events.ts'
import { toSha } from '../../domain/ids.ts'
import type {
  Mergeability,
  ObservedComment,
  ObservedReview,
  ObservedText,
  ObservedThread,
  ReviewDecision,
  ReviewState,
} from '../../domain/mirror/observation.ts'
import type {
  RawActor,
  RawPullRequest,
  RawReview,
  RawText,
  RawThread,
  RawThreadComment,
} from './observation-texts.ts'

const STATES: Readonly<Record<string, ObservedPullRequest['state']>> = {
  OPEN: 'open',
  CLOSED: 'closed',
  MERGED: 'merged',
}

const MERGEABILITY: Readonly<Record<string, Mergeability>> = {
  MERGEABLE: 'mergeable',
  CONFLICTING: 'conflicting',
}

const DECISIONS: Readonly<Record<string, ReviewDecision>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
  REVIEW_REQUIRED: 'review_required',
}

const REVIEW_STATES: Readonly<Record<string, ReviewState>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes_requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
}

/** The account that everything of deleted accounts belongs to. */
const GHOST: Person = { login: 'ghost', isBot: false }

/** Returns the facts of a pull request. */
export function toPullRequest(raw: RawPullRequest): ObservedPullRequest {
  return {
    number: raw.number,
    nodeId: raw.id,
    title: raw.title,
    url: raw.url,
    author: toPerson(raw.author) ?? GHOST,
    state: STATES[raw.state] ?? 'open',
    isDraft: raw.isDraft,
    headRef: raw.headRefName,
    headSha: toSha(raw.headRefOid),
    headRepositoryId: raw.headRepository?.databaseId ?? null,
    baseRef: raw.baseRefName,
    baseSha: toSha(raw.baseRefOid),
    updatedAt: Date.parse(raw.updatedAt),
  }
}

/** Returns the person; null when the account is gone. Webhooks and REST add `[bot]`, and so do we. */
function toPerson(actor: RawActor): Person | null {
  if (actor === null) return null
  const isBot = actor.type === 'Bot'
  return { login: isBot && !actor.login.endsWith('[bot]') ? `${actor.login}[bot]` : actor.login, isBot }
}

/** Returns whether it can be merged; what is not computed yet is `unknown`. */
export function toMergeability(mergeable: string): Mergeability {
  return MERGEABILITY[mergeable] ?? 'unknown'
}

/** Returns the decision, or null when no review is asked for. */
export function toReviewDecision(decision: string | null): ReviewDecision | null {
  return decision === null ? null : (DECISIONS[decision] ?? null)
}

/** Returns a thread with what of its comments is on its first page. */
export function toThread(raw: RawThread, comments: ObservedThread['comments']): ObservedThread {
  const { id, path, isResolved, isOutdated } = raw
  return {
    id,
    path,
    // An outdated thread's old line says nothing about the file as it is.
    line: raw.line,
    startLine: raw.startLine,
    isResolved,
    isOutdated,
    resolvedBy: raw.resolvedBy?.login ?? null,
    comments,
  }
}

/** Returns a comment of a thread. */
export function toComment(raw: RawThreadComment): ObservedComment {
  return {
    id: raw.id,
    author: toPerson(raw.author),
    body: raw.body,
    url: raw.url,
    isMinimized: raw.isMinimized,
    createdAt: Date.parse(raw.createdAt),
    updatedAt: Date.parse(raw.updatedAt),
    editedAt: toTime(raw.lastEditedAt),
  }
}

/** Returns a review, or null for one that nobody but its author can see yet. */
export function toReview(raw: RawReview): ObservedReview | null {
  const state = REVIEW_STATES[raw.state]
  if (state === undefined) return null
  return {
    id: raw.id,
    author: toPerson(raw.author),
    state,
    body: raw.body,
    url: raw.url,
    commitSha: raw.commit === null ? null : toSha(raw.commit.oid),
    submittedAt: Date.parse(raw.submittedAt ?? raw.createdAt),
    updatedAt: Date.parse(raw.updatedAt),
    editedAt: toTime(raw.lastEditedAt),
  }
}

/** Returns a comment of the conversation. */
export function toConversationText(raw: RawText): ObservedText {
  return {
    source: 'issue_comment',
    id: raw.id,
    url: raw.url,
    author: toPerson(raw.author),
    body: raw.body,
    createdAt: Date.parse(raw.createdAt),
    updatedAt: Date.parse(raw.updatedAt),
    wasEdited: raw.lastEditedAt !== null,
  }
}

/** Returns a time in milliseconds since 1970. */
export function toTime(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}
