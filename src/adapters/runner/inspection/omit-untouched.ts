// Tracked files that git calls changed although nobody touched them: it converts line ends on the way in, so a blob that
// was committed with other ones never matches its own file. Reads bytes; starts no process.

import type { ChangedEntry, ParsedStatus } from '../git/parse-status.ts'
import { identify } from '../pins/save-files.ts'
import { inspectReadable, isHashable } from './hash-files.ts'

/** Returns the status without the files whose bytes, taken as they are, are what the index names. */
export async function omitUntouched(tree: string, status: ParsedStatus): Promise<ParsedStatus> {
  const changed: ChangedEntry[] = []
  for (const entry of status.changed) if (!(await isUntouched(tree, entry))) changed.push(entry)
  return { ...status, changed }
}

async function isUntouched(tree: string, entry: ChangedEntry): Promise<boolean> {
  if (entry.xy !== '.M' || entry.isSubmodule) return false
  const file = await inspectReadable(tree, entry.path)
  return isHashable(file) && file.mode === entry.indexMode && (await identify(tree, file)) === entry.indexOid
}
