// News of reviewers: one piece for each thread with comments the agent was not told, and one for each review with a
// text. What may not be heard is neither told nor context.

import type { Review, ReviewComment, ReviewThread } from '../mirror/records.ts'
import { wordsOf } from '../text/foreign-text.ts'
import { reviewText, threadText, type QuotedComment } from '../text/nudge-reviews.ts'
import type { News, NewsFacts, NudgeDraft } from './news.ts'
import { hasFeedback } from './has-feedback.ts'
import { isOurs, mayBeHeard } from './may-be-heard.ts'
import { contentOf, fingerprint, isWaiting, signatureOf, wasTold, type StoredNews } from './signature.ts'

/** Something a reviewer can be heard about. */
interface Subject {
  readonly item: string
  /** A line for each text that may be heard, with its fingerprint. */
  readonly entries: readonly string[]
  readonly threadIds: readonly string[]
  /** What the agent is told when these lines are new to it. */
  readonly tell: (fresh: ReadonlySet<string>) => string
}

/** Returns the news of all threads and reviews. */
export function reviewNews(facts: NewsFacts): News {
  const stored = groupBy(
    facts.nudges.filter(({ kind }) => kind === 'review'),
    ({ item }) => item,
  )
  const comments = groupBy(facts.comments, ({ threadId }) => threadId)
  const threads = facts.threads.filter(({ isResolved }) => !isResolved)
  const subjects = [
    ...threads.map((thread) => threadSubject(facts, thread, comments.get(thread.id) ?? [])),
    ...facts.reviews.filter((review) => isTold(review, facts)).map(reviewSubject),
  ]
  const each = subjects.map((subject) => newsOf(subject, stored.get(subject.item) ?? []))
  const items = new Set(subjects.map(({ item }) => item))
  const gone = [...stored.values()].flat().filter((nudge) => !items.has(nudge.item) && isWaiting(nudge))
  return {
    wanted: each.flatMap(({ wanted }) => wanted),
    over: [...each.flatMap(({ over }) => over), ...gone.map(({ id }) => id)],
  }
}

function newsOf(subject: Subject, stored: readonly StoredNews[]): News {
  const told = new Set(stored.filter(wasTold).flatMap(({ signature }) => contentOf(signature).split('\n')))
  const fresh = new Set(subject.entries.filter((entry) => !told.has(entry)))
  const content = subject.entries.join('\n')
  const waiting = stored.filter(isWaiting)
  const kept = waiting.filter(({ signature }) => fresh.size > 0 && contentOf(signature) === content)
  const over = waiting.filter((nudge) => !kept.includes(nudge)).map(({ id }) => id)
  if (fresh.size === 0 || kept.length > 0) return { wanted: [], over }
  const draft: NudgeDraft = {
    kind: 'review',
    item: subject.item,
    signature: signatureOf(content, stored),
    text: subject.tell(fresh),
    threadIds: subject.threadIds,
  }
  return { wanted: [draft], over }
}

function threadSubject(facts: NewsFacts, thread: ReviewThread, all: readonly ReviewComment[]): Subject {
  const inOrder = all.toSorted((one, other) => one.createdAt - other.createdAt || compare(one.id, other.id))
  // Who wrote it comes first: reading a text costs more, and strangers write as long ones as they like.
  const fromKnown = inOrder.filter((comment) => mayBeHeard(comment, facts) || isOurs(comment, facts.ownLogin))
  const quotable = fromKnown.filter(
    ({ isMinimized, body }) => !isMinimized && hasFeedback(body, facts.ownLogin),
  )
  const heard = quotable.filter((comment) => !isOurs(comment, facts.ownLogin))
  return {
    item: thread.id,
    entries: heard.map(entryOf),
    threadIds: [thread.id],
    tell: (fresh) =>
      threadText({
        thread,
        comments: quotable.map((comment) =>
          quoted(comment, { isNew: heard.includes(comment) && fresh.has(entryOf(comment)) }),
        ),
      }),
  }
}

function quoted(comment: ReviewComment, { isNew }: { readonly isNew: boolean }): QuotedComment {
  const { author, body, url, editedAt } = comment
  return { author: author ?? '', body, url, isNew, wasEdited: editedAt !== null }
}

/** An approval asks for nothing, and what was dismissed is over. */
function isTold(review: Review, facts: NewsFacts): boolean {
  const asks = review.state === 'changes_requested' || review.state === 'commented'
  return asks && mayBeHeard(review, facts) && hasFeedback(review.body, facts.ownLogin)
}

function reviewSubject(review: Review): Subject {
  return { item: review.id, entries: [entryOf(review)], threadIds: [], tell: () => reviewText(review) }
}

/** An edit that no reader sees is none: bots keep notes in hidden HTML. */
function entryOf({ id, body }: { readonly id: string; readonly body: string }): string {
  return `${id} ${fingerprint(wordsOf(body))}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return groups
}
