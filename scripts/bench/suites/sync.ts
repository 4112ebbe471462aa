// What a sync costs beside the git commands a person would type, on a repository of 20,000 files and 20,000 commits.

import type { Suite } from '../suite.ts'
import { fastForward } from '../sync/fast-forward.ts'
import { noOp } from '../sync/no-op.ts'
import { rebaseOnto } from '../sync/rebase.ts'
import { recovery } from '../sync/recovery.ts'
import { measureSync } from '../sync/scene.ts'
import { StartingPoint } from '../sync/starting-point.ts'

const BENCHMARKS = [
  noOp,
  fastForward,
  rebaseOnto(10, { fetches: false }),
  rebaseOnto(100, { fetches: false }),
  rebaseOnto(100, { fetches: true }),
  recovery({ remote: false }),
  recovery({ remote: true }),
]

export const suite: Suite = {
  name: 'sync',
  about: 'bringing a worktree and its remote branch in step, against plain git',
  async *run(options) {
    const start = await StartingPoint.make()
    try {
      for (const benchmark of BENCHMARKS.filter(({ name }) => name.includes(options.filter)))
        yield await measureSync(benchmark, options, start)
    } finally {
      await start.close()
    }
  },
}
