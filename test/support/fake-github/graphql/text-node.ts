// What comments of conversations, reviews and review comments have in common in GraphQL.
import type { Account } from '../people.ts'
import { toAuthorAssociation } from '../json/user-json.ts'
import type { Reaction } from '../reactions.ts'
import type { FakeRepository } from '../repository.ts'
import { toActorNode } from './actor-node.ts'
import type { Ask } from './ask.ts'
import { toReactableFields } from './reaction-node.ts'
import { toRepositoryNode } from './repository-node.ts'

/** A text with an author. */
export interface WrittenText {
  readonly id: number
  readonly nodeId: string
  readonly account: Account
  readonly body: string | null
  readonly updatedAt: string
  readonly lastEditedAt: string | null
  readonly isMinimized: boolean
  readonly minimizedReason: string | null
  readonly reactions: readonly Reaction[]
}

/** Returns the fields that every text has. */
export function toTextFields(ask: Ask, repository: FakeRepository, text: WrittenText): object {
  const { world } = ask
  const isOurs = text.account === world.app.bot
  return {
    id: text.nodeId,
    databaseId: text.id,
    fullDatabaseId: String(text.id),
    body: text.body ?? '',
    bodyText: text.body ?? '',
    bodyHTML: text.body ?? '',
    author: () => toActorNode(world, text.account),
    authorAssociation: () => toAuthorAssociation(repository, text.account),
    editor: () => (text.lastEditedAt === null ? null : toActorNode(world, text.account)),
    createdViaEmail: false,
    updatedAt: text.updatedAt,
    lastEditedAt: text.lastEditedAt,
    includesCreatedEdit: text.lastEditedAt !== null,
    isMinimized: text.isMinimized,
    minimizedReason: text.minimizedReason,
    viewerCanMinimize: () => ask.may('pull_requests:write', 'issues:write'),
    viewerCanUpdate: isOurs,
    viewerCanDelete: isOurs,
    viewerDidAuthor: isOurs,
    repository: () => toRepositoryNode(ask, repository),
    ...toReactableFields(world, text.reactions),
  }
}
