// A pull request with nothing new, and rows to put news into it. `told` plays the caller: it stores what was wanted.

import { DEFAULT_CONFIG } from '../../../src/domain/config/parse-repository-config.ts'
import { toSha } from '../../../src/domain/ids.ts'
import type {
  Check,
  NudgeStatus,
  Review,
  ReviewComment,
  ReviewThread,
} from '../../../src/domain/mirror/records.ts'
import type { News, NewsFacts } from '../../../src/domain/nudge/news.ts'
import type { StoredNews } from '../../../src/domain/nudge/signature.ts'

export const HEAD = toSha('a'.repeat(40))
const NOON = Date.UTC(2025, 0, 31, 12, 0)

export function facts(over: Partial<NewsFacts> = {}): NewsFacts {
  return {
    settings: DEFAULT_CONFIG.nudges,
    ownLogin: 'belay[bot]',
    isTrusted: (login) => login === 'alice' || login === 'bob',
    mirror: { headSha: HEAD, mergeability: 'mergeable' },
    baseRef: 'main',
    isBottomOfStack: true,
    checks: [],
    settling: { kind: 'settled', partial: false },
    logs: new Map(),
    threads: [],
    comments: [],
    reviews: [],
    nudges: [],
    ...over,
  }
}

export function check(name: string, over: Partial<Check> = {}): Check {
  return {
    projectId: 'rocket',
    prNumber: 7,
    id: `CR_${name}`,
    headSha: HEAD,
    source: 'check_run',
    name,
    appId: 15368,
    appSlug: 'github-actions',
    databaseId: 1,
    status: 'completed',
    conclusion: 'failure',
    summary: '',
    url: `https://ci.example.com/${encodeURIComponent(name)}`,
    startedAt: NOON,
    completedAt: NOON,
    observedAt: NOON,
    ...over,
  }
}

export function thread(id: string, over: Partial<ReviewThread> = {}): ReviewThread {
  return {
    projectId: 'rocket',
    prNumber: 7,
    id,
    path: 'src/parser.ts',
    line: 12,
    startLine: null,
    isResolved: false,
    isOutdated: false,
    resolvedBy: null,
    observedAt: NOON,
    ...over,
  }
}

export function comment(id: string, threadId: string, over: Partial<ReviewComment> = {}): ReviewComment {
  return {
    projectId: 'rocket',
    prNumber: 7,
    id,
    threadId,
    author: 'alice',
    authorIsBot: false,
    body: `Words of ${id}.`,
    url: `https://github.com/acme/rocket/pull/7#discussion_${id}`,
    isMinimized: false,
    createdAt: NOON,
    updatedAt: NOON,
    editedAt: null,
    observedAt: NOON,
    ...over,
  }
}

export function review(id: string, over: Partial<Review> = {}): Review {
  return {
    projectId: 'rocket',
    prNumber: 7,
    id,
    author: 'alice',
    authorIsBot: false,
    state: 'changes_requested',
    body: `Words of ${id}.`,
    url: `https://github.com/acme/rocket/pull/7#review_${id}`,
    commitSha: HEAD,
    submittedAt: NOON,
    updatedAt: NOON,
    editedAt: null,
    observedAt: NOON,
    ...over,
  }
}

/** Returns the stored news after one read: what was over is expired, what was wanted is there with the status. */
export function stored(
  before: readonly StoredNews[],
  news: News,
  status: NudgeStatus,
): readonly StoredNews[] {
  const over = new Set(news.over)
  return [
    ...before.map((nudge) => (over.has(nudge.id) ? { ...nudge, status: 'expired' as const } : nudge)),
    ...news.wanted.map(({ kind, item, signature }, at) => ({
      id: `n${before.length + at + 1}`,
      kind,
      item,
      signature,
      status,
      sentAt: status === 'sent' || status === 'acknowledged' ? NOON : null,
    })),
  ]
}
