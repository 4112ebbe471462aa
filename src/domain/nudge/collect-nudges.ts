// What of a pull request an agent should be told now, and which stored news are over. Pure: facts of the mirror and the
// stored news in, drafts and ids out. Knows no budget, no question and no delivery.

import type { NudgeKind } from '../mirror/records.ts'
import { checkNews } from './check-news.ts'
import { conflictNews } from './conflict-news.ts'
import type { News, NewsFacts } from './news.ts'
import { reviewNews } from './review-news.ts'
import { isWaiting } from './signature.ts'

/**
 * Returns the news that are not stored yet, and the ids of the stored ones that are over.
 *
 * Storing `wanted` and expiring `over` makes a second call with the same facts return nothing.
 */
export function collectNudges(facts: NewsFacts): News {
  const { settings } = facts
  const kinds = [
    settings.checks ? checkNews(facts) : nothingOf('checks', facts),
    settings.reviews ? reviewNews(facts) : nothingOf('review', facts),
    settings.conflicts ? conflictNews(facts) : nothingOf('conflict', facts),
  ]
  return joined(...kinds)
}

/** What waits of a kind that the repository switched off is not told any more. */
function nothingOf(kind: NudgeKind, { nudges }: NewsFacts): News {
  const waiting = nudges.filter((nudge) => nudge.kind === kind && isWaiting(nudge))
  return { wanted: [], over: waiting.map(({ id }) => id) }
}

function joined(...all: readonly News[]): News {
  return { wanted: all.flatMap(({ wanted }) => wanted), over: all.flatMap(({ over }) => over) }
}
