// What git's own check before a checkout does not see, and would remove: a link that took the place of a folder of tracked
// files, a repository made around tracked files, and the files of a submodule. Everything else git refuses by itself
// (test/contract/runner/checkout-contract.ts). Starts no process.

import { lstatSync, readdirSync } from 'node:fs'
import { setImmediate as breathe } from 'node:timers/promises'
import { onDisk, parentsOf, toBytePath } from '../git/byte-path.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { readIndexFile } from '../git/read-index-file.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** After this many folders other work of the process gets its turn. */
const AT_ONCE = 500

/** Tells whether such a thing may lie in the worktree; then the ground must be looked at closely before files are moved. */
export async function hasBlindSpots({ tree, indexFile }: SessionPaths): Promise<boolean> {
  const index = await readIndexFile(indexFile)
  if (index === null) return true
  for (const [position, folder] of [...foldersOf(index)].entries()) {
    if (position % AT_ONCE === AT_ONCE - 1) await breathe()
    if (isOddFolder(tree, folder)) return true
  }
  return index.some(({ mode, path }) => mode === '160000' && hasFiles(tree, path))
}

function foldersOf(index: readonly IndexEntry[]): ReadonlySet<string> {
  const folders = new Set<string>()
  let before = ''
  for (const { path } of index) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (folder === before) continue
    before = folder
    for (const parent of parentsOf(toBytePath(path))) folders.add(parent)
  }
  return folders
}

// Thousands of folders at once: one call after the other is many times faster than a promise for each.
function isOddFolder(tree: string, folder: string): boolean {
  try {
    const found = lstatSync(onDisk(tree, folder), { throwIfNoEntry: false })
    if (found === undefined) return false
    if (!found.isDirectory()) return true
    return lstatSync(onDisk(tree, `${folder}/.git`), { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

function hasFiles(tree: string, folder: string): boolean {
  try {
    const found = lstatSync(onDisk(tree, folder), { throwIfNoEntry: false })
    if (found === undefined) return false
    return !found.isDirectory() || readdirSync(onDisk(tree, folder)).length > 0
  } catch {
    return true
  }
}
