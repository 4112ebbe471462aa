// Random numbers that are the same for the same seed (mulberry32). Pure.

/** Returns whole numbers from 0 up to, not including, the bound. */
export type Dice = (bound: number) => number

/** Makes dice for a seed. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    return Math.floor((mixed(state) / 2 ** 32) * bound)
  }
}

/** Returns a number of 32 bits that looks like no function of the given one. */
export function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 15), value | 1)
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
  return (bits ^ (bits >>> 14)) >>> 0
}
