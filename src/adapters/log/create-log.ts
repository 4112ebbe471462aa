// The log: JSON lines on standard output, readable lines on a terminal. The only file that knows pino. Errors are
// reduced to what an operator may see, and secrets are taken out of every text.

import { pino, type Logger } from 'pino'

import { isAppError } from '../../domain/errors/app-error.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { Log, LogFields } from '../../ports/surroundings.ts'

export interface LogOptions {
  readonly level: string
  /** Coloured lines for people instead of JSON. */
  readonly isPretty: boolean
}

/** Makes the log of this process. */
export function createLog(options: LogOptions): Log {
  const logger = options.isPretty
    ? pino({
        level: options.level,
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } },
      })
    : pino({ level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  return {
    info: (fields, message) => write(logger, 'info', { fields, message }),
    warn: (fields, message) => write(logger, 'warn', { fields, message }),
    error: (fields, message) => write(logger, 'error', { fields, message }),
  }
}

interface Line {
  readonly fields: LogFields
  readonly message: string
}

function write(logger: Logger, level: 'info' | 'warn' | 'error', line: Line): void {
  const safe = Object.fromEntries(Object.entries(line.fields).map(([key, value]) => [key, toSafe(value)]))
  logger[level](safe, redactSecrets(line.message))
}

/** How deep foreign values are followed; nothing worth reading lies deeper. */
const DEEPEST = 5

function toSafe(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactSecrets(value)
  if (value instanceof Error) return toSafeError(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEEPEST) return '[deeper]'
  if (Array.isArray(value)) return value.map((item) => toSafe(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toSafe(inner, depth + 1)]))
}

/** Never the error object itself: libraries attach whole requests and payloads to theirs. */
function toSafeError(error: Error): Readonly<Record<string, unknown>> {
  const cause =
    error.cause instanceof Error ? redactSecrets(`${error.cause.name}: ${error.cause.message}`) : undefined
  return {
    name: error.name,
    message: redactSecrets(error.message),
    ...(isAppError(error) ? { code: error.code } : {}),
    ...(cause === undefined ? {} : { cause }),
    stack: redactSecrets(error.stack ?? ''),
  }
}
