// Sends a reaction. GitHub itself keeps it unique: adding it again changes nothing.

import type { Effect } from '../../domain/effects.ts'
import type { SendOutcome } from '../../ports/github.ts'
import { toOutcome } from './call-failure.ts'
import type { Calls } from './github-calls.ts'

export type ReactionEffect = Extract<Effect, { kind: 'reaction' }>

const ADD_REACTION = `
  mutation AddReaction($subjectId: ID!, $content: ReactionContent!) {
    addReaction(input: { subjectId: $subjectId, content: $content }) { clientMutationId }
  }`

const CONTENT: Readonly<Record<ReactionEffect['content'], string>> = {
  eyes: 'EYES',
  rocket: 'ROCKET',
  confused: 'CONFUSED',
}

/** Adds a reaction to a comment, review, issue or pull request. */
export async function sendReaction(calls: Calls, effect: ReactionEffect): Promise<SendOutcome> {
  const variables = { subjectId: effect.subjectNodeId, content: CONTENT[effect.content] }
  const added = await calls.make(effect.repository.installationId, ({ graphql }) =>
    graphql(ADD_REACTION, variables),
  )
  return added.kind === 'answered' ? { kind: 'sent', remoteId: null } : toOutcome(added)
}
