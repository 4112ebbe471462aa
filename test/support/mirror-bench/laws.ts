// What must hold of the mirror of one pull request at the end of a story. Returns every breach in words; changes nothing.

import { isDeepStrictEqual } from 'node:util'
import type { ChangeLogRow } from '../database-reader.ts'
import type { ExpectedMirror } from './expected.ts'
import { toLine, toRowChange, type Changed } from './log-lines.ts'
import type { View } from './views.ts'

/** Returns what differs between two views. */
export function viewBreaches(what: string, is: Partial<View>, mustBe: Partial<View>): readonly string[] {
  const parts = Object.keys(mustBe) as (keyof View)[]
  return parts.flatMap((part) => {
    const [found, wanted] = [asRows(is[part]), asRows(mustBe[part])]
    const tooMany = found.filter((row) => !wanted.some((other) => isDeepStrictEqual(row, other)))
    const missing = wanted.filter((row) => !found.some((other) => isDeepStrictEqual(row, other)))
    return [
      ...tooMany.map((row) => `${what}: ${part} holds ${JSON.stringify(row)}`),
      ...missing.map((row) => `${what}: ${part} lacks ${JSON.stringify(row)}`),
    ]
  })
}

function asRows(part: View[keyof View] | undefined): readonly object[] {
  if (part === undefined) return []
  return Array.isArray(part) ? (part as readonly object[]) : [part]
}

/** Returns events that were told and are none, or were not told, or too often. */
export function eventBreaches(rows: readonly ChangeLogRow[], expected: ExpectedMirror): readonly string[] {
  const told = countLines(rows.flatMap((row) => toLine(row) ?? []))
  const wanted = countLines(expected.events)
  const lines = [...new Set([...told.keys(), ...wanted.keys()])]
  return lines.flatMap((line) => {
    const [times, due] = [told.get(line) ?? 0, wanted.get(line) ?? 0]
    return times === due ? [] : [`Event told ${times} times instead of ${due}: ${line}`]
  })
}

function countLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** What was true of a pull request's own row after each act, by the columns of the change log. */
export type RowHistory = readonly Readonly<Record<string, unknown>>[]

/**
 * Returns breaches of the row's own events.
 *
 * They lead without a gap from the first true value to the last, and never back: what they tell of a column is a part of
 * its true history, in the same order.
 */
export function rowBreaches(rows: readonly ChangeLogRow[], history: RowHistory): readonly string[] {
  const changes = rows.map((row) => toRowChange(row)).filter((change) => change !== null)
  const columns = Object.keys(history[0] ?? {})
  return [
    ...changes.flatMap((change) => strangers(change, columns)),
    ...columns.flatMap((column) => columnBreaches(column, changes, history)),
  ]
}

function strangers(change: Changed, columns: readonly string[]): readonly string[] {
  const strange = Object.keys(change).filter((column) => !columns.includes(column))
  if (Object.keys(change).length === 0) return ['pr_updated tells of nothing']
  return strange.map((column) => `pr_updated tells of ${column}: ${JSON.stringify(change[column])}`)
}

function columnBreaches(column: string, changes: readonly Changed[], history: RowHistory): readonly string[] {
  const truth = history.map((moment) => moment[column])
  const told = changes.map((change) => change[column]).filter((one) => one !== undefined)
  const values = [truth[0], ...told.map((one) => one.new)]
  const words = `${column} was told as ${JSON.stringify(values)} and was ${JSON.stringify(truth)}`
  const isGapless = told.every((one, position) => one.old === values[position] && one.old !== one.new)
  if (!isGapless) return [`The events have a gap: ${words}`]
  let from = 0
  for (const value of values) {
    const at = truth.indexOf(value, from)
    if (at === -1) return [`The events go back: ${words}`]
    from = at
  }
  return values.at(-1) === truth.at(-1) ? [] : [`The events end elsewhere: ${words}`]
}

/** Returns breaches of the log itself: what was written stays as it is, and numbers only grow. */
export function logBreaches(
  before: readonly ChangeLogRow[],
  after: readonly ChangeLogRow[],
): readonly string[] {
  const kept = after.slice(0, before.length)
  const grows = after.every(({ seq }, position) => position === 0 || seq > (after[position - 1]?.seq ?? 0))
  return [
    ...(isDeepStrictEqual(kept, before) ? [] : ['Rows of the change log were changed or came in between']),
    ...(grows ? [] : ['The numbers of the change log do not grow']),
  ]
}
