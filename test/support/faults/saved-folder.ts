// A folder as it was at one moment, brought back to the same place as often as wanted: worktrees know absolute paths.

import { cp, rm } from 'node:fs/promises'

const EXACTLY = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true } as const

/** A copy beside the folder. */
export class SavedFolder {
  readonly #folder: string
  readonly #copy: string

  private constructor(folder: string, copy: string) {
    this.#folder = folder
    this.#copy = copy
  }

  /** Copies the folder; nobody may write to it meanwhile. */
  static async save(folder: string): Promise<SavedFolder> {
    const copy = `${folder}-saved`
    await cp(folder, copy, EXACTLY)
    return new SavedFolder(folder, copy)
  }

  async restore(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
    await cp(this.#copy, this.#folder, EXACTLY)
  }

  async remove(): Promise<void> {
    for (const folder of [this.#folder, this.#copy])
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
