// Where the repository is and which files it holds, so that every check can compare what a tool saw with what exists.

import { readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Returns all `.ts` files below the folders, as sorted paths from `root` with forward slashes; fixtures are left out. */
export async function typeScriptFiles(root: string, folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
      found.push(relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    }
  }
  return found.filter((file) => !file.startsWith('test/fixtures/')).toSorted()
}

/** Returns the path of a program that the package manager installed. */
export function installed(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name)
}
