// Nothing happened: worktree and remote are at the commit the caller names.

import { git } from '../../../test/support/temp-repo.ts'
import { demandSame, type SyncBenchmark } from './scene.ts'

export const noOp: SyncBenchmark = {
  name: 'no-op',
  against: 'git --no-optional-locks status --porcelain=v2 -b, in the same worktree',
  goal: 1.3,
  better: 'lower',
  theirs: 0,
  ours: 0,
  isConflict: false,
  moreOften: 5,
  pairIn({ origin, belay }) {
    const { tip } = origin
    let [found, printed] = ['', '']
    return {
      async prepare() {
        await Promise.resolve()
      },
      async ours() {
        found = (await belay.sync({ lastSynced: tip, knownHead: tip })).case
      },
      async baseline() {
        printed = await git(belay.tree, '--no-optional-locks', 'status', '--porcelain=v2', '-b')
      },
      async check() {
        demandSame('case', found, 'already_in_sync')
        demandSame('commit in the status', printed.split('\n')[0] ?? '', `# branch.oid ${tip}`)
        await Promise.resolve()
      },
    }
  },
}
