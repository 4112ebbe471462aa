// The time the fake GitHub lives in: the machine's time, shifted or frozen by a test.
// Knows nothing of tokens or comments; app JWTs are judged by the machine's own clock, because clients sign with it.

/** A clock that runs with the machine until a test moves or freezes it. */
export class FakeClock {
  #offsetMs = 0
  #frozenAtMs: number | undefined

  /** Returns the present instant in milliseconds since 1970. */
  nowMs(): number {
    return this.#frozenAtMs ?? Date.now() + this.#offsetMs
  }

  /** Returns the present instant as GitHub writes it: UTC with seconds precision. */
  nowIso(): string {
    return toIso(this.nowMs())
  }

  /** Stands still at the given instant until `advance`, `set` or `resume`. */
  set(instant: Date | string): void {
    this.#frozenAtMs = new Date(instant).getTime()
  }

  /** Moves forward by the given number of milliseconds, frozen or not. */
  advance(ms: number): void {
    if (this.#frozenAtMs === undefined) this.#offsetMs += ms
    else this.#frozenAtMs += ms
  }

  /** Runs again from where it stands. */
  resume(): void {
    if (this.#frozenAtMs === undefined) return
    this.#offsetMs = this.#frozenAtMs - Date.now()
    this.#frozenAtMs = undefined
  }
}

/** Returns an instant (milliseconds) as GitHub writes it, without fractions of a second. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
