// News about a conflict with the base: one for each time it appears. Only the bottom of a stack is told: the others
// conflict with work that is not on the base yet.

import { conflictText } from '../text/nudges.ts'
import type { News, NewsFacts } from './news.ts'
import { isWaiting, signatureOf } from './signature.ts'

const CONTENT = 'conflicting'

/** Returns the news of the conflict; GitHub's `unknown` is no news and ends none. */
export function conflictNews({ nudges, mirror, baseRef, isBottomOfStack }: NewsFacts): News {
  const stored = nudges.filter(({ kind }) => kind === 'conflict')
  const live = stored.filter(({ status }) => status !== 'expired')
  if (mirror.mergeability === 'mergeable') return { wanted: [], over: live.map(({ id }) => id) }
  const elsewhere = live.filter(({ item }) => item !== baseRef).map(({ id }) => id)
  const here = stored.filter(({ item }) => item === baseRef)
  if (!isBottomOfStack) {
    const waiting = live.filter((nudge) => nudge.item === baseRef && isWaiting(nudge)).map(({ id }) => id)
    return { wanted: [], over: [...elsewhere, ...waiting] }
  }
  const isKnown = here.some(({ status }) => status !== 'expired')
  if (mirror.mergeability !== 'conflicting' || isKnown) return { wanted: [], over: elsewhere }
  const draft = {
    kind: 'conflict' as const,
    item: baseRef,
    signature: signatureOf(CONTENT, here),
    text: conflictText(baseRef),
    threadIds: [],
  }
  return { wanted: [draft], over: elsewhere }
}
