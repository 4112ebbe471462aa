// Whether anything in a folder changed since the last look, cheaply: names, sizes and times of a bounded number of
// entries. Reads no content and starts no process.

import { createHash } from 'node:crypto'
import { readdir, lstat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Returns a digest of what lies in the folder, the nearest entries first, at most `most` of them; git's own folders are
 * not looked into. `also` names single files beside it.
 *
 * A change in an entry beyond the limit is not seen, and neither is one that leaves size and times as they were.
 */
export async function digestFolder(
  folder: string,
  { also, most }: { readonly also: readonly string[]; readonly most: number },
): Promise<string> {
  const hash = createHash('sha256')
  for (const file of also) hash.update(await describe(file))
  const folders = [folder]
  let left = most
  for (let next = folders.shift(); next !== undefined && left > 0; next = folders.shift()) {
    const entries = (await list(next)).slice(0, left)
    left -= entries.length
    const here = next
    const lines = await Promise.all(entries.map((entry) => describe(join(here, entry.name))))
    for (const line of lines) hash.update(line)
    for (const entry of entries) if (entry.isDirectory()) folders.push(join(next, entry.name))
  }
  return hash.digest('hex')
}

async function list(folder: string): ReturnType<typeof readEntries> {
  try {
    return (await readEntries(folder)).filter(({ name }) => name !== '.git')
  } catch {
    // Gone meanwhile, or not ours to see: the folder above tells when that changes.
    return []
  }
}

function readEntries(folder: string) {
  return readdir(folder, { withFileTypes: true })
}

async function describe(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await lstat(path)
    return `${JSON.stringify(path)} ${size} ${mtimeMs} ${ctimeMs} ${ino}\n`
  } catch {
    // Gone meanwhile.
    return `${JSON.stringify(path)} nothing\n`
  }
}
