// A small folder kept in memory, to be written again and again elsewhere: cheaper than the processes that made it. Knows
// plain files and folders only, and nothing of what is in them.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface KeptFile {
  readonly path: string
  readonly mode: number
  readonly bytes: Buffer
}

/** Folders from the outside in, and the files in them. */
export interface KeptFolder {
  readonly folders: readonly string[]
  readonly files: readonly KeptFile[]
}

/** Reads everything below a folder. */
export function keepFolder(root: string): KeptFolder {
  const folders: string[] = []
  const files: KeptFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isFile()) files.push({ path, ...readKept(join(root, path)) })
      else if (entry.isDirectory()) {
        folders.push(path)
        walk(path)
      } else throw new Error(`${path} is neither a file nor a folder`)
    }
  }
  walk('')
  return { folders, files }
}

function readKept(file: string): Omit<KeptFile, 'path'> {
  return { mode: statSync(file).mode & 0o777, bytes: readFileSync(file) }
}

/** Writes it all below another folder, which must not hold any of it. */
export function writeKeptFolder({ folders, files }: KeptFolder, root: string): void {
  mkdirSync(root, { recursive: true })
  for (const path of folders) mkdirSync(join(root, path), { recursive: true })
  for (const { path, mode, bytes } of files) writeFileSync(join(root, path), bytes, { mode, flag: 'wx' })
}
