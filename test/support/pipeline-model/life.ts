// One life of the program: it can be made to die at a chosen write, and from then on none of its writes, orders and calls
// reaches anything.

import type { Database } from '../../../src/adapters/db/database.ts'

/** Thrown into whatever a dead program still tries. */
export class Died extends Error {}

/** When to die: before or after the n-th write from now, counted from 1, or when an agent was just started. */
export type Death =
  | { readonly write: number; readonly moment: 'before' | 'after' }
  | { readonly write: null; readonly moment: 'agent_started' }

export class Life {
  readonly boot: string
  /** Writes since its beginning. */
  writes = 0
  #isDead = false
  #death: Death | null = null

  constructor(boot: string) {
    this.boot = boot
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Has it die later; null lets it live. */
  dieAt(death: Death | null): void {
    this.#death =
      death === null || death.write === null ? death : { ...death, write: this.writes + death.write }
  }

  die(): void {
    this.#isDead = true
  }

  /** Throws when it is dead. */
  check(): void {
    if (this.#isDead) throw new Died('This start of the program is dead')
  }

  /** An agent's process is there, and nothing of that is written yet. */
  agentStarted(): void {
    if (this.#death?.moment === 'agent_started') this.die()
    this.check()
  }

  /** Returns a database whose writes end with this life; `committed` is called after each with its SQL. */
  over(database: Database, committed: (sql: string) => Promise<void>): Database {
    return {
      ...database,
      write: async (statements) => {
        this.check()
        this.writes += 1
        this.#dieWhen('before')
        const results = await database.write(statements)
        await committed(statements.map((one) => (typeof one === 'string' ? one : one.sql)).join(';'))
        this.#dieWhen('after')
        return results
      },
    }
  }

  #dieWhen(moment: Death['moment']): void {
    if (this.#death?.write === this.writes && this.#death.moment === moment) this.die()
    this.check()
  }
}
