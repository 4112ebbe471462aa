// Where the remote branch is after a sync, read from its report.

import type { Sha } from '../domain/ids.ts'
import { agreedHead } from '../domain/sync/settle.ts'
import { remoteHead, type SyncReport } from './sync-operation.ts'

/** Returns the commit of the remote branch after the sync; null when it is not there or was not seen. */
export function remoteAfter({ case: name, steps, facts }: SyncReport): Sha | null {
  const remote = remoteHead(facts)
  return agreedHead(name, steps, remote) ?? remote
}
