// Reads a database URL: which file it names, if any. Touches no file.

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the absolute path of a `file:` URL, or null for a server. */
export function databaseFile(url: string): string | null {
  if (!url.startsWith('file:')) return null
  if (url.startsWith('file://')) return fileURLToPath(url)
  return resolve(decodeURIComponent(url.slice('file:'.length)))
}
