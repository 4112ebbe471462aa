// Lets both sides know the remote's commits before the clock runs, as after a fetch for another reason.

import { git } from '../../../test/support/temp-repo.ts'
import type { SyncScene } from './scene.ts'

/** Fetches into our mirror, as another session of the project does, and into the clone. */
export async function knowRemote({ origin, belay, plain }: SyncScene): Promise<void> {
  const spec = `+refs/heads/${origin.branch}:refs/remotes/origin/${origin.branch}`
  await git(
    belay.mirror,
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-auto-gc',
    '--no-write-fetch-head',
    origin.path,
    spec,
  )
  await plain.git('fetch', '--quiet')
}
