// The bytes that lie in a worktree, tracked or not, ignored or not. Knows git's way to name bytes and nothing else of it.
import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One file or link with the id git gives its bytes. */
export interface WorktreeFile {
  readonly path: string
  readonly oid: string
}

/** Returns the id git gives these bytes as a blob. */
export function blobOid(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Returns every file and link below a folder except what is named `.git`; none when the folder is not there. */
export async function listWorktreeFiles(root: string): Promise<readonly WorktreeFile[]> {
  const files: WorktreeFile[] = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name === '.git') continue
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isSymbolicLink())
        files.push({ path, oid: blobOid(Buffer.from(await readlink(join(root, path)))) })
      else if (entry.isFile()) files.push({ path, oid: blobOid(await readFile(join(root, path))) })
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
