// What git's words about a commit it could not read mean. Knows git's words and nothing else.

import type { AppError } from '../../../domain/errors/app-error.ts'
import type { RelationFault } from '../../../domain/sync/facts.ts'

const BROKEN = /is corrupt|inflate: data|object file .* is empty|hash mismatch/i

const NOT_THERE =
  /could not read [0-9a-f]{40}|unable to read (tree )?[0-9a-f(]|bad (tree )?object|bad revision|not a valid (commit|object) name|not our ref|unable to parse object/i

/** Says why commits could not be read; null when the words speak of something else. */
export function toRelationFault(error: AppError<'GIT_FAILED'>): RelationFault | null {
  const words = error.details.detail
  // An object that is refused is there.
  if (/fsck error/i.test(words)) return null
  const detail = describeGitFailure(error)
  if (BROKEN.test(words)) return { kind: 'rev_list', detail }
  return NOT_THERE.test(words) ? { kind: 'rev_parse', detail } : null
}

/** Returns git's last words with the name of the command. */
export function describeGitFailure({ details }: AppError<'GIT_FAILED'>): string {
  return `git ${details.command}: ${details.detail.slice(-600)}`
}
