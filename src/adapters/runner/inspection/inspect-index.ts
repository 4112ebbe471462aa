// What the index lists, with the marks that make `git status` look away. No process while the index is a plain file, and
// one more only for marked files.

import { splitNul, toBytePath, type BytePath } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'
import { hashFiles, inspectReadable, isHashable } from './hash-files.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { readIndexFile } from '../git/read-index-file.ts'
import { controlPlace, type SessionPaths } from '../repositories/session-paths.ts'

/** Lists the whole index. */
export async function listIndex(door: GitDoor, paths: SessionPaths): Promise<readonly IndexEntry[]> {
  const read = await readIndexFile(paths.indexFile)
  if (read !== null) return read
  const { stdout } = await door.run({ at: controlPlace(paths), args: ['ls-files', '-v', '--stage', '-z'] })
  return splitNul(stdout).map(toEntry)
}

/** `H 100644 <oid> 0<TAB>path`; a small letter or S marks what status does not look at. */
function toEntry(line: string): IndexEntry {
  const tab = line.indexOf('\t')
  const [tag = '', mode = '', oid = '', stage = '0'] = line.slice(0, tab).split(' ')
  const isSparse = tag.toUpperCase() === 'S'
  const isHidden = isSparse || tag !== tag.toUpperCase()
  return { path: toBytePath(line.slice(tab + 1)), mode, oid, stage: Number(stage), isHidden, isSparse }
}

/**
 * Returns the files whose edits status hides.
 *
 * A marked file that is not on the disk is a sparse checkout, no edit. A file that was filtered on its way out can look
 * edited here; taking it for edited keeps its bytes. So does one that can not be read.
 */
export async function findHiddenEdits(
  door: GitDoor,
  paths: SessionPaths,
  index: readonly IndexEntry[],
): Promise<readonly BytePath[]> {
  const marked = index.filter((entry) => entry.isHidden && entry.stage === 0)
  const found = await Promise.all(
    marked.map(async (entry) => ({ entry, file: await inspectReadable(paths.tree, entry.path) })),
  )
  const present = found.flatMap(({ entry, file }) => (isHashable(file) ? [{ entry, file }] : []))
  const unreadable = found.filter(({ file }) => file.kind === 'unreadable').map(({ entry }) => entry.path)
  const hashed = await hashFiles(door, {
    paths,
    at: controlPlace(paths),
    files: present.map(({ file }) => file),
  })
  const edited = present
    .filter(({ entry }, position) => {
      const now = hashed[position]
      return now === undefined || now.oid !== entry.oid || now.mode !== entry.mode
    })
    .map(({ entry }) => entry.path)
  return [...edited, ...unreadable]
}
