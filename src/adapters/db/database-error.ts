// Sorts what the driver throws: a broken rule, a lock that will pass, or a database that does not work. No parameter
// of a statement gets into any of it.

import { LibsqlBatchError, LibsqlError } from '@libsql/client'

import { AppError } from '../../domain/errors/app-error.ts'

/** A statement broke a rule of the schema, so nothing of its transaction was written. Never leaves this room. */
export class RuleBroken extends Error {
  readonly rule: 'unique' | 'check' | 'foreign_key' | 'other'
  /** Position of the statement in its write; null when the rule is checked at the end. */
  readonly statement: number | null

  constructor(broken: {
    readonly rule: RuleBroken['rule']
    readonly statement: number | null
    readonly cause: unknown
  }) {
    super(`A database rule was broken: ${broken.rule}`, { cause: broken.cause })
    this.name = 'RuleBroken'
    this.rule = broken.rule
    this.statement = broken.statement
  }
}

export type DriverFault =
  | { readonly kind: 'rule'; readonly error: RuleBroken }
  /** Somebody else holds the write lock, or the connection was spoiled by that: reconnect and try again. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Returns what a thrown driver error means. */
export function classifyDriverError(error: unknown): DriverFault {
  const fault = libsqlErrorIn(error)
  if (fault === null) return { kind: 'unavailable', reason: 'the driver failed' }
  const text = `${fault.code} ${fault.extendedCode ?? ''} ${fault.message}`
  if (/SQLITE_CONSTRAINT/.test(text)) return { kind: 'rule', error: toRuleBroken(fault) }
  if (/SQLITE_BUSY|SQLITE_LOCKED|database is locked|statements in progress|TRANSACTION_ACTIVE/.test(text))
    return { kind: 'busy' }
  return { kind: 'unavailable', reason: reasonOf(text) }
}

/** Returns the error to throw for a fault that no repetition cured. */
export function toUnavailable(fault: DriverFault, cause: unknown): AppError<'DATABASE_UNAVAILABLE'> {
  const reason = fault.kind === 'unavailable' ? fault.reason : 'another process keeps it locked'
  return new AppError('DATABASE_UNAVAILABLE', { reason }, { cause: withoutParameters(cause) })
}

function libsqlErrorIn(error: unknown): LibsqlError | null {
  if (error instanceof LibsqlError) return error
  return error instanceof Error && error.cause !== undefined ? libsqlErrorIn(error.cause) : null
}

function toRuleBroken(fault: LibsqlError): RuleBroken {
  const statement = fault instanceof LibsqlBatchError ? fault.statementIndex : null
  return new RuleBroken({ rule: ruleIn(fault.message), statement, cause: withoutParameters(fault) })
}

function ruleIn(message: string): RuleBroken['rule'] {
  if (message.includes('UNIQUE constraint')) return 'unique'
  if (message.includes('CHECK constraint')) return 'check'
  if (message.includes('FOREIGN KEY constraint')) return 'foreign_key'
  return 'other'
}

function reasonOf(text: string): string {
  if (/SQLITE_FULL|disk is full/.test(text)) return 'the disk is full'
  if (/SQLITE_READONLY/.test(text)) return 'the file can not be written'
  if (/SQLITE_CANTOPEN/.test(text)) return 'the file can not be opened'
  if (/SQLITE_IOERR/.test(text)) return 'reading or writing the file failed'
  if (/SQLITE_CORRUPT|SQLITE_NOTADB/.test(text)) return 'the file is damaged or not a database'
  const code = /SQLITE_[A-Z]+|[A-Z]+_[A-Z_]+/.exec(text)?.[0]
  return code === undefined ? 'the driver failed' : `the driver reported ${code}`
}

/** Drizzle's errors carry SQL and parameters in their message; the driver's own do not. */
function withoutParameters(error: unknown): unknown {
  return libsqlErrorIn(error) ?? (error instanceof Error ? error.name : 'unknown')
}
