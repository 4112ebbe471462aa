// The error for a file of git's that is not what git writes: half-read, it would look like nothing.

/** Something that is no small regular file lies where git keeps one. */
export class UnexpectedFile extends Error {
  constructor(path: string) {
    super(`${path} is not a small file`)
    this.name = 'UnexpectedFile'
  }
}
