// News about failing checks: one piece for each head, with all that failed. Knows no log but what it is given.

import type { CheckConclusion } from '../mirror/observation.ts'
import type { Check } from '../mirror/records.ts'
import { oneLine } from '../text/markdown.ts'
import { checksText } from '../text/nudge-checks.ts'
import type { News, NewsFacts } from './news.ts'
import { contentOf, isWaiting, signatureOf, wasTold } from './signature.ts'

const FAILED: readonly (CheckConclusion | null)[] = [
  'failure',
  'timed_out',
  'action_required',
  'startup_failure',
]

/**
 * Returns the checks an agent should hear of.
 *
 * Cancelled ones count only when nothing failed outright: beside a failure they are what a matrix or a newer run left
 * behind, alone they are what a job over its time limit looks like, and they hold the pull request up.
 */
export function failingChecks<T extends Pick<Check, 'conclusion'>>(checks: readonly T[]): readonly T[] {
  const failed = checks.filter(({ conclusion }) => FAILED.includes(conclusion))
  return failed.length > 0 ? failed : checks.filter(({ conclusion }) => conclusion === 'cancelled')
}

/** Returns the news of the head's checks; while they are not settled nothing about this head changes. */
export function checkNews({ nudges, mirror, checks, settling, logs }: NewsFacts): News {
  const stored = nudges.filter(({ kind }) => kind === 'checks')
  const here = stored.filter(({ item }) => item === mirror.headSha)
  const ofOlderHeads = stored.filter((nudge) => nudge.item !== mirror.headSha && isWaiting(nudge))
  const older = ofOlderHeads.map(({ id }) => id)
  if (settling.kind === 'pending') return { wanted: [], over: older }
  const failing = failingChecks(checks.filter(({ headSha }) => headSha === mirror.headSha))
  const live = here.filter(({ status }) => status !== 'expired')
  if (failing.length === 0) return { wanted: [], over: [...older, ...live.map(({ id }) => id)] }
  const entries = [...new Set(failing.map(entryOf))].toSorted()
  const content = entries.join('\n')
  const told = new Set(live.filter(wasTold).flatMap(({ signature }) => contentOf(signature).split('\n')))
  const isNews = entries.some((entry) => !told.has(entry))
  const waiting = live.filter(isWaiting)
  const kept = waiting.filter(({ signature }) => isNews && contentOf(signature) === content)
  const over = [...older, ...waiting.filter((nudge) => !kept.includes(nudge)).map(({ id }) => id)]
  if (!isNews || kept.length > 0) return { wanted: [], over }
  const draft = {
    kind: 'checks' as const,
    item: mirror.headSha,
    signature: signatureOf(content, here),
    text: checksText({ headSha: mirror.headSha, failing, logs, isPartial: settling.partial }),
    threadIds: [],
  }
  return { wanted: [draft], over }
}

function entryOf({ conclusion, appSlug, name }: Check): string {
  return `${conclusion ?? ''} ${appSlug ?? ''} ${oneLine(name)}`
}
