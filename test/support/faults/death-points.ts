// Every place where the program on a workbench can die: before and after each of its transactions, before and after each
// order to its runner. Counts and names them, and lets it die where it is told. Knows no story.

import type { InStatement } from '@libsql/client'
import type { Workbench } from '../workbench/workbench.ts'

/** One place that was passed. */
export interface DeathPoint {
  /** Counted from 1 since the watch began, over every start of the program. */
  readonly n: number
  /** What was being done; the same for a repetition after a death. */
  readonly name: string
  readonly moment: 'before' | 'after'
}

/** Says whether the program dies here; asked once at each place, in order. */
export type DiesAt = (point: DeathPoint) => boolean

/** Lives. */
export const NEVER: DiesAt = () => false

/** Dies once, at the n-th place. */
export function onceAt(n: number): DiesAt {
  return (point) => point.n === n
}

/** Dies at every `stride`-th place that it did not pass before, so that a story gets through however often it dies. */
export function atEveryNew({ stride, first }: { readonly stride: number; readonly first: number }): DiesAt {
  const known = new Set<string>()
  return ({ name, moment }) => {
    const place = `${moment} ${name}`
    if (known.has(place)) return false
    known.add(place)
    return known.size % stride === first % stride
  }
}

/** The watch over one bench; arms anew after every start. */
export class DeathWatch {
  readonly passed: DeathPoint[] = []
  readonly deaths: DeathPoint[] = []
  readonly #bench: Workbench
  readonly #sessionId: string
  readonly #diesAt: DiesAt

  constructor(
    bench: Workbench,
    { sessionId, diesAt }: { readonly sessionId: string; readonly diesAt: DiesAt },
  ) {
    this.#bench = bench
    this.#sessionId = sessionId
    this.#diesAt = diesAt
  }

  /** Watches the present start of the program, on top of hooks that are set already. */
  arm(): void {
    const { watch, onCommit } = this.#bench
    const { hook } = watch
    this.#bench.onCommitting = async (statements) => this.#passCommit('before', statements)
    this.#bench.onCommit = async (statements) => {
      await onCommit?.(statements)
      this.#passCommit('after', statements)
    }
    watch.hook = async (moment, seen) => {
      await hook(moment, seen)
      if (seen.sessionId === this.#sessionId && seen.order !== 'checkAgent') this.#pass(moment, seen.order)
    }
  }

  disarm(): void {
    this.#bench.onCommitting = null
    this.#bench.onCommit = null
    this.#bench.watch.hook = () => undefined
  }

  #passCommit(moment: DeathPoint['moment'], statements: readonly InStatement[]): void {
    const name = nameOf(statements)
    // Who holds a lane is nothing that a story is made of: a start takes every lane anew.
    if (name !== '') this.#pass(moment, name)
  }

  #pass(moment: DeathPoint['moment'], name: string): void {
    // Whatever a dead program still tries is no place of its own.
    if (this.#bench.isDead) return
    const point = { n: this.passed.length + 1, moment, name }
    this.passed.push(point)
    if (!this.#diesAt(point)) return
    this.deaths.push(point)
    throw this.#bench.kill()
  }
}

const WRITES = /^\s*(insert|update|delete)(?: or \w+)?(?: into| from)?\s+"?([a-z_]+)/iu
const KINDS = /"kind":"([a-z_]+)"/gu
/** What every transaction touches, and what holds lanes. */
const UNTOLD = new Set(['lanes', 'guard', 'guards'])

/** Names a transaction by the tables that it writes and the jobs that it leaves. */
function nameOf(statements: readonly InStatement[]): string {
  const parts = new Set<string>()
  for (const statement of statements) {
    const { sql, args } = typeof statement === 'string' ? { sql: statement, args: [] } : statement
    const [, verb, table] = WRITES.exec(sql) ?? []
    if (verb === undefined || table === undefined || UNTOLD.has(table)) continue
    const kinds = table === 'jobs' || table === 'effects' ? kindsIn(Object.values(args ?? {})) : ''
    parts.add(`${verb.toLowerCase()} ${table}${kinds}`)
  }
  return [...parts].toSorted().join(', ')
}

function kindsIn(args: readonly unknown[]): string {
  const texts = args.filter((arg): arg is string => typeof arg === 'string')
  const kinds = texts.flatMap((text) => [...text.matchAll(KINDS)].map(([, kind]) => kind)).slice(0, 1)
  return kinds.length === 0 ? '' : ` (${kinds.join(' ')})`
}
