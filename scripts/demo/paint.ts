// Colour for a terminal, and only for a terminal.

/** Puts colour on text, or leaves it as it is. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
  readonly blue: (text: string) => string
}

/** Returns colours when the output is a terminal that wants them, else text as it is. */
export function paintFor(output: { readonly isTTY?: boolean }): Paint {
  const isColourful = output.isTTY === true && process.env['NO_COLOR'] === undefined
  return isColourful ? COLOURED : PLAIN
}

function ansi(on: number, off: number): (text: string) => string {
  return (text) => `\u001B[${on}m${text}\u001B[${off}m`
}

const COLOURED: Paint = {
  bold: ansi(1, 22),
  dim: ansi(2, 22),
  red: ansi(31, 39),
  green: ansi(32, 39),
  yellow: ansi(33, 39),
  blue: ansi(34, 39),
}

const same = (text: string): string => text

/** No colour at all. */
export const PLAIN: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, blue: same }
