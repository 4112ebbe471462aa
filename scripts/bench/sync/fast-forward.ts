// The remote moved on and we have nothing of our own. Each round goes on from the last, so neither side is ever put back.

import { demandCleanAt, demandSame, type SyncBenchmark } from './scene.ts'

export const fastForward: SyncBenchmark = {
  name: 'fast-forward',
  against: 'git fetch && git merge --ff-only --no-overwrite-ignore, in an ordinary clone',
  goal: 1.5,
  better: 'lower',
  theirs: 100,
  ours: 0,
  isConflict: false,
  moreOften: 1,
  pairIn(scene) {
    const { origin, belay, plain } = scene
    let [round, found] = [scene.round(0), '']
    return {
      async prepare(number) {
        round = scene.round(number)
        await origin.moveTo(round.theirs)
      },
      async ours() {
        found = (await belay.sync({ lastSynced: round.base, knownHead: round.theirs })).case
      },
      async baseline() {
        await plain.git('fetch', '--quiet')
        await plain.git('merge', '--quiet', '--ff-only', '--no-overwrite-ignore', 'origin/work')
      },
      async check() {
        demandSame('case', found, 'fast_forwarded')
        await demandCleanAt(belay.tree, round.theirs)
        await demandCleanAt(plain.tree, round.theirs)
      },
    }
  },
}
