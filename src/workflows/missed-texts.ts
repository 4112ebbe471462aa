// Commands and answers whose webhook never came: every text that may hold some and was not seen as it is now is handled
// like the webhook would have been. A command is known by its comment and line, so handling both runs it once.

import type { Change } from '../domain/changes.ts'
import { parseCommands } from '../domain/command/parse-commands.ts'
import type { Person } from '../domain/events.ts'
import type {
  Observation,
  ObservedComment,
  ObservedReview,
  ObservedText,
} from '../domain/mirror/observation.ts'
import { prLane } from '../domain/ids.ts'
import type { SeenComment } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { repositoryRefOf } from './queries.ts'
import type { MirroredPullRequest } from './mirrored-pull-request.ts'

/** GitHub's clock and ours differ, and a text too many is known by its id. */
const CLOCK_SLACK_MS = 10 * 60 * 1000

/** Returns a job for each text that was never seen, or not in its present form. */
export async function missedTexts(
  deps: Deps,
  stored: MirroredPullRequest,
  observation: Observation,
): Promise<readonly Change[]> {
  const { sessionId } = stored.known
  const session = sessionId === null ? null : await deps.store.find('sessions', { id: sessionId })
  if (session === null) return []
  const texts = textsOf(observation).filter(
    // What was said before the session began was said to nobody here.
    (text) => saidAt(text) > session.createdAt - CLOCK_SLACK_MS && mayHoldCommands(text),
  )
  if (texts.length === 0) return []
  const { slug } = await deps.github.identity()
  const seen = await deps.store.list('seenComments', { nodeId: texts.map(({ id }) => id) })
  const byId = new Map(seen.map((one) => [one.nodeId, one]))
  return texts
    .filter((text) => isUnseen(text, byId.get(text.id)) && isWorthReading(text, byId.get(text.id), slug))
    .map((text) => textJob(deps, stored, { text, seen: byId.get(text.id) }))
}

/**
 * Words addressed to us stand behind a slash or an at sign at the start of a line.
 *
 * Danger: anybody may write the text. White space that went on over ends of lines would be read again from each of them.
 */
const ADDRESSED = /^[^\S\r\n\u2028\u2029]*[/@]/mu

function mayHoldCommands({ body, author }: ObservedText): boolean {
  return author !== null && !author.isBot && ADDRESSED.test(body)
}

function isUnseen(text: ObservedText, seen: SeenComment | undefined): boolean {
  return seen === undefined || (seen.updatedAt < text.updatedAt && seen.body !== text.body)
}

/** A text is remembered when it holds a command: one that holds none would be handed on with every read. */
function isWorthReading(
  { body, wasEdited }: ObservedText,
  seen: SeenComment | undefined,
  slug: string,
): boolean {
  if (seen !== undefined) return true
  return !wasEdited && parseCommands(body, { appSlug: slug }).length > 0
}

/** Folding a comment away moves the time of its change as well, and says nothing. */
function saidAt({ wasEdited, createdAt, updatedAt }: ObservedText): number {
  return wasEdited ? updatedAt : createdAt
}

function textsOf({ conversation, reviews, threads }: Observation): readonly ObservedText[] {
  const comments = threads.items.flatMap((thread) => thread.comments.items)
  return [...conversation.items, ...reviews.items.map(ofReview), ...comments.map(ofComment)]
}

function ofReview({ id, url, author, body, submittedAt, updatedAt, editedAt }: ObservedReview): ObservedText {
  const wasEdited = editedAt !== null
  return { source: 'review', id, url, author, body, createdAt: submittedAt, updatedAt, wasEdited }
}

function ofComment({ id, url, author, body, createdAt, updatedAt, editedAt }: ObservedComment): ObservedText {
  const wasEdited = editedAt !== null
  return { source: 'review_comment', id, url, author, body, createdAt, updatedAt, wasEdited }
}

interface Unseen {
  readonly text: ObservedText
  readonly seen: SeenComment | undefined
}

/** Of an edited text the reader counts only lines it did not hold before; without the older text none is known to be new. */
function textJob(deps: Deps, { project, known }: MirroredPullRequest, { text, seen }: Unseen): Change {
  const { source, id: nodeId, url, updatedAt, body, wasEdited } = text
  const author = text.author ?? (GHOST satisfies Person)
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, known.number),
    idem: `missed-text:${nodeId}:${updatedAt}`,
    job: {
      kind: 'handle_event',
      event: {
        kind: 'comment_written',
        repository: repositoryRefOf(project),
        number: known.number,
        onIssue: false,
        comment: { source, nodeId, url, author, updatedAt },
        body,
        previousBody: wasEdited ? (seen?.body ?? null) : null,
        wasEdited,
        sender: author,
      },
    },
    runAt: deps.clock.now(),
  }
}

const GHOST: Person = { login: 'ghost', isBot: false }
