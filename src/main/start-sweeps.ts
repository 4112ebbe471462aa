// What is asked of GitHub by the clock: whether Belay has access, which deliveries failed, and whether the mirror is
// still right. All of it at start as well, whether or not anything is tracked.

import type { Inbox } from '../ports/inbox.ts'
import type { Deps } from '../workflows/deps.ts'
import { sweepDeliveries } from '../workflows/sweep-deliveries.ts'
import { sweepPullRequests } from '../workflows/sweep-pull-requests.ts'
import type { AccessWatch } from '../workflows/watch-access.ts'

const MINUTE_MS = 60_000
const ACCESS_EVERY_MS = 5 * MINUTE_MS
const DELIVERIES_EVERY_MS = 5 * MINUTE_MS
const PULL_REQUESTS_EVERY_MS = 10 * MINUTE_MS

export interface SweepParts {
  readonly deps: Deps
  readonly inbox: Pick<Inbox, 'find'>
  readonly access: AccessWatch
}

/** Starts the sweeps; a sweep that is still running is not started again. */
export function startSweeps({ deps, inbox, access }: SweepParts): { readonly close: () => Promise<void> } {
  const known = { has: async (guid: string) => (await inbox.find(guid)) !== null }
  const sweeps = [
    repeat(deps, () => access.look(), { everyMs: ACCESS_EVERY_MS, failure: 'access_not_checked' }),
    repeat(deps, () => sweepDeliveries(deps, known), {
      everyMs: DELIVERIES_EVERY_MS,
      failure: 'deliveries_not_swept',
    }),
    repeat(deps, () => sweepPullRequests(deps), {
      everyMs: PULL_REQUESTS_EVERY_MS,
      failure: 'pull_requests_not_swept',
    }),
  ]
  return {
    close: async () => {
      await Promise.all(sweeps.map((sweep) => sweep.close()))
    },
  }
}

interface Repetition {
  readonly everyMs: number
  readonly failure: string
}

function repeat(
  { log }: Pick<Deps, 'log'>,
  work: () => Promise<unknown>,
  { everyMs, failure }: Repetition,
): { readonly close: () => Promise<void> } {
  let running: Promise<void> | null = null
  const run = (): void => {
    running ??= work()
      .then(() => undefined)
      .catch((error: unknown) => log.warn({ error }, failure))
      .finally(() => {
        running = null
      })
  }
  run()
  const timer = setInterval(run, everyMs)
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
