// The wire form of the event stream, as the HTML standard defines `text/event-stream`. Pure; knows no socket.

import type { ChangeEvent, ChangeGap } from '../ports/change-feed.ts'

/** How long a client waits before it connects again, in milliseconds. */
const RETRY_MS = 2_000

/** Returns the frame of one row. */
export function eventFrame(event: ChangeEvent): string {
  const { seq, projectId, prNumber, sessionId, type, payload, createdAt } = event
  const data = { seq, projectId, prNumber, sessionId, type, payload, createdAt }
  return `id: ${seq}\nevent: ${oneLine(type)}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Returns the frame that says what can not be told; its id is where the stream goes on. */
export function gapFrame(gap: ChangeGap): string {
  const { after, floor, oldest } = gap
  return `id: ${floor}\nevent: gap\ndata: ${JSON.stringify({ after, floor, oldest })}\n\n`
}

/**
 * Returns the first bytes of a stream.
 *
 * A frame without data raises no event and still moves the id that a client resumes from: a client that is cut off
 * before its first event does not miss what came meanwhile.
 */
export function openingFrame(position: number): string {
  return `retry: ${RETRY_MS}\nid: ${position}\n\n`
}

/** Returns the sign of life; it also moves the id past rows that a filter left out. */
export function heartbeatFrame(position: number): string {
  return `: heartbeat\nid: ${position}\n\n`
}

/** Returns words for whoever watches the bytes; a client's parser skips them. */
export function commentFrame(text: string): string {
  return `: ${oneLine(text)}\n\n`
}

/** A line break would let a field write frames of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]+/g, ' ')
}
