// Time, randomness and log, so that workflows can be run by hand in tests.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Nanoseconds since 1970, for names of pins. */
  nowNs(): bigint
}

export interface Ids {
  /** A decision id: six characters of `[a-z2-9]`. */
  decision(): string
  /** `length` characters of `[a-z2-9]` from a good source. */
  random(length: number): string
  /** SHA-256 of a text, as hexadecimal digits. */
  digest(text: string): string
}

export type LogFields = Readonly<Record<string, unknown>>

/** Structured log; implementations remove secrets. */
export interface Log {
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

/** Wakes whoever waits for work, so that nothing is polled when the process is idle. */
export interface Wake {
  jobs(): void
  effects(): void
}
