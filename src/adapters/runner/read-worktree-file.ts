// Reads a file an agent wrote. Every part of the way is checked: a link could lead out of the worktree.

import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isNotThere, lookAt } from './look-at.ts'

/** Returns the text of a regular file below the folder, or null: not there, not a plain file, or too large. */
export async function readWorktreeFile(
  tree: string,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Promise<string | null> {
  const parts = path.split('/')
  const isBelow = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
  if (!isBelow || parts[0] === '.git') return null
  const file = join(tree, ...parts)
  try {
    if ((await realpath(file)) !== join(await realpath(tree), ...parts)) return null
    const found = await lookAt(file)
    if (found === null || !found.isFile() || found.size > maxBytes) return null
    return await readNoLink(file, maxBytes)
  } catch (error) {
    if (isNotThere(error) || (error instanceof Error && 'code' in error && error.code === 'ELOOP'))
      return null
    throw error
  }
}

async function readNoLink(file: string, maxBytes: number): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const bytes = Buffer.alloc(maxBytes + 1)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    return bytesRead > maxBytes ? null : bytes.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
