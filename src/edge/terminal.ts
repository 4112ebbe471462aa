// Where a subcommand prints, and the code the process will end with.

export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  exitCode: 0 | 1
}

/** Prints what was found, or says that there is none and fails. */
export function printFound<T>(
  terminal: Terminal,
  found: T | null,
  texts: {
    readonly show: (value: T) => string
    readonly none: string
  },
): void {
  if (found !== null) return terminal.out(texts.show(found))
  fail(terminal, texts.none)
}

/** Says why and makes the process end with 1. */
export function fail(terminal: Terminal, text: string): void {
  terminal.err(text)
  terminal.exitCode = 1
}

/** Returns the value for scripts. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
