// What reviews, their threads and their comments are made of, and where a comment stands after a push.
// Knows nothing of webhooks or of who may do what.
import type { Account } from './people.ts'
import type { Reaction } from './reactions.ts'

/** Why a text was hidden, in GraphQL's names. */
export type Classifier = 'SPAM' | 'ABUSE' | 'OFF_TOPIC' | 'OUTDATED' | 'DUPLICATE' | 'RESOLVED'

/** What every text has that people write, edit and hide. */
export interface FakeText {
  readonly id: number
  readonly nodeId: string
  readonly account: Account
  body: string | null
  updatedAt: string
  lastEditedAt: string | null
  isMinimized: boolean
  minimizedReason: string | null
  readonly reactions: Reaction[]
}

/** The state of a submitted review. */
export type ReviewState = 'approved' | 'changes_requested' | 'commented' | 'dismissed'

/** A submitted review. */
export interface Review extends FakeText {
  state: ReviewState
  readonly commitSha: string
  readonly createdAt: string
  readonly submittedAt: string
}

/** A comment on a line of a file. */
export interface ReviewComment extends FakeText {
  readonly thread: ReviewThread
  readonly reviewId: number
  readonly author: string
  body: string
  /** The first comment of the thread, for a reply. */
  readonly inReplyTo: number | undefined
  readonly commitSha: string
  readonly createdAt: string
  readonly publishedAt: string
}

/** A conversation on one line, several lines, or a whole file. */
export interface ReviewThread {
  readonly id: number
  readonly nodeId: string
  readonly path: string
  readonly subjectType: 'line' | 'file'
  readonly side: 'LEFT' | 'RIGHT'
  readonly originalLine: number | null
  readonly originalStartLine: number | null
  readonly originalCommitSha: string
  /** Null for a whole file, and when a push changed the line. */
  line: number | null
  startLine: number | null
  isOutdated: boolean
  isResolved: boolean
  resolvedBy: Account | null
  /** Oldest first; never empty while the thread exists. */
  readonly comments: ReviewComment[]
}

/** The parts of a file that a push replaced: counted lines before and after. */
export interface ReplacedLines {
  readonly start: number
  readonly count: number
  readonly newCount: number
}

/** What a push replaced, by path; `gone` is a file that is there no more. */
export type ReplacedByPath = ReadonlyMap<string, readonly ReplacedLines[] | 'gone'>

/** Moves a thread along with a push; a thread whose line was changed becomes outdated and stays so. */
export function followPush(thread: ReviewThread, replaced: ReplacedByPath): void {
  const changes = replaced.get(thread.path)
  if (changes === undefined || thread.isOutdated || thread.side === 'LEFT') return
  const last = changes === 'gone' ? undefined : shifted(thread.line, changes)
  const first = changes === 'gone' ? undefined : shifted(thread.startLine, changes)
  const isLost = changes === 'gone' || last === undefined || first === undefined
  thread.isOutdated = isLost
  thread.line = isLost ? null : last
  thread.startLine = isLost ? null : first
}

/** Returns what `git diff -U0 --no-renames` of two commits replaced. */
export function parseReplaced(diff: string): ReplacedByPath {
  const replaced = new Map<string, ReplacedLines[] | 'gone'>()
  let path = ''
  // A removed line can look like a header; headers stand only between `diff --git` and the first hunk.
  let isHeader = false
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) isHeader = true
    else if (line.startsWith('@@')) isHeader = false
    if (isHeader && line.startsWith('--- '))
      path = line.startsWith('--- a/') ? line.slice('--- a/'.length) : ''
    else if (isHeader && line === '+++ /dev/null') replaced.set(path, 'gone')
    else addHunk(replaced, path, line)
  }
  return replaced
}

function addHunk(replaced: Map<string, ReplacedLines[] | 'gone'>, path: string, line: string): void {
  const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line)
  const known = replaced.get(path)
  if (hunk === null || path === '' || known === 'gone') return
  const [, start, count = '1', newCount = '1'] = hunk
  const added = { start: Number(start), count: Number(count), newCount: Number(newCount) }
  replaced.set(path, [...(known ?? []), added])
}

// An insertion (count 0) stands after its line and moves only what is below it.
function shifted(line: number | null, changes: readonly ReplacedLines[]): number | null | undefined {
  if (line === null) return null
  const isHit = changes.some(({ start, count }) => line >= start && line < start + count)
  if (isHit) return undefined
  const above = changes.filter(({ start }) => start < line)
  return above.reduce((moved, { count, newCount }) => moved + newCount - count, line)
}
