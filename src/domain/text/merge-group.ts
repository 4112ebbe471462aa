// What the check of a merge queue's group shows.

import type { CheckRunText } from './check-run.ts'

/** Returns the passed check of a group. */
export function renderMergeGroup(): Omit<CheckRunText, 'externalId'> {
  return {
    state: { status: 'completed', conclusion: 'success' },
    title: 'Nothing to do for a merge group',
    summary:
      'No agent works on a merge group. What Belay does stands on the pull requests; while they are in the queue it starts nothing and pushes nothing.',
    buttons: [],
  }
}
