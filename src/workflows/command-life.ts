// The visible life of a command: eyes when seen; a rocket when done, or confused with a reply that says why.

import { update, type Change, type CommandSource } from '../domain/changes.ts'
import type { Effect, RepositoryTarget } from '../domain/effects.ts'
import { renderReply } from '../domain/text/replies.ts'
import type { Reply } from '../domain/text/reply.ts'

/** Where reactions and replies of a command go. */
export interface CommandPlace {
  readonly repository: RepositoryTarget
  readonly number: number
}

/** Returns the effect that says a command was seen. */
export function commandSeen(place: CommandPlace, commentNodeId: string): Change {
  return reaction(place, commentNodeId, 'eyes')
}

/** Returns the changes that end a command well, with a reply when there is something to say. */
export function commandDone(
  place: CommandPlace,
  source: CommandSource,
  reply: Reply | null = null,
): readonly Change[] {
  return [
    update('commands', { where: { id: source.commandId }, set: { state: 'done' } }),
    reaction(place, source.commentNodeId, 'rocket'),
    ...(reply === null ? [] : [replyComment(place, source.commandId, reply)]),
  ]
}

/** Returns the changes that refuse a command; without a reply, as for strangers, the reaction is all. */
export function commandRefused(
  place: CommandPlace,
  source: CommandSource,
  reply: Reply | null,
): readonly Change[] {
  return [
    update('commands', { where: { id: source.commandId }, set: { state: 'refused' } }),
    reaction(place, source.commentNodeId, 'confused'),
    ...(reply === null ? [] : [replyComment(place, source.commandId, reply)]),
  ]
}

/** Returns the effect that posts a reply once per key. */
export function replyComment(place: CommandPlace, key: string, reply: Reply): Change {
  return put({
    kind: 'comment',
    target: `reply:${key}`,
    repository: place.repository,
    issueNumber: place.number,
    body: renderReply(reply),
  })
}

function reaction(
  place: CommandPlace,
  subjectNodeId: string,
  content: 'eyes' | 'rocket' | 'confused',
): Change {
  return put({
    kind: 'reaction',
    target: `reaction:${subjectNodeId}`,
    repository: place.repository,
    subjectNodeId,
    content,
  })
}

function put(effect: Effect): Change {
  return { kind: 'put_effect', effect }
}
