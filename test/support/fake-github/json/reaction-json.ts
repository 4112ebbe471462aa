// How GitHub writes reactions: one by one, and rolled up under what they belong to.
import { reactionContents } from '../reactions.ts'
import type { Reaction } from '../reactions.ts'
import type { World } from '../world.ts'
import { toUserJson } from './user-json.ts'

/** Returns one reaction. */
export function toReactionJson(world: World, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: reaction.nodeId,
    user: toUserJson(world, reaction.account),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

/** Returns the counts of all reactions; `url` is that of their subject. */
export function toReactionRollupJson(url: string, reactions: readonly Reaction[]): Record<string, unknown> {
  const counts = reactionContents.map((content): [string, number] => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ])
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) }
}
