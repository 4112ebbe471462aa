// Finding an object by its node id, among what the caller's token covers.
import type { Conversation, IssueComment } from '../conversation.ts'
import { coversRepository } from '../installations.ts'
import type { PermissionNeed } from '../permissions.ts'
import { FakePullRequest } from '../pull-request.ts'
import type { Reaction } from '../reactions.ts'
import type { FakeRepository } from '../repository.ts'
import type { Review, ReviewComment, ReviewThread } from '../review-thread.ts'
import { toActorNode } from './actor-node.ts'
import { typedError, unresolvable } from './ask.ts'
import type { Ask } from './ask.ts'
import { toCheckRunNode, toStatusContextNode, toSuiteNode } from './check-nodes.ts'
import { commitNodeId, toCommitNode } from './commit-node.ts'
import { toCommentNode, toConversationNode } from './conversation-nodes.ts'
import { toRepositoryNode } from './repository-node.ts'
import { toReviewCommentNode, toReviewNode } from './review-nodes.ts'
import { toThreadNode } from './thread-node.ts'

/** What people write, and can react to and hide. */
export type FoundText =
  | { readonly kind: 'conversation'; readonly text: Conversation }
  | { readonly kind: 'comment'; readonly text: IssueComment }
  | { readonly kind: 'review'; readonly pr: FakePullRequest; readonly text: Review }
  | { readonly kind: 'review_comment'; readonly pr: FakePullRequest; readonly text: ReviewComment }

/** A thread with its pull request. */
export interface FoundThread {
  readonly pr: FakePullRequest
  readonly thread: ReviewThread
}

/** GitHub takes no longer lists of ids. */
const mostIds = 100

/** Returns the object with this id; throws `NOT_FOUND`, or `FORBIDDEN`. */
export function mustFindNode(ask: Ask, id: string): object {
  const account = ask.world.people.list().find((candidate) => candidate.nodeId === id)
  const found = account === undefined ? findInRepositories(ask, id) : toActorNode(ask.world, account)
  if (found === undefined || found === null) throw unresolvable(id)
  return found
}

/** Returns the objects with these ids; an error stands for each that is not found. */
export function findNodes(ask: Ask, ids: readonly unknown[]): object[] {
  if (ids.length > mostIds) {
    const message = `You may not provide more than ${mostIds} node ids; you provided ${ids.length}.`
    throw typedError('ARGUMENT_LIMIT', message)
  }
  return ids.map((id) => {
    try {
      return mustFindNode(ask, String(id))
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  })
}

// The repositories the token covers.
function visibleRepositories({ world, token }: Ask): readonly FakeRepository[] {
  return world.repositories.list().filter(({ id, isDeleted }) => !isDeleted && coversRepository(token, id))
}

/** Returns the text with this id, or undefined. */
export function findText(ask: Ask, id: string): FoundText | undefined {
  const isIt = ({ nodeId }: { readonly nodeId: string }): boolean => nodeId === id
  for (const text of visibleRepositories(ask).flatMap(({ conversations }) => conversations)) {
    if (isIt(text)) return { kind: 'conversation', text }
    const comment = text.comments.find(isIt)
    if (comment !== undefined) return { kind: 'comment', text: comment }
    const reviewed = text instanceof FakePullRequest ? findReviewed(text, isIt) : undefined
    if (reviewed !== undefined) return reviewed
  }
  return undefined
}

/** Returns the thread with this id; throws `NOT_FOUND`. */
export function mustFindThread(ask: Ask, id: string): FoundThread {
  for (const pr of visibleRepositories(ask).flatMap(({ pullRequests }) => pullRequests)) {
    const thread = pr.reviews.threads.find(({ nodeId }) => nodeId === id)
    if (thread !== undefined) return { pr, thread }
  }
  throw unresolvable(id)
}

/** Returns a text as a node. */
export function toTextNode(ask: Ask, found: FoundText): object {
  if (found.kind === 'conversation') return toConversationNode(ask, found.text)
  if (found.kind === 'comment') return toCommentNode(ask, found.text)
  if (found.kind === 'review') return toReviewNode(ask, found.pr, found.text)
  return toReviewCommentNode(ask, found.pr, found.text)
}

/** Returns the permissions one of which opens a text. */
export function needsOf({ kind }: FoundText, level: 'read' | 'write'): readonly PermissionNeed[] {
  const isShared = kind === 'conversation' || kind === 'comment'
  return isShared ? [`issues:${level}`, `pull_requests:${level}`] : [`pull_requests:${level}`]
}

/** Returns the reactions to a text. */
export function reactionsOf({ text }: FoundText): Reaction[] {
  return text.reactions
}

function findReviewed(
  pr: FakePullRequest,
  isIt: (subject: { readonly nodeId: string }) => boolean,
): FoundText | undefined {
  const review = pr.reviews.all.find(isIt)
  if (review !== undefined) return { kind: 'review', pr, text: review }
  const comment = pr.reviews.comments.find(isIt)
  return comment && { kind: 'review_comment', pr, text: comment }
}

function findInRepositories(ask: Ask, id: string): object | undefined {
  const repository = visibleRepositories(ask).find(({ nodeId }) => nodeId === id)
  if (repository !== undefined) return toRepositoryNode(ask, repository)
  if (id.startsWith('PRRT_')) {
    const { pr, thread } = mustFindThread(ask, id)
    ask.demand('pull_requests:read')
    return toThreadNode(ask, pr, thread)
  }
  if (/^(C|CR|CS|SC)_/.test(id)) return findChecked(ask, id)
  const text = findText(ask, id)
  if (text === undefined) return undefined
  ask.demand(...needsOf(text, 'read'))
  return toTextNode(ask, text)
}

function findChecked(ask: Ask, id: string): object | undefined {
  const text = Buffer.from(id.replace(/^[A-Z]+_kwDO/, ''), 'base64url').toString()
  const [, first = '', sha = ''] = text.split(':')
  for (const repository of visibleRepositories(ask)) {
    if (commitNodeId(repository, sha) === id) return toCommitNode(ask, repository, sha)
    const run = repository.checks.find(Number(first))
    if (run?.nodeId === id) return toCheckRunNode(ask, run)
    const suite = repository.checks.suites.find(Number(first))
    if (suite?.nodeId === id) return toSuiteNode(ask, suite)
    const status = repository.statuses.find(Number(first))
    if (status?.nodeId === id) return toStatusContextNode(ask, status)
  }
  return undefined
}
