// The long history every benchmark starts from: one commit with all files, then small edits. The same seed gives the
// same commits. Pure.

import { createDice, type Dice } from './dice.ts'
import { Landscape, LINES } from './landscape.ts'
import { commitText } from './fast-import.ts'

export interface HistoryShape {
  readonly files: number
  readonly commits: number
  readonly seed: number
}

export const FULL: HistoryShape = { files: 20_000, commits: 20_000, seed: 3 }
export const SMALL: HistoryShape = { files: 300, commits: 300, seed: 3 }

/** The branch the history is on. */
const TRUNK = 'refs/heads/main'

const START = 1_700_000_000
const FILES_IN_COMMIT = 2
const ALL_LINES = { first: 0, count: LINES }

/** Returns the stream of the whole history; the landscape is left as the last commit has it. */
export function* historyStream(shape: HistoryShape): Generator<string> {
  for (const { landscape, files, number } of walk(shape)) {
    yield commitText({
      ref: TRUNK,
      mark: number,
      parent: number === 1 ? null : `:${number - 1}`,
      message: number === 1 ? 'Start' : `Change ${number}`,
      at: START + number * 60,
      landscape,
      files,
    })
  }
}

/** Returns the files as the last commit of the history has them. */
export function landscapeAfter(shape: HistoryShape): Landscape {
  let last = new Landscape(shape.files)
  for (const { landscape } of walk(shape)) last = landscape
  return last
}

/** Lines that may be edited. */
export interface LineRange {
  readonly first: number
  readonly count: number
}

/** Edits one line in each of a few random files and returns the files. */
export function editSome(landscape: Landscape, dice: Dice, lines: LineRange = ALL_LINES): readonly number[] {
  const files = new Set(Array.from({ length: FILES_IN_COMMIT }, () => dice(landscape.files)))
  for (const file of files) landscape.edit({ file, line: lines.first + dice(lines.count) })
  return [...files]
}

/** Returns when a commit so many minutes after the history was made, in seconds since 1970. */
export function timeAfter(shape: HistoryShape, minutes: number): number {
  return START + (shape.commits + minutes) * 60
}

interface HistoryCommit {
  readonly number: number
  readonly landscape: Landscape
  readonly files: Iterable<number>
}

function* walk({ files, commits, seed }: HistoryShape): Generator<HistoryCommit> {
  const dice = createDice(seed)
  const landscape = new Landscape(files)
  yield { number: 1, landscape, files: Array.from({ length: files }, (_, file) => file) }
  for (let number = 2; number <= commits; number += 1)
    yield { number, landscape, files: editSome(landscape, dice) }
}
