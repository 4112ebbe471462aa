// What an agent is told of a reviewer: the new words of a thread in full with the earlier ones as short context, or the
// words of a review. Knows no handle: the batch gives each thread one.

import type { Review, ReviewThread } from '../mirror/records.ts'
import { asManyAsFit } from './as-many-as-fit.ts'
import { beginningOf, seenByReaders } from './foreign-text.ts'
import { blocks, clip, count, fence, inlineCode, oneLine } from './markdown.ts'

/** A comment as it is quoted. */
export interface QuotedComment {
  readonly author: string
  readonly body: string
  readonly url: string
  /** Whether the agent was not told it in this form. */
  readonly isNew: boolean
  readonly wasEdited: boolean
}

/** A thread with what may be quoted of it, oldest first. */
export interface QuotedThread {
  readonly thread: Pick<ReviewThread, 'path' | 'line' | 'startLine' | 'isOutdated'>
  readonly comments: readonly QuotedComment[]
}

const COMMENT_LENGTH = 3000
const CONTEXT_LENGTH = 200
const NEW_LENGTH = 12_000
const SHOWN_CONTEXT = 3
const PLACE_LENGTH = 300
const LOGIN_LENGTH = 100

/** Returns the section about one thread. */
export function threadText({ thread, comments }: QuotedThread): string {
  const firstNew = comments.findIndex(({ isNew }) => isNew)
  const fresh = comments.filter(({ isNew }) => isNew)
  // The newest word counts most, so what does not fit is left out at the beginning.
  const newestFirst = fresh.map((comment) => commentText(comment)).toReversed()
  const shown = asManyAsFit(newestFirst, NEW_LENGTH, (text) => text.length).toReversed()
  const hidden = fresh.length - shown.length
  const earlier = comments.slice(0, Math.max(0, firstNew)).filter(({ isNew }) => !isNew)
  return blocks(
    `Place: ${placeOf(thread)}${thread.isOutdated ? ', in lines that changed since' : ''}.`,
    context(earlier.slice(-SHOWN_CONTEXT)),
    hidden === 0 ? null : `Not quoted: ${count(hidden, 'earlier new comment')}. The thread shows them.`,
    ...shown,
  )
}

/** Returns the section about the text of one review. */
export function reviewText(review: Pick<Review, 'author' | 'state' | 'body' | 'url' | 'editedAt'>): string {
  const asks = review.state === 'changes_requested' ? 'asks for changes' : 'commented'
  return blocks(
    `### Review: ${login(review.author ?? '')} ${asks}`,
    commentText({
      author: review.author ?? '',
      body: review.body,
      url: review.url,
      isNew: true,
      wasEdited: review.editedAt !== null,
    }),
  )
}

function placeOf({ path, line, startLine }: QuotedThread['thread']): string {
  const file = inlineCode(clip(oneLine(path), PLACE_LENGTH))
  if (line === null) return file
  const lines = startLine === null || startLine === line ? `${line}` : `${startLine}-${line}`
  return inlineCode(`${clip(oneLine(path), PLACE_LENGTH)}:${lines}`)
}

function context(comments: readonly QuotedComment[]): string | null {
  if (comments.length === 0) return null
  const lines = comments.map(
    ({ author, body }) =>
      `${clip(oneLine(author), LOGIN_LENGTH)}: ${clip(oneLine(seenByReaders(body)), CONTEXT_LENGTH)}`,
  )
  return blocks('Said before, shortened, only as context:', fence(lines.join('\n'), 'text'))
}

function commentText({ author, body, url, wasEdited }: QuotedComment): string {
  const verb = wasEdited ? 'wrote, as edited since' : 'wrote'
  return blocks(
    `${login(author)} ${verb} (${inlineCode(clip(oneLine(url), PLACE_LENGTH))}):`,
    fence(beginningOf(seenByReaders(body), COMMENT_LENGTH, '[cut here; the link shows the rest]'), 'text'),
  )
}

function login(author: string): string {
  return inlineCode(clip(oneLine(author), LOGIN_LENGTH))
}
