// Puts the reading of pull requests together: one budget, one gate and one memory of fingerprints for all installations.

import type { Observer } from '../../ports/github.ts'
import { readCheckReport } from './check-report.ts'
import { createFingerprints } from './fingerprint.ts'
import { glance } from './glance.ts'
import type { Calls } from './github-calls.ts'
import { createGraphqlReads } from './graphql-reads.ts'
import type { RateBudget } from './rate-budget.ts'
import { createReadGate } from './read-gate.ts'
import { DEFAULT_LIMITS, readObservation } from './read-observation.ts'
import type { ObserveLimits } from './read-observation.ts'

/** What an observer needs. */
export interface ObserverOptions {
  readonly calls: Calls
  readonly budget: RateBudget
  /** Our own checks are left out. */
  readonly appId: number
  readonly now: () => number
  readonly limits?: Partial<ObserveLimits>
}

/** Makes the observer. */
export function createObserver({ calls, budget, appId, now, limits }: ObserverOptions): Observer {
  const read = createGraphqlReads({ calls, budget, gate: createReadGate() })
  const fingerprint = createFingerprints()
  const observing = { read, fingerprint, ownAppId: appId, limits: { ...DEFAULT_LIMITS, ...limits }, now }
  const glancing = { read, fingerprint }
  return {
    observe: (pullRequest, priority) => readObservation(observing, pullRequest, priority),
    glance: (pullRequests) => glance(glancing, pullRequests),
    readCheckReport: (repository, checkRunId) => readCheckReport(calls, repository, checkRunId),
  }
}
