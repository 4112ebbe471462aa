// The readable end of a job's log: bounded while it streams by, then without the clutter of a terminal. Knows nothing
// of where the log comes from.

import { redactSecrets } from '../../domain/redact-secrets.ts'
import { visible } from '../../domain/text/markdown.ts'

/** Room for forty long lines with their clutter. */
const KEPT_BYTES = 128 * 1024
const MOST_LINES = 40
const MOST_CHARACTERS = 8000

const TIMESTAMP = /^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/u
const ERROR_LINE = /^##\[error\]/u
/** Control sequences, then operating system commands such as links and titles, then lone escapes. */
const TERMINAL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/gu

/** Returns the last bytes of a stream, reading all of it and keeping little more than them. */
export async function lastBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    kept.push(chunk)
    size += chunk.length
    for (let [oldest] = kept; oldest !== undefined && size - oldest.length >= KEPT_BYTES; [oldest] = kept) {
      kept.shift()
      size -= oldest.length
    }
  }
  return Buffer.concat(kept).subarray(-KEPT_BYTES)
}

/**
 * Returns the end of a log as plain text, or null when nothing is left of it: at most 40 lines and 8,000 characters.
 *
 * What follows the last line that GitHub marks as an error is the cleaning up of the job, and left out.
 */
export function toLogTail(bytes: Uint8Array): string | null {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/u).map(toPlainLine)
  const lastError = lines.findLastIndex((line) => ERROR_LINE.test(line))
  const told = (lastError === -1 ? lines : lines.slice(0, lastError + 1)).join('\n').trimEnd()
  const tail = told.split('\n').slice(-MOST_LINES).join('\n')
  const text = Array.from(redactSecrets(tail)).slice(-MOST_CHARACTERS).join('')
  return text.trim() === '' ? null : text
}

/** Returns text of a tool without terminal sequences and control characters. */
export function toPlainText(text: string): string {
  return text.split(/\r?\n/u).map(toPlainLine).join('\n')
}

/** A progress bar writes its line again and again; only the last counts. */
function toPlainLine(line: string): string {
  const bare = line.replace(TIMESTAMP, '').replace(TERMINAL, '')
  const shown = bare.split('\r').findLast((each) => each !== '') ?? ''
  return visible(shown).replaceAll('\ufffd', '')
}
