// Texts that may hold commands: conversation comments, new issues, reviews, replies in review threads.
// Bots' texts are mapped too; who may command is not decided here.

import * as z from 'zod'
import type { CommentRef } from '../../domain/events.ts'
import { changesField, envelopeFields, timeField, toPerson, toRepositoryRef, userField } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const textFields = { node_id: z.string(), html_url: z.string(), body: z.string().nullish(), user: userField }

const commentField = z.object({ ...textFields, updated_at: timeField })

const issueCommentPayload = z.object({
  ...envelopeFields,
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
  comment: commentField,
  changes: changesField,
})

const issuePayload = z.object({
  ...envelopeFields,
  issue: z.object({ ...textFields, number: z.number(), updated_at: timeField }),
})

const reviewPayload = z.object({
  ...envelopeFields,
  pull_request: z.object({ number: z.number() }),
  review: z.object({ ...textFields, submitted_at: timeField.nullish(), updated_at: timeField.nullish() }),
  changes: changesField,
})

const reviewCommentPayload = z.object({
  ...envelopeFields,
  pull_request: z.object({ number: z.number() }),
  comment: commentField,
  changes: changesField,
})

interface Written {
  readonly envelope: Parameters<typeof toRepositoryRef>[0] & { readonly sender?: z.infer<typeof userField> }
  readonly number: number
  readonly onIssue: boolean
  readonly source: CommentRef['source']
  readonly text: z.infer<z.ZodObject<typeof textFields>>
  readonly updatedAt: number
  readonly changes: z.infer<typeof changesField>
  readonly wasEdited: boolean
}

/** Maps `issue_comment`; deleted comments say nothing any more. */
export function toIssueCommentEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'created' && raw.action !== 'edited') return ignored('action_not_used')
  const payload = readFields(issueCommentPayload, raw)
  return written({
    envelope: payload,
    number: payload.issue.number,
    onIssue: payload.issue.pull_request === undefined || payload.issue.pull_request === null,
    source: 'issue_comment',
    text: payload.comment,
    updatedAt: payload.comment.updated_at,
    changes: payload.changes,
    wasEdited: raw.action === 'edited',
  })
}

/** Maps `issues.opened`: the first text of an issue may be a command. */
export function toIssueEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'opened') return ignored('action_not_used')
  const payload = readFields(issuePayload, raw)
  return written({
    envelope: payload,
    number: payload.issue.number,
    onIssue: true,
    source: 'issue_comment',
    text: payload.issue,
    updatedAt: payload.issue.updated_at,
    changes: null,
    wasEdited: false,
  })
}

/** Maps `pull_request_review`; most reviews have no text of their own. */
export function toReviewEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'submitted' && raw.action !== 'edited') return touched(raw)
  const payload = readFields(reviewPayload, raw)
  return writtenInReview(raw, {
    envelope: payload,
    number: payload.pull_request.number,
    onIssue: false,
    source: 'review',
    text: payload.review,
    updatedAt: payload.review.updated_at ?? payload.review.submitted_at ?? 0,
    changes: payload.changes,
    wasEdited: raw.action === 'edited',
  })
}

/** Maps `pull_request_review_comment`. */
export function toReviewCommentEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'created' && raw.action !== 'edited') return touched(raw)
  const payload = readFields(reviewCommentPayload, raw)
  return writtenInReview(raw, {
    envelope: payload,
    number: payload.pull_request.number,
    onIssue: false,
    source: 'review_comment',
    text: payload.comment,
    updatedAt: payload.comment.updated_at,
    changes: payload.changes,
    wasEdited: raw.action === 'edited',
  })
}

/** Maps `pull_request_review_thread`: what became of the thread is read from GitHub. */
export function toReviewThreadEvents(raw: RawEvent): Mapped {
  return touched(raw)
}

/** A text of a review is a command perhaps, and news of the review always. */
function writtenInReview(raw: RawEvent, facts: Written): Mapped {
  const text = written(facts)
  const hint = touched(raw)
  return text.kind === 'events' && hint.kind === 'events' ? events(...text.events, ...hint.events) : hint
}

const touchedPayload = z.object({ ...envelopeFields, pull_request: z.object({ number: z.number() }) })

function touched(raw: RawEvent): Mapped {
  const payload = readFields(touchedPayload, raw)
  const { number } = payload.pull_request
  return events({ kind: 'pull_request_touched', repository: toRepositoryRef(payload), number })
}

function written(facts: Written): Mapped {
  const { text, wasEdited } = facts
  const body = text.body ?? ''
  // An edit that empties a text still has to be remembered; a text that never was is nothing.
  if (body === '' && !wasEdited) return ignored('no_text')
  return events({
    kind: 'comment_written',
    repository: toRepositoryRef(facts.envelope),
    number: facts.number,
    onIssue: facts.onIssue,
    comment: {
      source: facts.source,
      nodeId: text.node_id,
      url: text.html_url,
      author: toPerson(text.user),
      updatedAt: facts.updatedAt,
    },
    body,
    previousBody: wasEdited ? (facts.changes?.body?.from ?? null) : null,
    wasEdited,
    sender: toPerson(facts.envelope.sender),
  })
}
