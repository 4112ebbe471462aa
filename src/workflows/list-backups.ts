// Pins with what belongs to them: whose they are, and why they were made. Reads only.

import type { Backup } from '../domain/records.ts'
import type { BackupFacts } from '../domain/text/cli-backups.ts'
import type { Store } from '../ports/store.ts'

type Reads = Pick<Store, 'find' | 'list'>

/** Returns one pin with its session, repository and operation; null when there is no such pin. */
export async function findBackup(store: Reads, id: string): Promise<BackupFacts | null> {
  const backup = await store.find('backups', { id })
  return backup === null ? null : withFacts(store, backup)
}

/** Returns every pin of a session, newest first; `null` means of all sessions. */
export async function listBackups(store: Reads, sessionId: string | null): Promise<readonly BackupFacts[]> {
  const backups = await store.list('backups', sessionId === null ? {} : { sessionId })
  return Promise.all(backups.toReversed().map((backup) => withFacts(store, backup)))
}

async function withFacts(store: Reads, backup: Backup): Promise<BackupFacts> {
  const session = await store.find('sessions', { id: backup.sessionId })
  const project = await store.find('projects', { id: backup.projectId })
  const operation = await store.find('syncOperations', { id: backup.operationId })
  return {
    backup,
    repository: project === null ? null : { owner: project.owner, name: project.name },
    prNumber: session?.prNumber ?? null,
    pipelineId: operation?.pipelineId ?? null,
    syncCase: operation?.case ?? null,
    trigger: operation?.trigger ?? null,
  }
}
