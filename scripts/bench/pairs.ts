// Runs both sides of a comparison in turns and takes the time of each. Knows nothing of git.

/** One side's time and the other's in the same round, in milliseconds. */
export interface PairedTimes {
  readonly ours: number
  readonly baseline: number
}

/** A comparison; `prepare` and `check` are not timed. */
export interface Pair {
  /** Brings both sides to equal states; rounds count from 0, warm-up included. */
  prepare(round: number): Promise<void>
  ours(): Promise<void>
  baseline(): Promise<void>
  /** Throws when a side did not do its work: a time for nothing is worse than no time. */
  check(round: number): Promise<void>
}

export interface PairPlan {
  readonly warmUps: number
  readonly pairs: number
  /** Hears of each measured pair. */
  readonly onPair?: (times: PairedTimes, index: number) => void
  /** Ends the run between two pairs, with an error. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Far longer than any side takes, in milliseconds. */
const LONGEST_MS = 60_000

/** Measures; the side that goes first alternates, so that neither always finds what the other left in the caches. */
export async function measurePairs(pair: Pair, plan: PairPlan): Promise<readonly PairedTimes[]> {
  const all: PairedTimes[] = []
  const now = plan.now ?? (() => performance.now())
  for (let round = 0; round < plan.warmUps + plan.pairs; round += 1) {
    plan.signal?.throwIfAborted()
    await pair.prepare(round)
    const times = round % 2 === 0 ? await oursFirst(pair, now) : await baselineFirst(pair, now)
    await pair.check(round)
    if (round < plan.warmUps) continue
    all.push(times)
    plan.onPair?.(times, all.length - 1)
  }
  return all
}

async function oursFirst(pair: Pair, now: () => number): Promise<PairedTimes> {
  const ours = await timeOf(() => pair.ours(), now)
  return { ours, baseline: await timeOf(() => pair.baseline(), now) }
}

async function baselineFirst(pair: Pair, now: () => number): Promise<PairedTimes> {
  const baseline = await timeOf(() => pair.baseline(), now)
  return { ours: await timeOf(() => pair.ours(), now), baseline }
}

async function timeOf(work: () => Promise<void>, now: () => number): Promise<number> {
  const start = now()
  await inTime(work())
  return now() - start
}

/** What never ends is told as a failure instead of waited for. */
async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('One side did not end in time')), LONGEST_MS)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
