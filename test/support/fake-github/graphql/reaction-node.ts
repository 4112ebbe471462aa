// Reactions as GraphQL shows them, and the names it has for them.
import { reactionContents } from '../reactions.ts'
import type { Reaction, ReactionContent } from '../reactions.ts'
import type { World } from '../world.ts'
import { toActorNode } from './actor-node.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'

const graphqlNames: Readonly<Record<ReactionContent, string>> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  hooray: 'HOORAY',
  confused: 'CONFUSED',
  heart: 'HEART',
  rocket: 'ROCKET',
  eyes: 'EYES',
}

/** Returns the reaction with this GraphQL name, or undefined. */
export function fromGraphqlName(name: unknown): ReactionContent | undefined {
  return reactionContents.find((content) => graphqlNames[content] === name)
}

/** Returns one reaction. */
export function toReactionNode(world: World, reaction: Reaction): object {
  return {
    __typename: 'Reaction',
    id: reaction.nodeId,
    databaseId: reaction.id,
    content: graphqlNames[reaction.content],
    createdAt: reaction.createdAt,
    user: reaction.account.type === 'User' ? toActorNode(world, reaction.account) : null,
  }
}

/** Returns the fields that everything people can react to has. */
export function toReactableFields(world: World, reactions: readonly Reaction[]): object {
  return {
    viewerCanReact: true,
    reactions: (args: Arguments) => {
      const items = reactions.filter(
        ({ content }) => !args['content'] || graphqlNames[content] === args['content'],
      )
      return toConnection({ items, args, toNode: (reaction) => toReactionNode(world, reaction) })
    },
    reactionGroups: () => reactionContents.map((content) => toReactionGroup(world, reactions, content)),
  }
}

function toReactionGroup(world: World, reactions: readonly Reaction[], content: ReactionContent): object {
  const items = reactions.filter((reaction) => reaction.content === content)
  return {
    content: graphqlNames[content],
    createdAt: items[0]?.createdAt ?? null,
    viewerHasReacted: items.some(({ account }) => account === world.app.bot),
    reactors: (args: Arguments) =>
      toConnection({ items, args, toNode: ({ account }) => toActorNode(world, account) ?? {} }),
  }
}
