// Both sides have commits that go together: ours are replayed on the remote's.

import { git } from '../../../test/support/temp-repo.ts'
import { knowRemote } from './know-remote.ts'
import { placeTree } from './plain-side.ts'
import { demandCleanAt, demandSame, type SyncBenchmark } from './scene.ts'

const OWN_COMMITS = 10

/** A rebase of ten commits; `fetches` makes the fetch part of both sides. */
export function rebaseOnto(theirs: number, { fetches }: { readonly fetches: boolean }): SyncBenchmark {
  const commands = 'git rebase --onto origin/work <base> work && git status'
  return {
    name: `rebase-10-onto-${theirs}${fetches ? '-with-fetch' : ''}`,
    against: `${fetches ? 'git fetch && ' : ''}${commands}, in an ordinary clone`,
    goal: 0.6,
    better: 'lower',
    theirs,
    ours: OWN_COMMITS,
    isConflict: false,
    moreOften: 1,
    pairIn(scene) {
      const { origin, belay, plain } = scene
      let [round, found] = [scene.round(0), '']
      return {
        async prepare(number) {
          round = scene.round(number)
          for (const tree of [belay.tree, plain.tree]) await placeTree(tree, origin, round.ours)
          await origin.moveTo(round.theirs)
          if (!fetches) await knowRemote(scene)
        },
        async ours() {
          found = (await belay.sync({ lastSynced: round.base, knownHead: round.theirs })).case
        },
        async baseline() {
          if (fetches) await plain.git('fetch', '--quiet')
          await plain.git('rebase', '--quiet', '--onto', 'origin/work', round.base, 'work')
          await plain.git('status')
        },
        async check() {
          demandSame('case', found, 'divergence_rebased')
          const heads = await Promise.all(
            [belay.tree, plain.tree].map((tree) => replayed(tree, round.theirs)),
          )
          demandSame('tree after the rebase', heads[0] ?? '', heads[1] ?? '?')
        },
      }
    },
  }
}

/** Returns the tree of the rebased branch, which is clean and has exactly our commits on top of the remote's. */
async function replayed(tree: string, onto: string): Promise<string> {
  await demandCleanAt(tree, await git(tree, 'rev-parse', 'refs/heads/work'))
  demandSame('merge base', await git(tree, 'merge-base', 'HEAD', onto), onto)
  demandSame('own commits', await git(tree, 'rev-list', '--count', `${onto}..HEAD`), `${OWN_COMMITS}`)
  return git(tree, 'rev-parse', 'HEAD^{tree}')
}
