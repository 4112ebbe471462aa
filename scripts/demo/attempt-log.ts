// What an agent printed, from the file that the runner keeps of it. Knows where the file lies, nothing of what it says.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cast } from './cast.ts'
import type { Transcript } from './transcript.ts'
import { wrap } from './wrap.ts'

/** The log of one attempt. */
export interface AttemptLog {
  /** As an operator would name it. */
  readonly shownPath: string
  readonly text: string
}

/** A part of a log, from the line that begins with one text up to the line that begins with another; null is the end. */
export interface LogPart {
  readonly from: string
  readonly to: string | null
}

/** Returns the log of the n-th attempt of the session's producers, counted from 1, once it holds the text. */
export async function readAttemptLog(
  { stage, session }: Cast,
  wanted: { readonly attempt: number; readonly holds: string },
): Promise<AttemptLog> {
  const { belay } = stage.world
  const attempts = (await belay.database.table('attempts')).filter(
    ({ sessionId, role }) => sessionId === session.id && role === 'producer',
  )
  const id = attempts[wanted.attempt - 1]?.id
  if (id === undefined) throw new Error(`Session ${session.id} has no attempt ${wanted.attempt}.`)
  const file = join('sessions', session.id, 'attempts', id, 'log')
  const text = await belay.eventually(
    async () => {
      const read = await readFile(join(belay.home, file), 'utf8')
      return read.includes(wanted.holds) && read
    },
    { what: `the log of attempt ${wanted.attempt} holds "${wanted.holds}"` },
  )
  return { shownPath: join('$BELAY_HOME', file), text }
}

/** Shows parts of a log, with a mark where something is left out; lines are broken, not cut. */
export function showLogParts(transcript: Transcript, log: AttemptLog, parts: readonly LogPart[]): void {
  const lines = log.text.trimEnd().split('\n')
  let shownTo = 0
  const shown = parts.flatMap(({ from, to }) => {
    const first = lineOf(lines, from, shownTo)
    const end = to === null ? lines.length : lineOf(lines, to, first + 1)
    const gap = first > shownTo ? ['…', ''] : []
    shownTo = end
    return [...gap, ...lines.slice(first, end)]
  })
  const rest = shownTo < lines.length ? ['…'] : []
  const width = transcript.width - 4
  transcript.show(
    `from the agent's log, ${log.shownPath}`,
    [...shown, ...rest].flatMap((line) => (line.length <= width ? [line] : wrap(line, width))),
  )
}

function lineOf(lines: readonly string[], beginning: string, after: number): number {
  const index = lines.findIndex((line, at) => at >= after && line.startsWith(beginning))
  if (index === -1) throw new Error(`The log has no line that begins with "${beginning}".`)
  return index
}
