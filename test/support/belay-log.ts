// The log of a program under test: JSON lines on standard output, anything else kept as text.

/** One line of the log. */
export interface LogLine {
  readonly text: string
  /** The parsed fields; empty when the line was no JSON. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Collects lines as they come and finds them again. */
export class BelayLog {
  readonly lines: LogLine[] = []
  #rest = ''

  /** Takes a piece of output, which may end in the middle of a line. */
  take(chunk: string): void {
    const pieces = (this.#rest + chunk).split('\n')
    this.#rest = pieces.pop() ?? ''
    for (const text of pieces) if (text.trim() !== '') this.lines.push({ text, fields: parseFields(text) })
  }

  /** Returns the lines one of whose values is this name, for example `worktree_sync_outcome`. */
  named(name: string): readonly LogLine[] {
    return this.lines.filter(({ fields }) => Object.values(fields).includes(name))
  }

  /** Returns the last lines as text. */
  tail(count = 30): string {
    return [...this.lines.slice(-count).map(({ text }) => text), this.#rest].join('\n')
  }
}

function parseFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    // Not ours: a warning of node, a stack.
    return {}
  }
}
