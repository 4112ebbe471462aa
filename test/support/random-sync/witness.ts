// Sees everything that exists before the program acts, and asks the separate judge afterwards whether all of it is still
// in a safe place. Plain git only; knows nothing of the program but where it keeps its repositories.

import { access } from 'node:fs/promises'
import { judgeLosses, type SafePlaces } from '../losses/checker.ts'
import { plainGitLines } from '../losses/plain-git.ts'
import { LossRecorder } from '../losses/recorder.ts'
import { renderVerdict } from '../losses/render-verdict.ts'
import type { WorktreePlaces } from './worktree-states.ts'

export interface WitnessedPlaces {
  readonly origin: string
  readonly mirror: string
  /** Null as long as there is no session. */
  readonly worktree: WorktreePlaces | null
}

/** One look before an act of the program, and the judgement after it. */
export class Witness {
  readonly #places: WitnessedPlaces
  readonly #recorder = new LossRecorder(null)

  constructor(places: WitnessedPlaces) {
    this.#places = places
  }

  /** Notes what exists now; again when somebody else works meanwhile. */
  async look(label: string): Promise<void> {
    const { origin, worktree } = this.#places
    const isThere = worktree !== null && (await exists(worktree.gitDir))
    await this.#recorder.record(label, {
      origin,
      ...(isThere
        ? { sessionRepository: worktree.repository, worktree: worktree.tree, worktreeGitDir: worktree.gitDir }
        : {}),
    })
  }

  /** Lets somebody write in the worktree; what they write over themselves nobody has lost. */
  async whileSomebodyWrites(tree: string, write: () => Promise<unknown>): Promise<void> {
    await this.#recorder.whileSomebodyWrites(tree, write)
  }

  /** Returns what was lost, in words; nothing when all is well. */
  async losses(): Promise<readonly string[]> {
    const { origin, mirror, worktree } = this.#places
    const isThere = worktree !== null && (await exists(worktree.gitDir))
    const places: SafePlaces = {
      origin,
      mirror: (await exists(mirror)) ? mirror : null,
      worktree: isThere ? worktree.tree : null,
      ...(isThere ? { worktreeGitDir: worktree.gitDir, sessionRefs: worktree.repository } : {}),
    }
    const verdict = await judgeLosses(this.#recorder.manifest, places, { names: 'none' })
    if (verdict.isGood) return []
    return [renderVerdict(await judgeLosses(this.#recorder.manifest, places))]
  }
}

/** Returns every pin of the mirror with its object. */
export async function listPins(mirror: string): Promise<ReadonlyMap<string, string>> {
  if (!(await exists(mirror))) return new Map()
  const format = '--format=%(objectname) %(refname)'
  const lines = await plainGitLines(mirror, ['for-each-ref', format, 'refs/belay/backup/'])
  return new Map(lines.map((line): [string, string] => [line.slice(41), line.slice(0, 40)]))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
