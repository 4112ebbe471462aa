// One client's stream: follow first, then tell what is stored, then what comes; never a row twice, never one left out
// in silence. Knows no HTTP header and no token.

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { ChangeFeed } from '../ports/change-feed.ts'
import { createBacklog, type Backlog } from './event-backlog.ts'
import { createBell, type Bell } from './event-bell.ts'
import { eventFrame, gapFrame, heartbeatFrame, openingFrame } from './event-frames.ts'
import type { EventQuery } from './event-query.ts'
import type { Wire } from './http-exchange.ts'

export interface StreamLimits {
  /** Silence after which a sign of life is sent, in milliseconds. Stay below the server's own patience with idle peers. */
  readonly heartbeatMs: number
  /** Most rows that wait for one client. */
  readonly backlog: number
  /** How long so much may wait for a client that nothing can be added, in milliseconds. */
  readonly stallMs: number
}

/** Why a stream ended: the peer or the server went away, or the peer is too slow, or rows are missing. */
export type StreamEnd = 'closed' | 'overflow' | 'stalled' | 'lost'

interface Course {
  readonly feed: ChangeFeed
  readonly asked: EventQuery
  readonly limits: StreamLimits
  readonly wire: Wire
  readonly bell: Bell
  readonly backlog: Backlog
  /** Every wanted row up to here was written. */
  cursor: number
}

/** Streams until there is a reason to end. Throws `DATABASE_UNAVAILABLE`. */
export async function streamEvents(
  order: Pick<Course, 'feed' | 'asked' | 'limits'>,
  wire: Wire,
): Promise<StreamEnd> {
  const bell = createBell()
  const backlog = createBacklog({ limit: order.limits.backlog, filter: order.asked.filter, bell })
  const course: Course = { ...order, wire, bell, backlog, cursor: 0 }
  wire.onChange(bell.ring)
  // Before anything is read: a row that is committed meanwhile is in the pages, in the backlog, or in both.
  const leave = await order.feed.follow(backlog)
  try {
    return (await replay(course)) ?? (await goLive(course))
  } finally {
    leave()
  }
}

/** Writes what is stored; null when the end of the log was reached. */
async function replay(course: Course): Promise<StreamEnd | null> {
  const { feed, asked, wire } = course
  let { after } = asked
  for (let isFirst = true; ; isFirst = false) {
    const end = await untilRoom(course)
    if (end !== null) return end
    const page = await feed.read({ after, filter: asked.filter })
    if (isFirst) wire.write(openingFrame(after ?? page.position))
    if (page.gap !== null) wire.write(gapFrame(page.gap))
    for (const event of page.events) wire.write(eventFrame(event))
    after = page.position
    course.cursor = page.position
    if (page.isEnd) return null
    await nextTurn()
  }
}

async function goLive(course: Course): Promise<StreamEnd> {
  const { wire, bell, backlog, limits } = course
  for (;;) {
    const end = await untilRoom(course)
    if (end !== null) return end
    const event = backlog.next()
    if (event !== undefined) {
      // What the pages told already is in the backlog as well.
      if (event.seq <= course.cursor) continue
      wire.write(eventFrame(event))
      course.cursor = event.seq
      continue
    }
    course.cursor = Math.max(course.cursor, backlog.position())
    const isWoken = await bell.wait(limits.heartbeatMs)
    if (!isWoken) wire.write(heartbeatFrame(course.cursor))
  }
}

/** Waits while the peer has enough to read; resolves with null when more may be written. */
async function untilRoom({ wire, bell, backlog, limits }: Course): Promise<StreamEnd | null> {
  const givenUpAt = performance.now() + limits.stallMs
  for (;;) {
    if (wire.isClosed()) return 'closed'
    const fault = backlog.fault()
    if (fault !== null) return fault
    if (!wire.isFull()) return null
    const left = givenUpAt - performance.now()
    if (left <= 0) return 'stalled'
    await bell.wait(left)
  }
}
