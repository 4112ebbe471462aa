// What git's server program says of itself when a client of protocol 2 comes to fetch: the same for every repository with
// the same configuration, and nothing about refs, so it is asked once. Knows nothing of tokens.
import type { IncomingMessage } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const kept = new Map<string, Promise<Buffer>>()

/** Returns whether a request asks for nothing but the capabilities of the server program. */
export function asksForCapabilities({ method, headers }: IncomingMessage, url: URL): boolean {
  return (
    method === 'GET' &&
    url.pathname.endsWith('/info/refs') &&
    url.search === '?service=git-upload-pack' &&
    headers['git-protocol'] === 'version=2'
  )
}

/** Returns the whole answer of git's server program, asked for at the first time and when git gave none. */
export async function keptCapabilities(gitDir: string, ask: () => Promise<Buffer>): Promise<Buffer> {
  const configuration = await readFile(join(gitDir, 'config'), 'utf8')
  const answer = kept.get(configuration) ?? ask()
  kept.set(configuration, answer)
  const bytes = await answer
  if (!bytes.includes('version 2\n')) kept.delete(configuration)
  return bytes
}
