// Which settings of the session repository are not as Belay made them. None of them is ever used by us, so this is only
// told; what was made is recorded where an agent can not write.

import { createHash } from 'node:crypto'
import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isForbidden, isNotThere, listFolder, lookAt, readSmallFile } from '../look-at.ts'
import type { SessionPaths } from './session-paths.ts'
import { writeDurably } from '../write-durably.ts'

const RECORD = 'configuration.json'

/** Files by name, below the session repository. */
const FILES: readonly string[] = [
  'config',
  'config.worktree',
  'worktrees/tree/config.worktree',
  'info/attributes',
  'info/grafts',
]

/** Folders whose every entry counts. */
const FOLDERS: readonly string[] = ['hooks', 'refs/replace']

/** Larger than anything Belay writes; what is larger was changed. */
const MAX_BYTES = 1_000_000

type Fingerprints = ReadonlyMap<string, string>

/** Records what there is now; only before an agent has worked in the session. */
export async function recordConfiguration(paths: SessionPaths): Promise<void> {
  const text = JSON.stringify(Object.fromEntries(await takeFingerprints(paths)))
  await writeDurably(join(paths.control, RECORD), text)
}

/** Returns the names of what differs from the record; none when nothing was recorded. */
export async function findChangedConfiguration(paths: SessionPaths): Promise<readonly string[]> {
  const made = await readRecord(paths)
  if (made === null) return []
  const now = await takeFingerprints(paths)
  const names = new Set([...made.keys(), ...now.keys()])
  return [...names].filter((name) => made.get(name) !== now.get(name))
}

async function readRecord({ control }: SessionPaths): Promise<Fingerprints | null> {
  const text = await readSmallFile(join(control, RECORD), MAX_BYTES)
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  return new Map(Object.entries(value ?? {}).map(([name, mark]) => [name, String(mark)]))
}

async function takeFingerprints({ repository }: SessionPaths): Promise<Fingerprints> {
  const names = [...FILES]
  for (const folder of FOLDERS) {
    const entries = await listFolder(join(repository, folder))
    names.push(...entries.map(({ name }) => `${folder}/${name}`))
  }
  const marks = new Map<string, string>()
  for (const name of names) {
    const mark = await fingerprintOf(join(repository, name))
    if (mark !== null) marks.set(name, mark)
  }
  return marks
}

/** What can not be read differs from everything Belay made. */
async function fingerprintOf(file: string): Promise<string | null> {
  try {
    const found = await lookAt(file)
    if (found === null) return null
    if (found.isSymbolicLink()) return `link ${await readlink(file)}`
    if (!found.isFile() || found.size > MAX_BYTES) return 'something else'
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  } catch (error) {
    if (isNotThere(error)) return null
    if (error instanceof Error && isForbidden(error)) return 'unreadable'
    throw error
  }
}
