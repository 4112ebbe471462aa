// The mutations, each with the permission that GitHub asks an App for.
import { isObject, longestText } from '../http/request-body.ts'
import { minimize, unminimize } from '../minimize.ts'
import { addReaction, removeReaction } from '../reactions.ts'
import type { Reaction } from '../reactions.ts'
import type { Classifier } from '../review-thread.ts'
import { typedError, unresolvable } from './ask.ts'
import type { Ask } from './ask.ts'
import type { Arguments } from './connection.ts'
import { findText, mustFindThread, needsOf, reactionsOf, toTextNode } from './find-node.ts'
import type { FoundText } from './find-node.ts'
import { fromGraphqlName, toReactionNode } from './reaction-node.ts'
import { toReviewCommentNode } from './review-nodes.ts'
import { toThreadNode } from './thread-node.ts'

const classifiers: readonly Classifier[] = ['SPAM', 'ABUSE', 'OFF_TOPIC', 'OUTDATED', 'DUPLICATE', 'RESOLVED']

/** Returns the fields of `mutation`. */
export function toMutations(ask: Ask): object {
  const field = (mutate: (ask: Ask, input: Arguments) => object) => {
    return ({ input }: Arguments): object => {
      const decoded = isObject(input) ? input : {}
      return { clientMutationId: decoded['clientMutationId'] ?? null, ...mutate(ask, decoded) }
    }
  }
  return {
    addReaction: field(react),
    removeReaction: field(unreact),
    addPullRequestReviewThreadReply: field(replyToThread),
    resolveReviewThread: field((by, input) => setResolved(by, input, true)),
    unresolveReviewThread: field((by, input) => setResolved(by, input, false)),
    minimizeComment: field(minimizeComment),
    unminimizeComment: field(unminimizeComment),
  }
}

// Only metadata changes, and still GitHub asks an App for contents: write.
function setResolved(ask: Ask, input: Arguments, isResolved: boolean): object {
  const { pr, thread } = mustFindThread(ask, String(input['threadId']))
  ask.demand('contents:write')
  pr.reviews.setResolved(thread, isResolved, ask.world.app.bot)
  return { thread: () => toThreadNode(ask, pr, thread) }
}

function replyToThread(ask: Ask, input: Arguments): object {
  const { pr, thread } = mustFindThread(ask, String(input['pullRequestReviewThreadId']))
  ask.demand('pull_requests:write')
  const body = String(input['body'])
  if (body.trim() === '') throw typedError('UNPROCESSABLE', 'Body cannot be blank')
  if (body.length > longestText)
    throw typedError('UNPROCESSABLE', `Body is too long (maximum is ${longestText} characters)`)
  const inReplyTo = thread.comments[0]?.id ?? 0
  const comment = pr.reviews.comment(ask.world.app.bot, { inReplyTo, body })
  return { comment: () => toReviewCommentNode(ask, pr, comment) }
}

function minimizeComment(ask: Ask, input: Arguments): object {
  const found = mustFindHideable(ask, input)
  const classifier = classifiers.find((known) => known === input['classifier'])
  if (classifier !== undefined) minimize(found.text, classifier)
  return { minimizedComment: () => toTextNode(ask, found) }
}

function unminimizeComment(ask: Ask, input: Arguments): object {
  const found = mustFindHideable(ask, input)
  unminimize(found.text)
  return { unminimizedComment: () => toTextNode(ask, found) }
}

function mustFindHideable(ask: Ask, input: Arguments): Exclude<FoundText, { kind: 'conversation' }> {
  const id = String(input['subjectId'])
  const found = findText(ask, id)
  if (found === undefined || found.kind === 'conversation') throw unresolvable(id)
  ask.demand(...needsOf(found, 'write'))
  return found
}

function react(ask: Ask, input: Arguments): object {
  const { found, content } = readReaction(ask, input)
  const account = ask.world.app.bot
  const { reaction } = addReaction(ask.world, reactionsOf(found), { account, content })
  return { subject: () => toTextNode(ask, found), reaction: () => toReactionNode(ask.world, reaction) }
}

function unreact(ask: Ask, input: Arguments): object {
  const { found, content } = readReaction(ask, input)
  const { bot } = ask.world.app
  const isOurs = (reaction: Reaction): boolean => reaction.content === content && reaction.account === bot
  const removed = removeReaction(reactionsOf(found), isOurs)
  return {
    subject: () => toTextNode(ask, found),
    reaction: removed === undefined ? null : toReactionNode(ask.world, removed),
  }
}

function readReaction(ask: Ask, input: Arguments): { found: FoundText; content: Reaction['content'] } {
  const id = String(input['subjectId'])
  const found = findText(ask, id)
  const content = fromGraphqlName(input['content'])
  if (found === undefined || content === undefined) throw unresolvable(id)
  ask.demand(...needsOf(found, 'write'))
  return { found, content }
}
