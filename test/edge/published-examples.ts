// GitHub's published example payloads, as they are.

import { createRequire } from 'node:module'

export interface Example {
  readonly event: string
  readonly action: string | null
  /** `issue_comment.created #2`. */
  readonly name: string
  readonly payload: Readonly<Record<string, unknown>>
}

const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}[]

/** Every published example of every event. */
export const EXAMPLES: readonly Example[] = definitions.flatMap(({ name: event, examples }) =>
  examples.map((payload, index) => {
    const action = typeof payload['action'] === 'string' ? payload['action'] : null
    return { event, action, name: `${event}.${action ?? ''} #${index + 1}`, payload }
  }),
)

export const INSTALLATION = { id: 4711, node_id: 'MDIz' }

/** Returns the example as an installed App gets it: many were recorded from webhooks set by hand. */
export function installed(example: Example): Readonly<Record<string, unknown>> {
  return { ...example.payload, installation: example.payload['installation'] ?? INSTALLATION }
}

/** Returns the first example of an action, with changes on top. */
export function exampleOf(
  event: string,
  action: string | null,
  changes: object = {},
): Readonly<Record<string, unknown>> {
  const found = EXAMPLES.find((example) => example.event === event && example.action === action)
  if (found === undefined) throw new Error(`No example of ${event} ${action ?? ''}`)
  return merge(installed(found), changes)
}

/** Lays changes over a payload, deep in objects. */
function merge(base: object, changes: object): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(changes)) {
    const old = merged[key]
    merged[key] = isPlain(old) && isPlain(value) ? merge(old, value) : value
  }
  return merged
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
