// Takes the time of single acts: from the act to the row that tells of it, and of a read alone. Knows no statistics.

import { listChangeLog } from '../../../src/adapters/db/change-log.ts'
import type { Act, LiveGitHub } from './live-github.ts'
import type { LiveMirror } from './live-mirror.ts'

/** Far longer than any act takes. */
const LONGEST_MS = 60_000

interface Waiting {
  readonly number: number
  /** Called with the time of each commit of this pull request's reads. */
  readonly onCommit: (at: number) => void
}

export class NewsWatch {
  readonly #github: LiveGitHub
  readonly #mirror: LiveMirror
  readonly #waiting = new Set<Waiting>()

  constructor(github: LiveGitHub, mirror: LiveMirror) {
    this.#github = github
    this.#mirror = mirror
    mirror.onReconciled((number) => {
      const at = performance.now()
      for (const one of this.#waiting) if (one.number === number) one.onCommit(at)
    })
  }

  /** How many pull requests there are. */
  get count(): number {
    return this.#github.count
  }

  /** Acts on a pull request and returns the milliseconds until its row was committed. Throws when none comes. */
  async act(index: number): Promise<number> {
    const { number } = this.#github.nameOf(index)
    const before = await this.#lastSeq()
    const commits = this.#commitsOf(number)
    try {
      const start = performance.now()
      const act = await this.#github.act(index)
      for (;;) {
        const at = await commits.next()
        // Looked for only after the time was taken; a read for another reason may come first.
        if (await this.#isLogged(act, before)) return at - start
      }
    } finally {
      commits.stop()
    }
  }

  /** Returns the milliseconds of one read, as a webhook would cause it. */
  async readAlone(index: number): Promise<number> {
    const start = performance.now()
    const { kind } = await this.#mirror.deps.observer.observe(this.#github.nameOf(index), 'webhook')
    const took = performance.now() - start
    if (kind !== 'observed') throw new Error(`A read gave ${kind}`)
    return took
  }

  #commitsOf(number: number): { readonly next: () => Promise<number>; readonly stop: () => void } {
    const seen: number[] = []
    let wake: () => void = () => undefined
    const waiting: Waiting = {
      number,
      onCommit: (at) => {
        seen.push(at)
        wake()
      },
    }
    this.#waiting.add(waiting)
    const next = async (): Promise<number> => {
      if (seen.length === 0) await this.#inTime(number, new Promise<void>((resolve) => (wake = resolve)))
      const at = seen.shift()
      if (at === undefined) throw new Error('Woken for nothing')
      return at
    }
    return { next, stop: () => this.#waiting.delete(waiting) }
  }

  async #inTime(number: number, work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`No row came for #${number}.\n${this.#mirror.troubles()}`))
      }, LONGEST_MS)
    })
    await Promise.race([work, late]).finally(() => clearTimeout(timer))
  }

  async #isLogged({ number, type, threadId }: Act, after: number): Promise<boolean> {
    const rows = await listChangeLog(this.#mirror.database, { after, limit: 10_000 })
    return rows.some((row) => {
      const isOfThread = row.prNumber === number && row.payload['thread'] === threadId
      // The first read of all finds the thread as it is by then.
      return isOfThread && (row.type === type || row.type === 'pr_review_thread_added')
    })
  }

  async #lastSeq(): Promise<number> {
    const answer = await this.#mirror.database.exclusive((client) =>
      client.execute('SELECT COALESCE(MAX(seq), 0) AS seq FROM change_log'),
    )
    return Number(answer.rows[0]?.['seq'])
  }
}
