// What differs between two trees, asked of one git process that stays. Knows no commits.
import { LastingGit } from './lasting-git.ts'

/** Files that differ, by path, as git quotes them, and the lines in them; a renamed file was removed and added. */
export interface TreeChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly modified: readonly string[]
  readonly additions: number
  readonly deletions: number
  /** A renamed file counts once. */
  readonly changedFiles: number
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
// Git repeats a line that names no object and empties its buffer then. No path ends with a tab: git would quote it.
const mark = '\tthat was all\t\n'

/** The differences between trees of one repository. */
export class GitChanges {
  readonly #differ: LastingGit
  readonly #known = new Map<string, Promise<TreeChanges>>()

  /** The path is the git directory. */
  constructor(path: string) {
    this.#differ = new LastingGit(path, ['diff-tree', '--stdin', '-r', '-M', '--raw', '--numstat'])
  }

  /** Returns what a tree changes in another, or in none. */
  between(before: string | undefined, after: string): Promise<TreeChanges> {
    const question = `${before ?? emptyTree} ${after}\n`
    const known = this.#known.get(question) ?? this.#ask(question)
    this.#known.set(question, known)
    return known
  }

  /** Ends the process. */
  close(): Promise<void> {
    return this.#differ.close()
  }

  async #ask(question: string): Promise<TreeChanges> {
    const text = await this.#differ.ask(`${question}${mark}`, (bytes) => {
      const at = bytes.indexOf(mark)
      return at < 0
        ? { needs: bytes.length + 1 }
        : { answer: bytes.toString('utf8', 0, at), end: at + mark.length }
    })
    return parse(text.split('\n'))
  }
}

// `:<modes and ids> <letter><score>\t<path>[\t<new path>]`, and `<added>\t<deleted>\t<path>` with `-` for no text.
function parse(lines: readonly string[]): TreeChanges {
  const rows = lines.filter((line) => line.startsWith(':')).map((line) => line.split('\t'))
  const counts = lines.filter((line) => /^(\d+|-)\t(\d+|-)\t/.test(line)).map((line) => line.split('\t'))
  const paths = (letter: string, part: number): string[] =>
    rows.filter(([head]) => head?.split(' ').at(-1)?.startsWith(letter)).map((row) => row[part] ?? '')
  const sum = (part: number): number =>
    counts.reduce((total, row) => total + (Number.parseInt(row[part] ?? '', 10) || 0), 0)
  const [added, removed] = [paths('A', 1), paths('D', 1)]
  const [to, from] = [paths('R', 2), paths('R', 1)]
  return {
    added: to.length > 0 ? [...added, ...to].toSorted() : added,
    removed: from.length > 0 ? [...removed, ...from].toSorted() : removed,
    modified: paths('M', 1),
    additions: sum(0),
    deletions: sum(1),
    changedFiles: counts.length,
  }
}
