// What a reviewer wrote about a proposal. Reads a text; knows no file, no reviewer and no proposal.

import { z } from 'zod'

/** Why a text is no verdict. */
export type UnreadableVerdict = 'missing' | 'not_json' | 'wrong_shape' | 'no_reasons'

export type ReadVerdict =
  | {
      readonly kind: 'verdict'
      readonly verdict: 'ack' | 'nack'
      /** Trimmed, none of them empty; a nack has at least one. */
      readonly reasons: readonly string[]
    }
  | { readonly kind: 'unreadable'; readonly because: UnreadableVerdict }

/** In characters; a longer reason is cut. */
export const LONGEST_REASON = 2000

/** What comes after these is left out. */
export const MOST_REASONS = 50

const verdictSchema = z.strictObject({
  verdict: z.enum(['ack', 'nack']),
  reasons: z.array(z.string()).optional(),
})

/** Reads `{"verdict":"ack"|"nack","reasons":[…]}`; null stands for a reviewer that left nothing. */
export function parseVerdict(text: string | null): ReadVerdict {
  if (text === null || text.trim() === '') return unreadable('missing')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The words of the parser would quote the text; that it is no JSON is all there is to know.
    return unreadable('not_json')
  }
  const parsed = verdictSchema.safeParse(value)
  if (!parsed.success || isAmbiguous(text, parsed.data)) return unreadable('wrong_shape')
  const { verdict } = parsed.data
  const reasons = (parsed.data.reasons ?? [])
    .map((reason) => cut(reason.trim()))
    .filter((reason) => reason !== '')
    .slice(0, MOST_REASONS)
  if (verdict === 'nack' && reasons.length === 0) return unreadable('no_reasons')
  return { kind: 'verdict', verdict, reasons }
}

function unreadable(because: UnreadableVerdict): ReadVerdict {
  return { kind: 'unreadable', because }
}

function cut(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : Array.from(reason).slice(0, LONGEST_REASON).join('')
}

/**
 * Tells whether the names in the text are other than the value shows: one of them twice, or one that is hidden.
 *
 * JSON takes the last of two; a reviewer that said both `nack` and `ack` has not acknowledged anything.
 */
function isAmbiguous(json: string, value: object): boolean {
  const texts = json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?=\s*(:)?)/gsu)
  return [...texts].filter(([, isName]) => isName !== undefined).length !== Object.keys(value).length
}
