// How a piece of news is told from another one about the same thing: by its content, and by how often that content came
// back after it was over. Knows nothing of what the content is.

import type { Nudge } from '../mirror/records.ts'

/** The part of a stored piece of news that says what it is and how far it is. */
export type StoredNews = Pick<Nudge, 'id' | 'kind' | 'item' | 'signature' | 'status' | 'sentAt'>

/**
 * Returns the signature of content that is wanted now.
 *
 * Invariant: the same content has a new signature only after the stored news of it was over, so a repeat is no news and
 * a return is.
 */
export function signatureOf(content: string, stored: readonly Pick<Nudge, 'signature'>[]): string {
  const times = stored.filter(({ signature }) => contentOf(signature) === content).length
  return `${times + 1}|${content}`
}

/** Returns the content that a signature stands for. */
export function contentOf(signature: string): string {
  return signature.slice(signature.indexOf('|') + 1)
}

/** Tells whether it waits for the agent. */
export function isWaiting({ status }: Pick<Nudge, 'status'>): boolean {
  return status === 'pending' || status === 'suppressed'
}

/** Tells whether the agent was told, or a person took it over. */
export function wasTold({ status, sentAt }: Pick<Nudge, 'status' | 'sentAt'>): boolean {
  return status === 'sent' || status === 'acknowledged' || sentAt !== null
}

/**
 * Returns a short fingerprint of a text: 53 bits, FNV-like, the same everywhere.
 *
 * It tells an edit from no edit; it protects nothing.
 */
export function fingerprint(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36)
}
