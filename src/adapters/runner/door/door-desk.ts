// What the door does with a line: token, shape, scope, limits, and then a report that is stored before the agent is
// told so. Knows no socket.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { DoorRefusal } from '../../../domain/session/door.ts'
import { parseDoorLine, type DoorAnswer } from '../../../domain/session/door-line.ts'
import { readDoorCall } from '../../../domain/session/read-door-call.ts'
import { renderDoorRefusal } from '../../../domain/text/door-refusals.ts'
import { renderAccepted, renderDoorHelp } from '../../../domain/text/door.ts'
import type { DoorInput } from './door-server.ts'
import { createTaking, type TakingOptions } from './take-requests.ts'

export interface DeskOptions extends TakingOptions {
  readonly token: string
}

/** Returns what answers one line of the door. */
export type DoorDesk = (input: DoorInput) => Promise<DoorAnswer>

/** Opens the desk of one attempt. */
export function createDoorDesk(options: DeskOptions): DoorDesk {
  const { token, scope } = options
  const take = createTaking(options)
  const refuse = (refusal: DoorRefusal): DoorAnswer => ({
    kind: 'refused',
    reason: refusal.kind,
    text: renderDoorRefusal(refusal, scope),
  })
  return async (input) => {
    if (input.kind === 'over') return refuse(input)
    if (input.kind !== 'line') return refuse({ kind: 'unreadable', because: input.kind })
    const line = decode(input.bytes)
    if (line === null) return refuse({ kind: 'unreadable', because: 'not_utf8' })
    const parsed = parseDoorLine(line)
    if (parsed.kind !== 'call') return refuse(parsed)
    if (!isSameSecret(parsed.call.token, token)) return refuse({ kind: 'wrong_token' })
    const reading = readDoorCall(parsed.call, scope)
    switch (reading.kind) {
      case 'help':
        return { kind: 'help', text: renderDoorHelp(scope) }
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
