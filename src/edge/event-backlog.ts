// What one client of the event stream still has to get: wanted rows in order, up to a bound. Knows no socket.

import type { ChangeEvent, ChangeFilter, ChangeFollower } from '../ports/change-feed.ts'
import type { Bell } from './event-bell.ts'

export interface Backlog extends ChangeFollower {
  /** Takes the oldest row out; undefined when there is none. */
  next(): ChangeEvent | undefined
  /** Every wanted row up to here was put in. */
  position(): number
  /** Why rows are missing in it; null while none is. */
  fault(): 'overflow' | 'lost' | null
}

/** Makes a backlog that rings when there is something to do. */
export function createBacklog(order: {
  readonly limit: number
  readonly filter: ChangeFilter
  readonly bell: Bell
}): Backlog {
  const { limit, filter, bell } = order
  let events: ChangeEvent[] = []
  let position = 0
  let fault: ReturnType<Backlog['fault']> = null
  const breakOff = (why: 'overflow' | 'lost'): void => {
    fault ??= why
    events = []
    bell.ring()
  }
  return {
    take: (added) => {
      if (fault !== null) return
      const wanted = added.filter((event) => matches(event, filter))
      if (events.length + wanted.length > limit) return breakOff('overflow')
      events.push(...wanted)
      position = added.at(-1)?.seq ?? position
      if (wanted.length > 0) bell.ring()
    },
    lose: () => breakOff('lost'),
    next: () => events.shift(),
    position: () => position,
    fault: () => fault,
  }
}

function matches(event: ChangeEvent, filter: ChangeFilter): boolean {
  const { projectId, prNumber, sessionId } = filter
  return (
    (projectId === null || event.projectId === projectId) &&
    (prNumber === null || event.prNumber === prNumber) &&
    (sessionId === null || event.sessionId === sessionId)
  )
}
