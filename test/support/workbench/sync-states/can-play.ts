// Which rows need something of the machine that not every machine has.

import { execFile } from 'node:child_process'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SyncStateId } from '../../../../src/domain/sync/state.ts'

const run = promisify(execFile)
const NEEDS_MOUNTS: readonly SyncStateId[] = ['disk_full', 'immutable_file']

/** Returns why a row can not be played here, or null. */
export async function cannotPlay(id: SyncStateId): Promise<string | null> {
  if (!NEEDS_MOUNTS.includes(id)) return null
  const folder = await mkdtemp(join(tmpdir(), 'belay-mount-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
    await run('umount', [folder])
    return null
  } catch {
    return 'nothing can be mounted here'
  } finally {
    await rmdir(folder)
  }
}
