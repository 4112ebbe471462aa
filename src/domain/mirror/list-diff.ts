// What all lists of the mirror have in common: rows by id, what makes a row another one, and which may be taken away.
// Knows no list.

import { storableText } from './storable-text.ts'

/** The pull request a list belongs to, and when the read of it began. */
export interface ReadAt {
  readonly projectId: string
  readonly prNumber: number
  /** Milliseconds since 1970. */
  readonly readAt: number
}

/** What to write so that a table holds what was read: rows that are new or differ, and ids of rows that are gone. */
export interface RowChanges<Row> {
  readonly upserts: readonly Row[]
  readonly deletes: readonly string[]
}

/** A row that is stored, and what it is now. */
export interface Differing<Row> {
  readonly was: Row
  readonly is: Row
}

export interface CopiedRow {
  readonly id: string
  readonly observedAt: number
}

/** Returns the items by id, of two with one id the later: pages that shift show an item twice. */
export function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]))
}

/** Returns the row with every text as the database will give it back, so that comparing it later finds no difference. */
export function storableRow<Row extends object>(row: Row): Row {
  const changed: Record<string, string> = {}
  for (const [field, value] of Object.entries<unknown>(row as Readonly<Record<string, unknown>>)) {
    if (typeof value !== 'string') continue
    const text = storableText(value)
    if (text !== value) changed[field] = text
  }
  return Object.keys(changed).length === 0 ? row : { ...row, ...changed }
}

/**
 * Sorts observed rows into new ones and those that differ from the stored one.
 *
 * Invariant: a row never gets the content of an earlier read, or of an earlier version as its own time tells it.
 */
export function compareRows<Row extends CopiedRow & { readonly updatedAt?: number }>(
  stored: ReadonlyMap<string, Row>,
  observed: readonly Row[],
): { readonly added: readonly Row[]; readonly differing: readonly Differing<Row>[] } {
  const added = observed.filter(({ id }) => !stored.has(id))
  const differing = observed.flatMap((is) => {
    const was = stored.get(is.id)
    return was !== undefined && isNoOlder(is, was) && hasOtherContent(was, is) ? [{ was, is }] : []
  })
  return { added, differing }
}

function isNoOlder<Row extends CopiedRow & { readonly updatedAt?: number }>(is: Row, was: Row): boolean {
  return is.observedAt >= was.observedAt && (is.updatedAt ?? 0) >= (was.updatedAt ?? 0)
}

function hasOtherContent<Row extends object>(was: Row, is: Row): boolean {
  return (Object.keys(is) as (keyof Row)[]).some(
    (field) => field !== 'observedAt' && was[field] !== is[field],
  )
}

/** Returns what to write for new, differing and removed rows. */
export function toRowChanges<Row extends CopiedRow>(found: {
  readonly added: readonly Row[]
  readonly differing: readonly Differing<Row>[]
  readonly removed: readonly Row[]
}): RowChanges<Row> {
  return {
    upserts: [...found.added, ...found.differing.map(({ is }) => is)],
    deletes: found.removed.map(({ id }) => id),
  }
}

/** Returns the new versions of the rows for which the question is answered with yes. */
export function where<Row>(
  differing: readonly Differing<Row>[],
  isWanted: (row: Differing<Row>) => boolean,
): readonly Row[] {
  return differing.filter(isWanted).map(({ is }) => is)
}
