// The wire of the agent's door: one line of JSON in, one line out. Knows the shape of a call, not what its words mean.

import { z } from 'zod'
import type { DoorRefusal } from './door.ts'

/** The longest line that is read, in bytes: the longest text, written with escapes, and room for the rest. */
export const LONGEST_DOOR_LINE = 256 * 1024

const MOST_ARGUMENTS = 64

const callSchema = z.strictObject({
  token: z.string().max(200),
  args: z.array(z.string()).max(MOST_ARGUMENTS),
  input: z.string().nullable(),
})

/** One line of the wire: the agent's words as it typed them, and its standard input once it was asked for. */
export type DoorCall = Readonly<z.infer<typeof callSchema>>

/** What the door answers, one line as well; `reason` is there when it is refused. */
export interface DoorAnswer {
  readonly kind: 'accepted' | 'refused' | 'help' | 'input_wanted'
  readonly reason?: DoorRefusal['kind']
  readonly text: string
}

/** Reads a line of the wire. */
export function parseDoorLine(
  line: string,
): { readonly kind: 'call'; readonly call: DoorCall } | Extract<DoorRefusal, { kind: 'unreadable' }> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    // The words of the parser would quote the input; that it is no JSON is all there is to know.
    return { kind: 'unreadable', because: 'not_json' }
  }
  const parsed = callSchema.safeParse(value)
  return parsed.success ? { kind: 'call', call: parsed.data } : { kind: 'unreadable', because: 'wrong_shape' }
}
