// Where rescued commits lie: the branches made for a question's pins, with the page that compares them.

import { isAboutSync, pinsOf } from '../domain/decision/subject.ts'
import type { Decision } from '../domain/records.ts'
import type { PinNote } from '../domain/sync/pin.ts'
import type { RescueNote } from '../domain/text/question-comment.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Returns the branches that `rescue` made for the pins of a question. */
export async function rescueNotes(
  deps: Deps,
  context: SessionContext,
  decision: Decision,
): Promise<readonly RescueNote[]> {
  const prefixes = pinsOf(decision).map((pin) => pin.prefix)
  if (prefixes.length === 0) return []
  const backups = await deps.store.list('backups', { sessionId: decision.sessionId, prefix: prefixes })
  return backups
    .flatMap(({ rescueBranch, dirtyRescueBranch }) => [rescueBranch, dirtyRescueBranch])
    .flatMap((branch) => (branch === null ? [] : [{ branch, compareUrl: compareUrl(deps, context, branch) }]))
}

/** Returns the question with its pins as they lie now: a pushed copy may have been deleted since it was asked. */
export async function withPinsOfNow(deps: Deps, decision: Decision): Promise<Decision> {
  if (!isAboutSync(decision)) return decision
  const { pins } = decision.details
  if (!pins.some(({ push }) => push === 'pushed')) return decision
  const prefix = pins.map((pin) => pin.prefix)
  const expired = await deps.store.list('backups', {
    sessionId: decision.sessionId,
    prefix,
    push: 'expired',
  })
  const isExpired = (pin: PinNote): boolean => expired.some((backup) => backup.prefix === pin.prefix)
  const now = pins.map((pin): PinNote => (isExpired(pin) ? { ...pin, push: 'expired' } : pin))
  return { ...decision, details: { ...decision.details, pins: now } }
}

/** Returns the page that compares a rescue branch with the pull request's branch. */
export function compareUrl(deps: Deps, context: SessionContext, branch: string): string {
  const { owner, name } = context.project
  const range = `${encodeURIComponent(context.session.branch)}...${encodeURIComponent(branch)}`
  return `${deps.settings.webUrl}/${owner}/${name}/compare/${range}`
}
