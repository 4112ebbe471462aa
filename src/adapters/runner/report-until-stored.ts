// Hands a report over until somebody stored it, for a while. Knows nothing of what the report says.

import type { RunnerReport } from '../../domain/events.ts'
import type { Log } from '../../ports/surroundings.ts'

export interface Reporting {
  readonly report: (report: RunnerReport) => Promise<void>
  readonly log: Log
}

/** Between tries; a database that somebody else holds is free again within seconds. */
const RETRY_MS: readonly number[] = [100, 500, 2000, 5000]

/** Reports; never throws. After the last try only the log knows, and whoever waits for the report finds out by its lease. */
export async function reportUntilStored(reporting: Reporting, news: RunnerReport): Promise<void> {
  await isStored(reporting, news)
}

/** Reports in the same way, and tells whether somebody stored it; never throws. */
export async function isStored({ report, log }: Reporting, news: RunnerReport): Promise<boolean> {
  for (const pause of [...RETRY_MS, null]) {
    try {
      await report(news)
      return true
    } catch (error) {
      log.error({ error, report: news }, 'A report was not stored')
    }
    if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return false
}
