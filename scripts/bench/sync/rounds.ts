// The commits of a benchmark's rounds: in each the remote moves on, and in some we have commits of our own from before.
// Pure: says what to import, and under which names.

import { createDice, type Dice } from '../repository/dice.ts'
import { commitText } from '../repository/fast-import.ts'
import { editSome, landscapeAfter, timeAfter, type HistoryShape } from '../repository/history.ts'
import type { Landscape } from '../repository/landscape.ts'

export interface RoundsShape {
  readonly history: HistoryShape
  /** The commit the first round starts from. */
  readonly tip: string
  readonly rounds: number
  /** Commits that the remote gets in each round. */
  readonly theirs: number
  /** Commits of our own in each round, made before the remote moved. */
  readonly ours: number
  /** Whether the last of ours changes a line that the remote changes too. */
  readonly isConflict: boolean
}

/** The refs below which a round's last commits are found. */
export const THEIRS = 'refs/bench/theirs/'
export const OURS = 'refs/bench/ours/'

/** Where each side edits within a round: far enough apart that git merges them by itself, in the same files too. */
const THEIR_LINES = { first: 0, count: 12 }
const OUR_LINES = { first: 20, count: 12 }

interface Writing {
  readonly shape: RoundsShape
  readonly dice: Dice
  /** The last mark and the commits so far; both sides count together. */
  mark: number
}

/** Returns the stream; each round's remote starts where the last one's ended. */
export function* roundsStream(shape: RoundsShape): Generator<string> {
  const writing: Writing = { shape, dice: createDice(shape.history.seed + 1), mark: 0 }
  let base = shape.tip
  const landscape = landscapeAfter(shape.history)
  for (let round = 0; round < shape.rounds; round += 1) {
    const before = landscape.copy()
    const touched: number[] = []
    const from = base
    for (let count = 0; count < shape.theirs; count += 1) {
      const files = editSome(landscape, writing.dice, THEIR_LINES)
      touched.push(...files)
      yield commitOf(writing, { ref: `${THEIRS}${round}`, parent: base, message: 'Theirs', landscape, files })
      base = `:${writing.mark}`
    }
    yield* ourCommits(writing, { landscape: before, round, from, touched })
  }
}

interface OurSide {
  readonly landscape: Landscape
  readonly round: number
  readonly from: string
  /** Files that the remote's commits of this round changed. */
  readonly touched: readonly number[]
}

function* ourCommits(writing: Writing, { landscape, round, from, touched }: OurSide): Generator<string> {
  const { shape, dice } = writing
  let parent = from
  for (let count = 1; count <= shape.ours; count += 1) {
    const files = new Set(editSome(landscape, dice, OUR_LINES))
    const shared = touched[dice(touched.length)] ?? 0
    landscape.edit({ file: shared, line: OUR_LINES.first + dice(OUR_LINES.count) })
    files.add(shared)
    if (shape.isConflict && count === shape.ours) rewriteAll(landscape, shared)
    const message = `Ours ${count} of round ${round}`
    yield commitOf(writing, { ref: `${OURS}${round}`, parent, message, landscape, files })
    parent = `:${writing.mark}`
  }
}

/** Whichever of their lines the remote changed, ours says something else there. */
function rewriteAll(landscape: Landscape, file: number): void {
  for (let line = 0; line < THEIR_LINES.count; line += 1) landscape.edit({ file, line, hand: 1 })
}

function commitOf(
  writing: Writing,
  commit: Pick<Parameters<typeof commitText>[0], 'ref' | 'parent' | 'message' | 'landscape' | 'files'>,
): string {
  writing.mark += 1
  return commitText({ ...commit, mark: writing.mark, at: timeAfter(writing.shape.history, writing.mark) })
}
