// What a reconcile of a pull request's review threads costs beside the SQL it comes to, and how long a webhook takes to
// become a row of the change log.

import type { Suite } from '../suite.ts'
import { LATENCIES, measureLatency } from '../mirror/latency.ts'
import { measureReconcile, RECONCILES } from '../mirror/reconcile.ts'

export const suite: Suite = {
  name: 'mirror',
  about: 'storing what was read of a pull request, against plain SQL; webhook to change log',
  async *run(options) {
    const isWanted = ({ name }: { readonly name: string }): boolean => name.includes(options.filter)
    for (const benchmark of RECONCILES.filter(isWanted)) yield await measureReconcile(benchmark, options)
    yield* measureLatency(LATENCIES.filter(isWanted), options)
  },
}
