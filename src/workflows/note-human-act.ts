// Remembers that a person who may push wrote on the pull request of a session: the agent gets its rounds back.

import { update, type Change } from '../domain/changes.ts'
import type { LaneEvent } from '../domain/events.ts'
import type { Deps } from './deps.ts'
import { findLiveSession, repositoryOf } from './queries.ts'
import { mayActHere } from './budget-of.ts'

/** Returns the note; nothing for bots, for strangers, and before the agent answered anything by itself. */
export async function noteHumanAct(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'comment_written' }>,
): Promise<readonly Change[]> {
  const { sender, repository, number } = event
  if (sender.isBot || event.onIssue) return []
  const project = await deps.store.find('projects', { repositoryId: repository.repositoryId })
  if (project === null) return []
  const session = await findLiveSession(deps.store, { projectId: project.id, prNumber: number })
  if (session === null) return []
  const rounds = await deps.store.find('pipelines', { sessionId: session.id, kind: 'respond' })
  if (rounds === null) return []
  if (!(await mayActHere(deps, { repository: repositoryOf(project) }, sender.login))) return []
  const set = { personActedAt: deps.clock.now() }
  return [update('sessions', { where: { id: session.id }, set })]
}
