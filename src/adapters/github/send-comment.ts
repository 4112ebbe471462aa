// Sends a comment: creates it, edits it, or finds the one an earlier try left behind, so that there is exactly one.

import type { Effect } from '../../domain/effects.ts'
import { clip } from '../../domain/text/markdown.ts'
import { hasMarker, withMarker } from '../../domain/text/marker.ts'
import type { Marker } from '../../domain/text/marker.ts'
import type { SendOrder, SendOutcome } from '../../ports/github.ts'
import { toOutcome } from './call-failure.ts'
import type { Called } from './call-failure.ts'
import type { Calls } from './github-calls.ts'
import type { SignMarker } from './comment-marker.ts'

export type CommentEffect = Extract<Effect, { kind: 'comment' }>

/** What sending a comment needs. */
export interface CommentTools {
  readonly calls: Calls
  readonly sign: SignMarker
  /** Returns our own login, `<slug>[bot]`. */
  readonly botLogin: () => Promise<string>
}

interface OwnComment {
  readonly id: number
  readonly body: string
}

/** GitHub takes 65 536 characters; the marker needs room too. */
const LONGEST_BODY = 60_000
const PAGE_SIZE = 100

/** Sends one comment and returns its id. */
export async function sendComment(
  tools: CommentTools,
  order: SendOrder,
  effect: CommentEffect,
): Promise<SendOutcome> {
  const marker = tools.sign(effect)
  const body = withMarker(clip(effect.body, LONGEST_BODY), marker)
  const writing = { tools, effect, marker, body }
  if (order.remoteId === null) return order.mayExist ? adoptOrCreate(writing) : create(writing)
  const edited = await edit(writing, Number(order.remoteId))
  return edited === 'gone' ? adoptOrCreate(writing) : edited
}

interface Writing {
  readonly tools: CommentTools
  readonly effect: CommentEffect
  readonly marker: Marker
  readonly body: string
}

/**
 * A comment that a person deleted is written once more: what it says is still needed.
 *
 * It is looked for first, always: an earlier try may have written it and died before its id was stored, and then the
 * stored id is gone for this try as well.
 */
async function adoptOrCreate(writing: Writing): Promise<SendOutcome> {
  const left = await findOwn(writing)
  if (left.kind !== 'answered') return toOutcome(left)
  if (left.value === null) return create(writing)
  if (left.value.body === writing.body) return sent(left.value.id)
  const edited = await edit(writing, left.value.id)
  return edited === 'gone' ? create(writing) : edited
}

async function create({ tools, effect, body }: Writing): Promise<SendOutcome> {
  const { installationId, owner, name } = effect.repository
  const created = await tools.calls.make(installationId, ({ rest }) =>
    rest.issues.createComment({ owner, repo: name, issue_number: effect.issueNumber, body }),
  )
  return created.kind === 'answered' ? sent(created.value.data.id) : toOutcome(created)
}

async function edit(writing: Writing, id: number): Promise<SendOutcome | 'gone'> {
  const { installationId, owner, name } = writing.effect.repository
  const edited = await writing.tools.calls.make(installationId, ({ rest }) =>
    rest.issues.updateComment({ owner, repo: name, comment_id: id, body: writing.body }),
  )
  if (edited.kind === 'answered') return sent(id)
  const isGone = edited.kind === 'refused' && (edited.status === 404 || edited.status === 410)
  return isGone ? 'gone' : toOutcome(edited)
}

/** Returns our oldest comment with this marker; comments are listed oldest first, so the search ends at the first. */
async function findOwn({ tools, effect, marker }: Writing): Promise<Called<OwnComment | null>> {
  const { installationId, owner, name } = effect.repository
  const botLogin = await tools.botLogin()
  for (let page = 1; ; page += 1) {
    const listed = await tools.calls.make(installationId, ({ rest }) =>
      rest.issues.listComments({
        owner,
        repo: name,
        issue_number: effect.issueNumber,
        per_page: PAGE_SIZE,
        page,
      }),
    )
    if (listed.kind !== 'answered') return listed
    const { data } = listed.value
    const own = data.find(({ user, body }) => user?.login === botLogin && hasMarker(body ?? '', marker))
    if (own !== undefined) return { kind: 'answered', value: { id: own.id, body: own.body ?? '' } }
    if (data.length < PAGE_SIZE) return { kind: 'answered', value: null }
  }
}

function sent(id: number): SendOutcome {
  return { kind: 'sent', remoteId: String(id) }
}
