// A client of the event stream: it reads frames and remembers its place as the HTML standard says. Knows nothing of what
// the program does.

import { request, type IncomingMessage } from 'node:http'
import { eventually } from './eventually.ts'

export interface Asked {
  readonly token: string
  /** `?after=0`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  /** False: bytes are left in the socket until `resume`. */
  readonly isReading?: boolean
}

export interface Frame {
  readonly event: string
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface EventClient {
  readonly response: IncomingMessage
  readonly frames: readonly Frame[]
  readonly text: () => string
  /** What the client would send as `Last-Event-ID`. */
  readonly lastEventId: () => string
  /** The numbers of the rows that came, in order of arrival. */
  readonly seqs: () => readonly number[]
  /** Resolves when so many frames are there. */
  readonly received: (count: number) => Promise<readonly Frame[]>
  /** Resolves when the connection is over, whoever ended it. */
  readonly ended: Promise<void>
  readonly resume: () => void
  readonly cut: () => void
}

/** Opens a stream; resolves when the head of the answer is there. */
export function openEvents(port: number, asked: Asked): Promise<EventClient> {
  const { query = '', method = 'GET', isReading = true, token } = asked
  const headers = { authorization: `Bearer ${token}`, ...asked.headers }
  return new Promise((resolve, reject) => {
    const path = `/api/v1/events${query}`
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      resolve(followResponse(response, isReading))
    })
    sent.on('error', reject)
    sent.end()
  })
}

function followResponse(response: IncomingMessage, isReading: boolean): EventClient {
  const parser = createParser()
  const ended = new Promise<void>((resolve) => response.once('close', resolve))
  // A connection that is cut is an ordinary end here.
  response.on('error', () => undefined)
  const resume = (): void => void response.setEncoding('utf8').on('data', parser.feed)
  if (isReading) resume()
  const { frames, lastEventId, text } = parser
  return {
    response,
    frames,
    lastEventId,
    text,
    ended,
    resume,
    seqs: () => frames.filter(({ event }) => event !== 'gap').map(({ data }) => Number(data['seq'])),
    received: (count) =>
      eventually(() => frames.length >= count && frames, {
        what: `${count} frames`,
        explain: () => `${frames.length} came:\n${text().slice(-2_000)}`,
      }),
    cut: () => void response.destroy(),
  }
}

/** Reads `text/event-stream`: an unfinished frame counts for nothing, one without data moves the id only. */
function createParser() {
  const frames: Frame[] = []
  let all = ''
  let rest = ''
  let lastEventId = ''
  const take = (block: string): void => {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const [, name, value] = /^(\w+): ?(.*)$/u.exec(line) ?? []
      if (name !== undefined && value !== undefined) fields.set(name, value)
    }
    lastEventId = fields.get('id') ?? lastEventId
    const data = fields.get('data')
    if (data === undefined) return
    const content = JSON.parse(data) as Frame['data']
    frames.push({ event: fields.get('event') ?? 'message', id: lastEventId, data: content })
  }
  return {
    frames,
    lastEventId: () => lastEventId,
    text: () => all,
    feed: (chunk: string): void => {
      all += chunk
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    },
  }
}
