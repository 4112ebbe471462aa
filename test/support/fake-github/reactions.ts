// Reactions: at most one of each content by each account on each subject.
import { nodeId } from './ids.ts'
import type { Account } from './people.ts'
import type { World } from './world.ts'

/** The reactions GitHub has, in the names of its REST API. */
export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'hooray',
  'confused',
  'heart',
  'rocket',
  'eyes',
] as const

/** One of GitHub's reactions. */
export type ReactionContent = (typeof reactionContents)[number]

/** One reaction. */
export interface Reaction {
  readonly id: number
  readonly nodeId: string
  /** Login of who reacted. */
  readonly by: string
  readonly account: Account
  readonly content: ReactionContent
  readonly createdAt: string
}

/** Returns the reaction with this name, or undefined. */
export function parseReactionContent(text: unknown): ReactionContent | undefined {
  return reactionContents.find((content) => content === text)
}

/** Adds a reaction unless the same account already gave it; tells which of both. */
export function addReaction(
  world: World,
  reactions: Reaction[],
  given: { readonly account: Account; readonly content: ReactionContent },
): { readonly reaction: Reaction; readonly isNew: boolean } {
  const { account, content } = given
  const known = reactions.find((reaction) => reaction.account === account && reaction.content === content)
  if (known !== undefined) return { reaction: known, isNew: false }
  const id = world.ids.next()
  const reaction: Reaction = {
    id,
    nodeId: nodeId('REA', id),
    by: account.login,
    account,
    content,
    createdAt: world.clock.nowIso(),
  }
  reactions.push(reaction)
  return { reaction, isNew: true }
}

/** Takes a reaction away and returns it, or undefined when there was none. */
export function removeReaction(
  reactions: Reaction[],
  isWanted: (r: Reaction) => boolean,
): Reaction | undefined {
  const index = reactions.findIndex(isWanted)
  return index < 0 ? undefined : reactions.splice(index, 1)[0]
}
