// Lets a few reads of an installation run at once; when several wait, one that a webhook caused goes before one of a
// sweep. Knows nothing of what is read.

import type { ReadPriority } from '../../ports/github.ts'

/** The gates of all installations. */
export interface ReadGate {
  /** Runs some work when its turn comes. */
  pass<T>(
    turn: { readonly installationId: number; readonly priority: ReadPriority },
    work: () => Promise<T>,
  ): Promise<T>
}

interface Gate {
  running: number
  readonly waiting: Readonly<Record<ReadPriority, (() => void)[]>>
}

/** GitHub takes a hundred calls of an installation at once; few at a time keep what is urgent from waiting. */
const DEFAULT_WIDTH = 4

/** Makes the gates; `width` is how many reads of one installation run at once. */
export function createReadGate(width = DEFAULT_WIDTH): ReadGate {
  const gates = new Map<number, Gate>()
  return {
    async pass({ installationId, priority }, work) {
      const gate = gates.get(installationId) ?? { running: 0, waiting: { webhook: [], sweep: [] } }
      gates.set(installationId, gate)
      await enter(gate, priority)
      try {
        return await work()
      } finally {
        leave(gate)
        if (gate.running === 0) gates.delete(installationId)
      }
    },
  }

  async function enter(gate: Gate, priority: ReadPriority): Promise<void> {
    if (gate.running < width) {
      gate.running += 1
      return
    }
    await new Promise<void>((resolve) => gate.waiting[priority].push(resolve))
  }
}

/** The place of whoever leaves is handed on, so that nobody who comes just then takes it. */
function leave(gate: Gate): void {
  const next = gate.waiting.webhook.shift() ?? gate.waiting.sweep.shift()
  if (next === undefined) gate.running -= 1
  else next()
}
