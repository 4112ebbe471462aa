// The line of the status comment about news that the agent was not told yet, and why.

import type { Nudge } from '../mirror/records.ts'
import { count } from './markdown.ts'

export interface WaitingNews {
  /** `pending` and `suppressed` ones. */
  readonly waiting: readonly Pick<Nudge, 'kind'>[]
  readonly hasOpenQuestion: boolean
  /** The pull request is in a merge queue, or merges by itself as soon as it may. */
  readonly isMerging: boolean
}

const KINDS: readonly (readonly [Nudge['kind'], string])[] = [
  ['conflict', 'conflict'],
  ['checks', 'result of checks'],
  ['review', 'review remark'],
]

/** Returns the line; null when nothing waits. */
export function waitingNewsLine(news: WaitingNews): string | null {
  if (news.waiting.length === 0) return null
  const parts = KINDS.flatMap(([kind, name]) => {
    const found = news.waiting.filter((nudge) => nudge.kind === kind).length
    return found === 0 ? [] : [kind === 'checks' ? `${found} ${name}` : count(found, name)]
  })
  return `**News waits for the agent:** ${parts.join(', ')}. ${reason(news)}`
}

function reason({ hasOpenQuestion, isMerging }: WaitingNews): string {
  if (hasOpenQuestion) return 'It is told once the question is answered.'
  if (isMerging)
    return 'It is not told while the pull request is about to be merged: a commit more would stop that.'
  return 'It is told as soon as it is free.'
}
