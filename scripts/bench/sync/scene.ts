// What one benchmark of syncs plays in: an origin, our session, an ordinary clone, and the commits of the rounds. Each
// has its own, so that no benchmark finds what another left.

import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../../../test/support/temp-repo.ts'
import { generatedRepository } from '../repository/generated-repository.ts'
import { FULL, SMALL } from '../repository/history.ts'
import { measurePairs, type Pair, type PairedTimes } from '../pairs.ts'
import type { Benchmark, BenchOptions, Measured } from '../suite.ts'
import { BelaySide } from './belay-side.ts'
import { Origin, type Round } from './origin.ts'
import { PlainSide } from './plain-side.ts'
import type { StartingPoint } from './starting-point.ts'

/** Rounds before the ones that count; a small repository is not measured for its times. */
function warmUpsOf({ isSmall }: BenchOptions): number {
  return isSmall ? 0 : 2
}

/** A benchmark of syncs: which commits its rounds need, and both sides of the pair. */
export interface SyncBenchmark extends Benchmark {
  readonly theirs: number
  readonly ours: number
  readonly isConflict: boolean
  /** How many times more pairs than asked for: what is over in no time is measured more often. */
  readonly moreOften: number
  pairIn(scene: SyncScene): Pair
}

/** Everything a pair works on. */
export interface SyncScene {
  readonly origin: Origin
  readonly belay: BelaySide
  readonly plain: PlainSide
  /** The commits of a round. */
  round(number: number): Round
}

/** Measures one benchmark in a scene of its own. */
export async function measureSync(
  benchmark: SyncBenchmark,
  options: BenchOptions,
  start: StartingPoint,
): Promise<Measured> {
  const { name, against, goal, better } = benchmark
  const described = { name, against, goal, better }
  const pairs = options.isSmall ? options.pairs : options.pairs * benchmark.moreOften
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'belay-bench-run-')))
  const closers: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })]
  try {
    const scene = await openScene(benchmark, options, { folder, closers, start, pairs })
    let processes: readonly string[] = []
    const pair = benchmark.pairIn(scene)
    const times = await measurePairs(
      {
        ...pair,
        async ours() {
          await pair.ours()
          processes = [...scene.belay.processes]
        },
      },
      {
        warmUps: warmUpsOf(options),
        pairs,
        signal: options.signal,
        onPair: (pairTimes, index) => tell(benchmark, options, { ...pairTimes, index, pairs }),
      },
    )
    return { kind: 'measured', benchmark: described, times, processes }
  } catch (error) {
    options.signal?.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'not_measured', benchmark: described, reason }
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

interface Opening {
  readonly folder: string
  /** What has to be closed at the end, in the order of opening. */
  readonly closers: (() => Promise<void>)[]
  readonly start: StartingPoint
  readonly pairs: number
}

async function openScene(
  benchmark: SyncBenchmark,
  options: BenchOptions,
  { folder, closers, start, pairs }: Opening,
): Promise<SyncScene> {
  const { isSmall, progress } = options
  const history = isSmall ? SMALL : FULL
  const generated = await generatedRepository(history, { progress })
  progress(`${benchmark.name}: opening origin, session and clone`)
  const origin = await Origin.open(folder, generated)
  closers.push(() => origin.close())
  const { theirs, ours, isConflict } = benchmark
  const rounds = await origin.addRounds({
    history,
    rounds: warmUpsOf(options) + pairs,
    theirs,
    ours,
    isConflict,
  })
  const belay = await BelaySide.open(folder, origin, start)
  closers.push(() => belay.close())
  const plain = await PlainSide.open(folder, origin, start)
  return { origin, belay, plain, round: (number) => roundOf(rounds, number) }
}

function roundOf(rounds: readonly Round[], number: number): Round {
  const round = rounds[number]
  if (round === undefined) throw new Error(`There is no round ${number}`)
  return round
}

function tell(
  { name }: Benchmark,
  { progress }: BenchOptions,
  pair: PairedTimes & { readonly index: number; readonly pairs: number },
): void {
  const { ours, baseline, index, pairs } = pair
  progress(`${name}: pair ${index + 1} of ${pairs}: ${ours.toFixed(1)} ms against ${baseline.toFixed(1)} ms`)
}

/** Throws unless both are the same. */
export function demandSame(what: string, found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`)
}

/** Throws unless the tree is at a commit without any tracked change. */
export async function demandCleanAt(tree: string, sha: string): Promise<void> {
  demandSame(`HEAD of ${tree}`, await git(tree, 'rev-parse', 'HEAD'), sha)
  const changes = await git(tree, '--no-optional-locks', 'status', '--porcelain', '--untracked-files=no')
  demandSame(`changes in ${tree}`, changes, '')
}
