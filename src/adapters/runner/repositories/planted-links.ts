// Links in the folders of refs and reflogs. Git follows them; one planted there would make us write somewhere else.

import { join } from 'node:path'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { parentsOf, toBytePath } from '../git/byte-path.ts'
import { lookAt } from '../look-at.ts'

/** Returns the refusal when one of the files, or a folder above it, is a link; paths are below the git directory. */
export async function refusePlantedLinks(
  gitDir: string,
  files: readonly string[],
): Promise<Extract<StepOutcome, { kind: 'failed' }> | null> {
  const parts = new Set(files.map(toBytePath).flatMap((file) => [...parentsOf(file), file]))
  for (const part of parts) {
    if ((await lookAt(join(gitDir, part)))?.isSymbolicLink() === true)
      return { kind: 'failed', reason: 'git_failed', detail: `${part} is a link` }
  }
  return null
}
