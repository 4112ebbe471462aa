// Where rescued commits lie: the branches made for a question's pins, with the page that compares them.

import type { Decision } from '../domain/records.ts'
import type { RescueNote } from '../domain/text/question-comment.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns the branches that `rescue` made for the pins of a question. */
export async function rescueNotes(
  deps: Deps,
  context: SessionContext,
  decision: Decision,
): Promise<readonly RescueNote[]> {
  const prefixes = decision.details.pins.map((pin) => pin.prefix)
  if (prefixes.length === 0) return []
  const backups = await deps.store.list('backups', { sessionId: decision.sessionId, prefix: prefixes })
  return backups.flatMap(({ rescueBranch }) =>
    rescueBranch === null
      ? []
      : [{ branch: rescueBranch, compareUrl: compareUrl(deps, context, rescueBranch) }],
  )
}

/** Returns the page that compares a rescue branch with the pull request's branch. */
export function compareUrl(deps: Deps, context: SessionContext, branch: string): string {
  const { owner, name } = context.project
  const range = `${encodeURIComponent(context.session.branch)}...${encodeURIComponent(branch)}`
  return `${deps.settings.webUrl}/${owner}/${name}/compare/${range}`
}
