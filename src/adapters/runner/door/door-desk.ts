// What the door does with a line: token, shape, threads, limits, and then a report that is stored before the agent is
// told so. Knows no socket.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { RunnerReport } from '../../../domain/events.ts'
import {
  identifyAsk,
  mostDoorRequests,
  parseDoorLine,
  readDoorCall,
  type DoorAnswer,
  type DoorAsk,
  type DoorRefusal,
  type DoorThread,
} from '../../../domain/session/door.ts'
import { renderAccepted, renderDoorHelp, renderDoorRefusal } from '../../../domain/text/door.ts'
import type { DoorInput } from './door-server.ts'

export interface DeskOptions {
  readonly token: string
  readonly subject: {
    readonly sessionId: string
    readonly attemptId: string
    readonly runEpoch: number
  }
  readonly threads: readonly DoorThread[]
  /** Tells whether somebody stored the report; never throws. */
  readonly store: (report: RunnerReport) => Promise<boolean>
}

/** Returns what answers one line of the door. */
export type DoorDesk = (input: DoorInput) => Promise<DoorAnswer>

/** Opens the desk of one attempt. */
export function createDoorDesk(options: DeskOptions): DoorDesk {
  const { token, threads } = options
  const take = createTaking(options)
  const refuse = (refusal: DoorRefusal): DoorAnswer => ({
    kind: 'refused',
    reason: refusal.kind,
    text: renderDoorRefusal(refusal, threads),
  })
  return async (input) => {
    if (input.kind === 'over') return refuse(input)
    if (input.kind !== 'line') return refuse({ kind: 'unreadable', because: input.kind })
    const line = decode(input.bytes)
    if (line === null) return refuse({ kind: 'unreadable', because: 'not_utf8' })
    const parsed = parseDoorLine(line)
    if (parsed.kind !== 'call') return refuse(parsed)
    if (!isSameSecret(parsed.call.token, token)) return refuse({ kind: 'wrong_token' })
    const reading = readDoorCall(parsed.call, threads)
    switch (reading.kind) {
      case 'help':
        return { kind: 'help', text: renderDoorHelp(threads) }
      case 'input_wanted':
        return { kind: 'input_wanted', text: '' }
      case 'refused':
        return refuse(reading.refusal)
      case 'ask': {
        const taken = await take(reading.ask)
        return taken.kind === 'taken'
          ? { kind: 'accepted', text: renderAccepted(reading.ask, taken.isRepeat) }
          : refuse(taken)
      }
    }
  }
}

type Taken = { readonly kind: 'taken'; readonly isRepeat: boolean } | DoorRefusal

/** Stores each request once, also when the same one comes twice at the same time. */
function createTaking({ subject, threads, store }: DeskOptions): (ask: DoorAsk) => Promise<Taken> {
  const limit = mostDoorRequests(threads.length)
  const known = new Map<string, Promise<boolean>>()
  return async (ask) => {
    const { requestId, request } = identifyAsk(ask, digest)
    const earlier = known.get(requestId)
    if (earlier === undefined && known.size >= limit) return { kind: 'too_many', limit }
    const storing = earlier ?? store({ kind: 'door_request', ...subject, requestId, request })
    known.set(requestId, storing)
    if (await storing) return { kind: 'taken', isRepeat: earlier !== undefined }
    if (known.get(requestId) === storing) known.delete(requestId)
    return { kind: 'not_stored' }
  }
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Bytes that are no text: the caller says so.
    return null
  }
}

/** Takes the same time wherever the two differ. */
function isSameSecret(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
