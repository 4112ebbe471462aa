// Why a read of a pull request brought nothing: a part that is missing in the answer, or an answer about something else.

import type { PullRequestName, ReadFailure } from '../../ports/github.ts'
import { statusOfType } from './call-failure.ts'
import type { GraphqlFault } from './call-failure.ts'

/** Returns what a missing part means for the whole read. */
export function toReadFailure(fault: GraphqlFault | undefined): ReadFailure {
  const message = fault?.message ?? 'GitHub left the pull request out of its answer.'
  const status = statusOfType(fault?.type ?? null)
  if (status !== null) return { kind: 'refused', status, message }
  return { kind: 'try_later', afterMs: 1000, message }
}

/** What is said of an answer about another repository. */
export const OTHER_REPOSITORY: ReadFailure = {
  kind: 'refused',
  status: 404,
  message: 'Another repository has this name now.',
}

/** Danger: a name that was given up by a rename can be taken anew, and pull requests of both have the same numbers. */
export function isOther({ repositoryId }: PullRequestName, databaseId: number | null): boolean {
  return repositoryId !== undefined && databaseId !== null && repositoryId !== databaseId
}
