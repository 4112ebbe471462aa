// Hands new rows of the change log to everybody who follows it: one reader of the table for all of them, woken by the
// commits of this process and by a clock for those of others. Knows no HTTP.

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { ChangeEvent, ChangeFeed, ChangeFilter, ChangeFollower } from '../../ports/change-feed.ts'
import type { Log } from '../../ports/surroundings.ts'
import { readChangePage } from './change-log.ts'
import type { Database } from './database.ts'

/** Calls `tick` again and again; the result ends it. */
export type Every = (ms: number, tick: () => void) => () => void

export interface ChangeFeedOptions {
  readonly database: Database
  readonly log: Log
  /** How often rows of other processes are looked for while somebody follows; a second by default. */
  readonly pollMs?: number
  /** Most events of a page; 256 by default. */
  readonly pageSize?: number
  /** Most sequence numbers a page looks at; 5000 by default. */
  readonly window?: number
  readonly every?: Every
}

export interface RunningChangeFeed extends ChangeFeed {
  /** There may be new rows. */
  wake(): void
  /** Ends the clock and waits for a read that is under way. */
  close(): Promise<void>
}

const EVERYTHING: ChangeFilter = { projectId: null, prNumber: null, sessionId: null }

interface FeedState {
  readonly options: Required<ChangeFeedOptions>
  readonly followers: Set<ChangeFollower>
  /** Every row up to here was handed over; null until the end of the log was read once, and while nobody follows. */
  cursor: number | null
  /** The reading under way. */
  reading: Promise<void> | null
  /** True when rows may have come since the last read began. */
  isBehind: boolean
  isFailing: boolean
  stopClock: (() => void) | null
}

/** Makes the feed of an open database; it reads nothing until somebody follows. */
export function createChangeFeed(options: ChangeFeedOptions): RunningChangeFeed {
  const defaults = { pollMs: 1_000, pageSize: 256, window: 5_000, every: everyInterval }
  const state: FeedState = {
    options: { ...defaults, ...options },
    followers: new Set(),
    cursor: null,
    reading: null,
    isBehind: false,
    isFailing: false,
    stopClock: null,
  }
  const { database, pageSize: limit, window } = state.options
  return {
    read: ({ after, filter }) => readChangePage(database, { after, filter, limit, window }),
    follow: (follower) => follow(state, follower),
    wake: () => wake(state),
    close: async () => {
      state.followers.clear()
      rest(state)
      await state.reading?.catch(() => undefined)
    },
  }
}

/** Timers that do not keep the process alive. */
function everyInterval(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms)
  timer.unref()
  return () => clearInterval(timer)
}

async function follow(state: FeedState, follower: ChangeFollower): Promise<() => void> {
  const leave = (): void => {
    state.followers.delete(follower)
    if (state.followers.size === 0) rest(state)
  }
  state.followers.add(follower)
  state.stopClock ??= state.options.every(state.options.pollMs, () => wake(state))
  try {
    await catchUp(state)
    return leave
  } catch (error) {
    leave()
    throw error
  }
}

function rest(state: FeedState): void {
  state.stopClock?.()
  state.stopClock = null
  state.cursor = null
}

function wake(state: FeedState): void {
  catchUp(state).then(
    () => {
      state.isFailing = false
    },
    (error: unknown) => {
      // Nothing is lost by it: the cursor stays, and the clock brings the next try.
      if (!state.isFailing) state.options.log.warn({ err: error }, 'change_log_not_read')
      state.isFailing = true
    },
  )
}

/** Resolves when a read that began after this call has come to the end of the log. */
function catchUp(state: FeedState): Promise<void> {
  if (state.followers.size === 0) return Promise.resolve()
  state.isBehind = true
  state.reading ??= readToEnd(state)
  return state.reading
}

async function readToEnd(state: FeedState): Promise<void> {
  try {
    while (state.isBehind && state.followers.size > 0) {
      state.isBehind = false
      const from = state.cursor
      const { database, pageSize: limit, window } = state.options
      const page = await readChangePage(database, { after: from, filter: EVERYTHING, limit, window })
      // Everybody left meanwhile, and whoever came since begins at the end of the log.
      if (state.cursor !== from) continue
      state.cursor = page.position
      if (page.gap !== null) tellAll(state, (follower) => follower.lose())
      else if (page.events.length > 0) hand(state, page.events)
      if (page.isEnd) continue
      state.isBehind = true
      // Sockets get their turn between pages: a long row of them is no reason for anybody's backlog to overflow.
      await nextTurn()
    }
  } finally {
    state.reading = null
  }
}

function hand(state: FeedState, events: readonly ChangeEvent[]): void {
  tellAll(state, (follower) => follower.take(events))
}

function tellAll(state: FeedState, tell: (follower: ChangeFollower) => void): void {
  for (const follower of state.followers) tell(follower)
}
