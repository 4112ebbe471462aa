// Real time and real randomness.

import { createHash, randomInt } from 'node:crypto'

import type { Clock, Ids } from '../../ports/surroundings.ts'

/** No 0, 1: they read like o and l in an id that people copy by hand. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz23456789'
const DECISION_LENGTH = 6

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  nowNs: () => BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n),
}

/** Ids from the machine's own source of randomness, and of what texts hold. */
export const systemIds: Ids = {
  decision: () => randomText(DECISION_LENGTH),
  random: randomText,
  digest: (text) => createHash('sha256').update(text).digest('hex'),
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}
