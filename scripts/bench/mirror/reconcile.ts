// The reconcile of many threads, against SQL written by hand and against an upsert for each row. Both sides of a pair
// start from equal databases and are compared row by row afterwards.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import { measurePairs, type Pair } from '../pairs.ts'
import type { Benchmark, BenchOptions, Measured } from '../suite.ts'
import { byRows } from './by-rows.ts'
import { bySql } from './by-sql.ts'
import { byStore } from './by-store.ts'
import { MirrorSide, type Content, type Reconcile } from './mirror-side.ts'
import { COMMENTS_EACH, observationOf } from './observed.ts'

const WARM_UPS = 2

/** `new`: the tables are empty. `changed`: every thread and comment differs. `same`: none does. */
type Case = 'new' | 'changed' | 'same'

const BASELINES = {
  sql: { goal: 1.5, reconcile: bySql, against: 'one hand-written upsert and one delete for each table' },
  rows: { goal: 0.1, reconcile: byRows, against: 'a drizzle upsert for each row, in one transaction' },
} as const satisfies Readonly<Record<string, Baseline>>

interface Baseline {
  readonly goal: number
  readonly reconcile: Reconcile
  readonly against: string
}

export interface ReconcileBenchmark extends Benchmark {
  readonly state: Case
  readonly threads: number
  readonly threadsWhenSmall: number
  readonly reconcile: Reconcile
}

const SIZES = [
  { threads: 100, threadsWhenSmall: 4 },
  { threads: 1_000, threadsWhenSmall: 20 },
] as const

/** Every size, state and baseline. */
export const RECONCILES: readonly ReconcileBenchmark[] = SIZES.flatMap((size) =>
  (['new', 'changed', 'same'] as const).flatMap((state) =>
    Object.entries(BASELINES).map(([name, baseline]) => ({
      ...size,
      ...baseline,
      state,
      name: `${state}-${size.threads}-against-${name}`,
      better: 'lower' as const,
    })),
  ),
)

/** Measures one of them in databases of its own. */
export async function measureReconcile(
  benchmark: ReconcileBenchmark,
  options: BenchOptions,
): Promise<Measured> {
  const { name, against, goal, better } = benchmark
  const described = { name, against, goal, better }
  const { pairs, signal, progress, isSmall } = options
  const folder = await mkdtemp(join(tmpdir(), 'belay-bench-mirror-'))
  const ours = await MirrorSide.open(folder, 'ours')
  const baseline = await MirrorSide.open(folder, 'baseline')
  try {
    const threads = isSmall ? benchmark.threadsWhenSmall : benchmark.threads
    const times = await measurePairs(pairOf({ benchmark, threads, ours, baseline }), {
      warmUps: WARM_UPS,
      pairs,
      signal,
      onPair: (pair, index) =>
        progress(
          `${name}: pair ${index + 1} of ${pairs}: ${pair.ours.toFixed(1)} ms against ${pair.baseline.toFixed(1)} ms`,
        ),
    })
    return { kind: 'measured', benchmark: described, times, processes: [] }
  } catch (error) {
    signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'not_measured', benchmark: described, reason }
  } finally {
    await ours.close()
    await baseline.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface PairOrder {
  readonly benchmark: Pick<ReconcileBenchmark, 'state' | 'reconcile'>
  readonly threads: number
  readonly ours: MirrorSide
  readonly baseline: MirrorSide
}

/** Returns the comparison of our way with the baseline's. */
export function pairOf({ benchmark, threads, ours, baseline }: PairOrder): Pair {
  const { state, reconcile } = benchmark
  const sides = [ours, baseline]
  let observation = observationOf({ threads, version: 0, read: 0 })
  return {
    async prepare(round) {
      if (round === 0) for (const { database } of sides) await bySql(database, observation)
      for (const side of sides) await (state === 'new' ? side.empty() : side.rest())
      observation = observationOf({ threads, version: state === 'same' ? 0 : round + 1, read: round + 1 })
    },
    ours: () => byStore(ours.database, observation),
    baseline: () => reconcile(baseline.database, observation),
    async check() {
      const [found, wanted] = [await ours.content(), await baseline.content()]
      demandEqual(found, wanted)
      demandStored(found, observation, state)
    },
  }
}

function demandEqual(found: Content, wanted: Content): void {
  for (const part of ['threads', 'comments', 'log'] as const) {
    const row = found[part].findIndex((line, index) => line !== wanted[part][index])
    if (row >= 0 || found[part].length !== wanted[part].length)
      throw new Error(
        `${part}: ${found[part][row] ?? 'nothing'} instead of ${wanted[part][row] ?? 'nothing'}`,
      )
  }
}

/** Both sides could be wrong in the same way. */
function demandStored(
  { threads, comments, log }: Content,
  { threads: read }: Observation,
  state: Case,
): void {
  const count = read.items.length
  const rows = count * (1 + COMMENTS_EACH)
  const found = [threads.length, comments.length, log.length]
  const wanted = [count, count * COMMENTS_EACH, state === 'same' ? 0 : rows]
  if (found.join() !== wanted.join()) throw new Error(`rows: ${found.join()} instead of ${wanted.join()}`)
  const bodies = new Set(read.items.flatMap((thread) => thread.comments.items.map(({ body }) => body)))
  const stored = comments.filter((line) => bodies.has((JSON.parse(line) as { readonly body: string }).body))
  if (stored.length !== bodies.size) throw new Error(`texts: ${stored.length} of ${bodies.size} are stored`)
}
