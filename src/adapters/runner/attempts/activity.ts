// When an agent was last seen to do something: it printed, its processes computed, or a file of its worktree changed.
// Says when nothing was seen for too long; ends nothing itself.

import { digestFolder } from './folder-digest.ts'
import { computedBetween, readProcessorTimes, type ProcessorTimes } from './processor-time.ts'

export interface Activity {
  /** Milliseconds since 1970; never before the watch began. */
  activeAt(): number
  stop(): void
}

export interface ActivityOrder {
  /** The process group of the agent. */
  readonly group: number
  /** What all its processes have in their environment. */
  readonly mark: string
  /** How many bytes it has printed so far. */
  readonly printedBytes: () => number
  readonly tree: string
  /** Files beside the worktree that tell of work in it. */
  readonly also: readonly string[]
  readonly now: () => number
  /** Between two looks. */
  readonly everyMs: number
  /** Null for an agent whose silence means nothing. */
  readonly silenceMs: number | null
  /** Called for every look that found the silence too long. */
  readonly onSilence: () => void
  readonly onError: (error: unknown) => void
}

/** One part in so many: a process that waits wakes up now and then, and that is no work. */
const IDLE_SHARE = 100

/** How much of a worktree a look takes in; so many entries cost a third of a second of computing. */
const MOST_ENTRIES = 5000

/** Of the looks that saw nothing else, one in so many goes on to the files, and at least one for each part of the limit. */
const LOOKS_PER_FILES = 6
const PARTS_OF_LIMIT = 8

/** A clock that jumped, or a machine that slept, must not end an agent that had no chance to be seen. */
const LEAST_QUIET_LOOKS = 3

interface Seen {
  printed: number
  times: ProcessorTimes
  /** Looks that saw no output and no computing. */
  idleLooks: number
  /** Null until a look got as far as the files. */
  files: string | null
}

/** Begins the watch; it is active when it begins. */
export function watchActivity(order: ActivityOrder): Activity {
  const { now, silenceMs, everyMs } = order
  const seen: Seen = { printed: 0, times: new Map(), idleLooks: 0, files: null }
  let activeAt = now()
  let quietLooks = 0
  let isStopped = false
  let isLooking = false
  const look = async (): Promise<void> => {
    // What can not be looked at says nothing against the agent.
    const isActive = await hasActed(order, seen).catch((error: unknown) => {
      order.onError(error)
      return true
    })
    if (isStopped) return
    quietLooks = isActive ? 0 : quietLooks + 1
    if (isActive) activeAt = now()
    const isSilent = silenceMs !== null && now() - activeAt >= silenceMs
    if (isSilent && quietLooks >= LEAST_QUIET_LOOKS) order.onSilence()
  }
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => {
      isLooking = false
    })
  }, everyMs)
  return {
    activeAt: () => activeAt,
    stop() {
      isStopped = true
      clearInterval(timer)
    },
  }
}

/** The cheapest sign first: whoever prints is not looked at closer, and its files least of all. */
async function hasActed(order: ActivityOrder, seen: Seen): Promise<boolean> {
  const printed = order.printedBytes()
  const hasPrinted = printed !== seen.printed
  seen.printed = printed
  if (hasPrinted) return true
  const times = await readProcessorTimes(order)
  const computed = times === null ? 0 : computedBetween(seen.times, times)
  seen.times = times ?? seen.times
  if (computed > 0 && computed >= order.everyMs / IDLE_SHARE) return true
  seen.idleLooks += 1
  if (seen.idleLooks % looksPerFiles(order) !== 0) return false
  const files = await digestFolder(order.tree, { also: order.also, most: MOST_ENTRIES })
  const hasWritten = seen.files !== null && files !== seen.files
  seen.files = files
  return hasWritten
}

function looksPerFiles({ silenceMs, everyMs }: ActivityOrder): number {
  const looks = silenceMs === null ? Infinity : silenceMs / everyMs
  return Math.max(1, Math.min(LOOKS_PER_FILES, Math.floor(looks / PARTS_OF_LIMIT)))
}
