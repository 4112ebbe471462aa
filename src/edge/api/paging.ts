// Pages of a list: how many rows, and after which. Knows no list.

import { z } from 'zod'

const MOST_ROWS = 200
const DEFAULT_ROWS = 50

/** Only digits are a number: `1e2` and `0x10` are slips of the pen. */
const toNumber = (given: unknown): unknown =>
  typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given

/** Query parameters of every list that has pages. */
export const PAGE_QUERY = {
  limit: z
    .preprocess(toNumber, z.int().min(1).max(MOST_ROWS))
    .default(DEFAULT_ROWS)
    .describe('Most rows of the page.'),
  after: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The `next` of the page before; without it the list begins at its beginning.'),
}

/** What a page ends with. */
export const NEXT = z.string().nullable().describe('Asks for the page after this one; null at the end.')

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** Returns the page after the row with that id; null when no row of the list has it. */
export function pageOf<Row extends { readonly id: string }>(
  all: readonly Row[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Page<Row> | null {
  const before = after === undefined ? -1 : all.findIndex((row) => row.id === after)
  if (after !== undefined && before === -1) return null
  const rows = all.slice(before + 1, before + 1 + limit)
  const last = rows.at(-1)
  const isEnd = before + 1 + rows.length >= all.length
  return { rows, next: isEnd || last === undefined ? null : last.id }
}
