// What every benchmark of a run starts from, transferred once: the mirror after its first fetch, and a fresh clone.
// Each benchmark works on copies, so that none finds what another left.

import { cp, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder with what was transferred; it is filled by whoever comes first. */
export class StartingPoint {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async make(): Promise<StartingPoint> {
    return new StartingPoint(await realpath(await mkdtemp(join(tmpdir(), 'belay-bench-start-'))))
  }

  /** Copies what is kept under the name to a path; tells whether there was anything. */
  async give(name: string, to: string): Promise<boolean> {
    const from = join(this.#folder, name)
    const isKept = await stat(from).then(
      () => true,
      () => false,
    )
    if (!isKept) return false
    await mkdir(dirname(to), { recursive: true })
    await cp(from, to, { recursive: true })
    return true
  }

  /** Keeps a copy of a folder under the name. */
  async keep(name: string, from: string): Promise<void> {
    await cp(from, join(this.#folder, name), { recursive: true })
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
