// The proof that a delivery comes from GitHub. Knows bytes and a secret, nothing else.

import { createHmac, timingSafeEqual } from 'node:crypto'

const FORMAT = /^sha256=([0-9a-f]{64})$/

/** Tells whether the header is in the form GitHub sends: `sha256=` and 64 lower-case hex digits. */
export function isSignature(header: string): boolean {
  return FORMAT.test(header)
}

/** Tells whether the header is the HMAC-SHA256 of exactly these bytes; takes the same time for every wrong one. */
export function isSignedBy(secret: string, body: Uint8Array, header: string): boolean {
  const given = FORMAT.exec(header)?.[1]
  if (given === undefined) return false
  const expected = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(expected, Buffer.from(given, 'hex'))
}
