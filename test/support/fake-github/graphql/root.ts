// The root fields of queries and mutations, each seeing only what the caller's token covers.
import { GraphQLError } from 'graphql'
import { FakePullRequest } from '../pull-request.ts'
import { isObject } from '../http/request-body.ts'
import { coversRepository, permissionsOf } from '../installations.ts'
import type { InstallationToken } from '../installations.ts'
import { hasPermission } from '../permissions.ts'
import type { PermissionNeed } from '../permissions.ts'
import { addReaction, removeReaction } from '../reactions.ts'
import type { Reaction } from '../reactions.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'
import { toActorNode } from './actor-node.ts'
import { toCommentNode, toConversationNode } from './conversation-nodes.ts'
import { fromGraphqlName, toReactionNode } from './reaction-node.ts'
import { toRepositoryNode } from './repository-node.ts'
import { toReviewCommentNode, toReviewNode } from './review-nodes.ts'

/** Who asks, and where. */
export interface GraphqlContext {
  readonly world: World
  readonly token: InstallationToken
}

type Arguments = Readonly<Record<string, unknown>>

/** The permissions any of which opens a subject. */
type Subject = 'issues' | 'pull_requests'

interface Reactable {
  readonly node: () => object
  readonly reactions: Reaction[]
  readonly behind: readonly Subject[]
}

/** Returns the root object of an operation. */
export function toRoot(context: GraphqlContext): object {
  return {
    rateLimit: () => rateLimit(context.world),
    viewer: () => toActorNode(context.world, context.world.app.bot),
    node: ({ id }: Arguments) => mustFindNode(context, String(id)),
    nodes: ({ ids }: Arguments) =>
      (Array.isArray(ids) ? ids : []).map((id) => mustFindNode(context, String(id))),
    repository: ({ owner, name }: Arguments) => findRepository(context, String(owner), String(name)),
    addReaction: ({ input }: Arguments) => react(context, decodeInput(input)),
    removeReaction: ({ input }: Arguments) => unreact(context, decodeInput(input)),
  }
}

function typedError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

function findRepository({ world, token }: GraphqlContext, owner: string, name: string): object {
  const repository = world.repositories.find(owner, name)
  if (repository !== undefined && coversRepository(token, repository.id)) return toRepositoryNode(repository)
  throw typedError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
}

function mustFindNode(context: GraphqlContext, id: string): object {
  const account = context.world.people.list().find((candidate) => candidate.nodeId === id)
  if (account !== undefined) return toActorNode(context.world, account)
  const repository = visibleRepositories(context).find(({ nodeId }) => nodeId === id)
  if (repository !== undefined) return toRepositoryNode(repository)
  const reactable = findReactable(context, id)
  if (reactable === undefined) throw unresolvable(id)
  demand(context, toNeeds(reactable, 'read'))
  return reactable.node()
}

function findReactable(context: GraphqlContext, id: string): Reactable | undefined {
  const isIt = ({ nodeId }: { readonly nodeId: string }): boolean => nodeId === id
  const conversations = visibleRepositories(context).flatMap((repository) => repository.conversations)
  const either: readonly Subject[] = ['issues', 'pull_requests']
  for (const conversation of conversations) {
    const { reactions, comments } = conversation
    if (isIt(conversation)) return { node: () => toConversationNode(conversation), reactions, behind: either }
    const comment = comments.find(isIt)
    if (comment !== undefined)
      return { node: () => toCommentNode(comment), reactions: comment.reactions, behind: either }
    const reviewed = conversation instanceof FakePullRequest ? findReviewed(conversation, isIt) : undefined
    if (reviewed !== undefined) return reviewed
  }
  return undefined
}

function findReviewed(
  pr: FakePullRequest,
  isIt: (subject: { readonly nodeId: string }) => boolean,
): Reactable | undefined {
  const behind: readonly Subject[] = ['pull_requests']
  const review = pr.reviews.all.find(isIt)
  if (review !== undefined)
    return { node: () => toReviewNode(pr, review), reactions: review.reactions, behind }
  const comment = pr.reviews.comments.find(isIt)
  return comment && { node: () => toReviewCommentNode(pr, comment), reactions: comment.reactions, behind }
}

function toNeeds({ behind }: Reactable, level: 'read' | 'write'): readonly PermissionNeed[] {
  return behind.map((subject): PermissionNeed => `${subject}:${level}`)
}

function visibleRepositories({ world, token }: GraphqlContext): readonly FakeRepository[] {
  return world.repositories.list().filter(({ id }) => coversRepository(token, id))
}

function react(context: GraphqlContext, input: Arguments): object {
  const { subject, content } = readReaction(context, input)
  const account = context.world.app.bot
  const { reaction } = addReaction(context.world, subject.reactions, { account, content })
  return { ...toPayload(subject, input), reaction: toReactionNode(context.world, reaction) }
}

function unreact(context: GraphqlContext, input: Arguments): object {
  const { subject, content } = readReaction(context, input)
  const { bot } = context.world.app
  const isOurs = (reaction: Reaction): boolean => reaction.content === content && reaction.account === bot
  const removed = removeReaction(subject.reactions, isOurs)
  return {
    ...toPayload(subject, input),
    reaction: removed === undefined ? null : toReactionNode(context.world, removed),
  }
}

function readReaction(
  context: GraphqlContext,
  input: Arguments,
): { subject: Reactable; content: Reaction['content'] } {
  const id = String(input['subjectId'])
  const subject = findReactable(context, id)
  const content = fromGraphqlName(input['content'])
  if (subject === undefined || content === undefined) throw unresolvable(id)
  demand(context, toNeeds(subject, 'write'))
  return { subject, content }
}

function toPayload(subject: Reactable, input: Arguments): object {
  return { clientMutationId: input['clientMutationId'] ?? null, subject: subject.node }
}

function demand({ token }: GraphqlContext, needs: readonly PermissionNeed[]): void {
  if (needs.some((need) => hasPermission(permissionsOf(token), need))) return
  throw typedError('FORBIDDEN', 'Resource not accessible by integration')
}

function unresolvable(id: string): GraphQLError {
  return typedError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
}

function decodeInput(input: unknown): Arguments {
  return isObject(input) ? input : {}
}

function rateLimit({ clock }: World): object {
  const resetAt = new Date(clock.nowMs() + 3_600_000).toISOString()
  return { limit: 5000, cost: 1, used: 0, remaining: 5000, nodeCount: 0, resetAt }
}
