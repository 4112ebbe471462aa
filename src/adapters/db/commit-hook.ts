// Tells listeners of every transaction of this process, after it was committed. Knows no table.

import type { Database } from './database.ts'

export interface HookedDatabase {
  /** The same database; whoever writes through it is heard. */
  readonly database: Database
  readonly onCommit: (listener: () => void) => void
}

/** Wraps an open database. */
export function withCommitHook(database: Database): HookedDatabase {
  const listeners: (() => void)[] = []
  const tell = (): void => listeners.forEach((listener) => listener())
  return {
    database: {
      ...database,
      write: async (statements) => {
        const results = await database.write(statements)
        tell()
        return results
      },
    },
    onCommit: (listener) => void listeners.push(listener),
  }
}
