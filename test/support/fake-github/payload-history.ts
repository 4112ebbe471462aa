// What webhooks showed of each object so far, to be able to show it again as it was.
// Knows objects only by their node id, and nothing of what is in them.

type Payload = Readonly<Record<string, unknown>>

/** The objects a webhook is about; the frame around them is never old. */
const subjects = ['pull_request', 'issue', 'comment', 'review', 'thread', 'check_run', 'check_suite'] as const

/** Every version of every object that was sent. */
export class PayloadHistory {
  readonly #versions = new Map<string, unknown[]>()

  /** Keeps what this payload shows. */
  remember(payload: Payload): void {
    for (const [key, value] of keysOf(payload)) {
      const known = this.#versions.get(key) ?? []
      known.push(value)
      this.#versions.set(key, known)
    }
  }

  /** Returns whether an earlier version is known of anything in this payload. */
  knowsOlder(payload: Payload): boolean {
    return keysOf(payload).some(([key]) => this.#versions.has(key))
  }

  /** Returns the payload with its objects as they were shown so many versions ago, or at first. */
  stepBack(payload: Payload, steps: number): Payload {
    const older = keysOf(payload).flatMap(([key, , name]): [string, unknown][] => {
      const versions = this.#versions.get(key)
      return versions === undefined ? [] : [[name, versions.at(-steps) ?? versions[0]]]
    })
    return { ...payload, ...Object.fromEntries(older) }
  }
}

function keysOf(payload: Payload): [key: string, value: unknown, name: string][] {
  return subjects.flatMap((name): [string, unknown, string][] => {
    const value = payload[name]
    if (typeof value !== 'object' || value === null || !('node_id' in value)) return []
    return [[`${name} ${String(value.node_id)}`, value, name]]
  })
}
