// Makes one call as an installation and says what came of it. While GitHub asks an installation to wait, no call of it
// is made at all: calling on would lengthen the wait.

import type { Client, Clients } from './octokit-clients.ts'
import { readFailure, toAppError } from './call-failure.ts'
import type { Called } from './call-failure.ts'

/** One door for all calls. */
export interface Calls {
  /** Makes a call as an installation. */
  make<T>(installationId: number, work: (client: Client) => Promise<T>): Promise<Called<T>>
}

/** Makes the door; `now` is milliseconds since 1970. */
export function createCalls(clients: Clients, now: () => number): Calls {
  const closedUntil = new Map<number, number>()
  return {
    async make(installationId, work) {
      const wait = (closedUntil.get(installationId) ?? 0) - now()
      if (wait > 0) {
        return { kind: 'rate_limited', afterMs: wait, message: 'Waiting as GitHub asked.', cause: undefined }
      }
      const called = await attempt(() => work(clients.installation(installationId)), now)
      if (called.kind === 'rate_limited') closedUntil.set(installationId, now() + called.afterMs)
      if (called.kind === 'refused' && called.status === 401) clients.forget(installationId)
      return called
    },
  }
}

/** Runs some work with octokit and returns what came of it. */
export async function attempt<T>(work: () => Promise<T>, now: () => number): Promise<Called<T>> {
  try {
    return { kind: 'answered', value: await work() }
  } catch (error) {
    return readFailure(error, now())
  }
}

/** Returns the answer of a read, or throws what it failed with. */
export function answerOf<T>(called: Called<T>, route: string): T {
  if (called.kind === 'answered') return called.value
  throw toAppError(called, route)
}

/** Returns the answer of a read, null when GitHub has no such thing, or throws what it failed with. */
export function answerOrNull<T>(called: Called<T>, route: string): T | null {
  if (called.kind === 'refused' && (called.status === 404 || called.status === 410)) return null
  return answerOf(called, route)
}
