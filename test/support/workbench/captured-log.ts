// Keeps what the program logs, for assertions and for the explanation of a failed test.

import type { Log, LogFields } from '../../../src/ports/surroundings.ts'

/** One line of the log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

/** A log that can be read back. */
export interface CapturedLog extends Log {
  readonly lines: readonly LogLine[]
  /** Returns warnings and errors as text, newest last. */
  troubles(): string
}

/** Makes an empty log. */
export function createCapturedLog(): CapturedLog {
  const lines: LogLine[] = []
  const take =
    (level: LogLine['level']) =>
    (fields: LogFields, message: string): void =>
      void lines.push({ level, message, fields })
  return {
    lines,
    info: take('info'),
    warn: take('warn'),
    error: take('error'),
    troubles: () =>
      lines
        .filter(({ level }) => level !== 'info')
        .slice(-30)
        .map(({ level, message, fields }) => `${level} ${message} ${toText(fields)}`)
        .join('\n'),
  }
}

function toText(fields: LogFields): string {
  const { error, ...rest } = fields
  const cause = error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 5).join(' ') : ''
  return `${JSON.stringify(rest)} ${cause}`
}
