// Puts the pages of one list together and says how much of it there is. Knows nothing of what is in it.

import type { Completeness, Listed } from '../../domain/mirror/observation.ts'

/** One page, and where the next one begins; null at the end. */
export interface CollectedPage<T> {
  readonly items: readonly T[]
  readonly next: string | null
  /** True when something of this page is missing. */
  readonly isDamaged: boolean
  /** How many items the whole list has, as this page tells. */
  readonly total?: number
}

/** A list that is being read. */
export interface ListCollector<T> {
  /** True while there is a page to ask for. */
  isOpen(): boolean
  /** Where the next page begins; null before the first. */
  cursor(): string | null
  take(page: CollectedPage<T>): void
  /** Ends the list here: what was not read is missing. */
  breakOff(): void
  completeness(): Completeness
  /** Of an item that came twice, the later one. */
  items(): readonly T[]
}

/** Makes a collector; an item is known by its `id`. */
export function createListCollector<T>(idOf: (item: T) => string): ListCollector<T> {
  const items = new Map<string, T>()
  let [isOpen, wasRead, isDamaged] = [true, false, false]
  let cursor: string | null = null
  let total: number | undefined
  const completeness = (): Completeness => {
    if (!wasRead) return 'failed'
    return isOpen || isDamaged ? 'partial' : 'complete'
  }
  return {
    isOpen: () => isOpen,
    cursor: () => cursor,
    take(page) {
      for (const item of page.items) items.set(idOf(item), item)
      wasRead = true
      isDamaged ||= page.isDamaged
      // Danger: where something came or went between two pages, another item may have slipped from one page to the
      // other unseen, and would pass for gone.
      isDamaged ||= total !== undefined && page.total !== undefined && page.total !== total
      total = page.total ?? total
      // Danger: a cursor that does not move would be asked for again and again.
      const isStuck = page.next !== null && page.next === cursor
      isDamaged ||= isStuck
      isOpen = page.next !== null && !isStuck
      cursor = page.next
    },
    breakOff() {
      isOpen = false
      isDamaged = true
    },
    completeness,
    items: () => [...items.values()],
  }
}

/** Returns the list as it was read. */
export function toListed<T>({ completeness, items }: ListCollector<T>): Listed<T> {
  return { completeness: completeness(), items: items() }
}
