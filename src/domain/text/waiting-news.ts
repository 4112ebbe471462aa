// The line of the status comment about news that the agent was not told yet, and why.

import type { Nudge } from '../mirror/records.ts'
import { count, listing } from './markdown.ts'

export interface WaitingNews {
  /** `pending` and `suppressed` ones. */
  readonly waiting: readonly Pick<Nudge, 'kind'>[]
  readonly hasOpenQuestion: boolean
  /** The pull request is in a merge queue, or merges by itself as soon as it may. */
  readonly isMerging: boolean
}

/** Returns the line; null when nothing waits. */
export function waitingNewsLine(news: WaitingNews): string | null {
  if (news.waiting.length === 0) return null
  const has = (kind: Nudge['kind']): number => news.waiting.filter((nudge) => nudge.kind === kind).length
  const reviews = has('review')
  const parts = [
    ...(has('conflict') === 0 ? [] : ['conflicts with the base']),
    ...(has('checks') === 0 ? [] : ['failing checks']),
    ...(reviews === 0 ? [] : [count(reviews, 'review remark')]),
  ]
  return `**News waits for the agent:** ${listing(parts)}. ${reason(news)}`
}

function reason({ hasOpenQuestion, isMerging }: WaitingNews): string {
  if (hasOpenQuestion) return 'The agent hears of it once the question is answered.'
  if (isMerging)
    return 'The agent does not hear of it while the pull request is about to be merged: a commit more would stop that.'
  return 'The agent hears of it as soon as it is free.'
}
