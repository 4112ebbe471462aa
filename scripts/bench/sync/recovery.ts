// Our commits conflict with the remote's, and the worktree is dirty: everything is saved, then index, files and branch
// become the remote's.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from '../../../test/support/temp-repo.ts'
import { knowRemote } from './know-remote.ts'
import { placeTree } from './plain-side.ts'
import { demandCleanAt, demandSame, type SyncBenchmark } from './scene.ts'

const [UNSTAGED, STAGED, UNTRACKED] = [20, 10, 10]
const BACKUP = 'refs/backup/'

/** A recovery; `remote` makes the fetch, and the push of what was saved, part of both sides. */
export function recovery({ remote }: { readonly remote: boolean }): SyncBenchmark {
  const save = 'git stash create && git update-ref'
  return {
    name: remote ? 'recovery-with-fetch-and-push' : 'recovery',
    against: `${remote ? `git fetch && ${save} && git push` : save} && git reset --hard origin/work, in an ordinary clone`,
    goal: 2,
    better: 'lower',
    theirs: 10,
    ours: 3,
    isConflict: true,
    moreOften: 1,
    pairIn(scene) {
      const { origin, belay, plain } = scene
      let [round, number, found, pin, dirty] = [scene.round(0), 0, '', '', '']
      return {
        async prepare(now) {
          number = now
          round = scene.round(number)
          for (const tree of [belay.tree, plain.tree]) {
            await placeTree(tree, origin, round.ours)
            dirty = await makeDirty(tree, number)
          }
          await origin.moveTo(round.theirs)
          if (!remote) await knowRemote(scene)
        },
        async ours() {
          const order = { lastSynced: round.base, knownHead: round.theirs, pushPin: remote }
          const end = await belay.sync(order)
          found = end.case
          pin = end.pin
        },
        async baseline() {
          if (remote) await plain.git('fetch', '--quiet')
          const saved = await plain.git('stash', 'create')
          await plain.git('update-ref', `${BACKUP}${number}`, saved)
          if (remote) await plain.git('push', '--quiet', 'origin', `${BACKUP}${number}`)
          await plain.git('reset', '--quiet', '--hard', 'origin/work')
        },
        async check() {
          demandSame('case', found, 'divergence_recovered_via_reset')
          await demandCleanAt(belay.tree, round.theirs)
          await demandCleanAt(plain.tree, round.theirs)
          demandSame('pinned head', await git(belay.mirror, 'rev-parse', `${pin}/head`), round.ours)
          const last = `${dirty}\n${textOf(number)}`
          demandSame(
            'pinned file',
            `${dirty}\n${await git(belay.mirror, 'cat-file', 'blob', `${pin}/worktree:${dirty}`)}\n`,
            last,
          )
          if (remote) {
            demandSame('pushed pin', await git(origin.path, 'rev-parse', `${pin}/head`), round.ours)
            await git(origin.path, 'rev-parse', '--verify', `${BACKUP}${number}`)
          }
        },
      }
    },
  }
}

/** Changes tracked files, stages some of it, adds untracked ones; returns the last untracked path. */
async function makeDirty(tree: string, round: number): Promise<string> {
  const listed = (await git(tree, 'ls-files', 'areas')).split('\n')
  // Spread over the whole tree, and not where the round's commits are likely to be.
  const stride = Math.floor(listed.length / (UNSTAGED + STAGED))
  const tracked = Array.from({ length: UNSTAGED + STAGED }, (_, index) => listed[index * stride] ?? '')
  for (const path of tracked) {
    const before = await readFile(join(tree, path), 'utf8')
    await writeFile(join(tree, path), `${before}edited in round ${round}\n`)
  }
  await git(tree, 'add', '--', ...tracked.slice(0, STAGED))
  const untracked = Array.from({ length: UNTRACKED }, (_, index) => `notes/round-${round}/note-${index}.txt`)
  for (const path of untracked) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), textOf(round))
  }
  return untracked.at(-1) ?? ''
}

function textOf(round: number): string {
  return `A note of round ${round}\n`
}
