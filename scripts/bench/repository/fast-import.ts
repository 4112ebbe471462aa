// Commits as the stream that `git fast-import` reads.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { gitEnvironment } from '../../../test/support/fake-github/run-git.ts'
import type { Landscape } from './landscape.ts'

/** One commit to be made; files are written as they are in the landscape at this moment. */
export interface ImportedCommit {
  readonly ref: string
  readonly mark: number
  /** A mark as `:7`, or a commit; null for the first one. */
  readonly parent: string | null
  readonly message: string
  /** Seconds since 1970. */
  readonly at: number
  readonly landscape: Landscape
  readonly files: Iterable<number>
}

/** Returns the lines of one commit. */
export function commitText(commit: ImportedCommit): string {
  const who = `Petra <petra@example.com> ${commit.at} +0000`
  const parts = [
    `commit ${commit.ref}\nmark :${commit.mark}\nauthor ${who}\ncommitter ${who}\n`,
    `data ${Buffer.byteLength(commit.message)}\n${commit.message}\n`,
    ...(commit.parent === null ? [] : [`from ${commit.parent}\n`]),
  ]
  for (const file of commit.files) {
    const text = commit.landscape.text(file)
    parts.push(`M 100644 inline ${commit.landscape.path(file)}\ndata ${text.length}\n${text}`)
  }
  return parts.join('')
}

/** Feeds a stream to `git fast-import` in a repository. Throws when git refuses it. */
export async function fastImport(gitDir: string, stream: Iterable<string>): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet', '--force'], {
    cwd: gitDir,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const words: Buffer[] = []
  child.stderr.on('data', (piece: Buffer) => words.push(piece))
  // Git may end early; its exit code says so.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close')
  for (const text of stream) {
    const isRoomLeft = child.stdin.write(text)
    if (!isRoomLeft) await Promise.race([once(child.stdin, 'drain'), ended])
  }
  child.stdin.end()
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`git fast-import ended with ${code}: ${Buffer.concat(words).toString()}`)
}
