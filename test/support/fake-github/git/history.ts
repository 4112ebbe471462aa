// Commits and how they hang together, read once each: a commit never changes. Knows no refs and no files.
import type { GitObjects } from './objects.ts'

/** A commit as git wrote it. */
export interface Commit {
  readonly id: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: CommitPerson
  readonly committer: CommitPerson
  readonly message: string
}

/** Who made or wrote a commit, and when: in seconds, and as ISO with the offset of that place. */
export interface CommitPerson {
  readonly name: string
  readonly email: string
  readonly seconds: number
  readonly date: string
}

/** The history of one repository. */
export class GitHistory {
  readonly #objects: GitObjects
  readonly #known = new Map<string, Commit>()

  constructor(objects: GitObjects) {
    this.#objects = objects
  }

  /** Returns the commit with this id, or that a tag with this id stands for; undefined without one. */
  async find(id: string): Promise<Commit | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const found = await this.#objects.read(`${id}^{commit}`)
    if (found === undefined) return undefined
    const commit = parseCommit(found.id, found.bytes)
    if (/^[0-9a-f]{40}$/.test(id)) this.#known.set(id, commit)
    return commit
  }

  /** Returns the commit with this id; throws without one. */
  async commit(id: string): Promise<Commit> {
    const found = await this.find(id)
    if (found === undefined) throw new Error(`No commit ${id}`)
    return found
  }

  /** Returns whether the first commit is in the history of the second; false when either is not there. */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const wanted = (await this.find(ancestor))?.id
    if (wanted === undefined || (await this.find(descendant)) === undefined) return false
    return (await this.#reach([descendant], wanted)).has(wanted)
  }

  /** Returns the commits of one history that are in none of the others, in the order of `git log`: newest first. */
  async since(excluded: readonly string[], tip: string): Promise<readonly Commit[]> {
    const start = await this.commit(tip)
    const hidden = await this.#hidden(excluded, start)
    const found: Commit[] = []
    const seen = new Set([start.id])
    for (let queue = [start]; queue.length > 0;) {
      const [commit, ...others] = queue
      queue = others
      if (commit === undefined || hidden.has(commit.id)) continue
      found.push(commit)
      for (const id of commit.parents.filter((parent) => !seen.has(parent))) {
        seen.add(id)
        const parent = await this.commit(id)
        const place = queue.findIndex((other) => other.committer.seconds < parent.committer.seconds)
        queue.splice(place < 0 ? queue.length : place, 0, parent)
      }
    }
    return found
  }

  /** Returns the newest commit that both histories share and none of their other shared commits leads to, or undefined. */
  async mergeBase(one: string, other: string): Promise<Commit | undefined> {
    if (await this.isAncestor(one, other)) return this.commit(one)
    const ofOne = await this.#reach([one])
    const shared = [...(await this.#reach([other]))].filter((id) => ofOne.has(id))
    const commits = await Promise.all(shared.map((id) => this.commit(id)))
    const behind = await this.#reach(commits.flatMap(({ parents }) => parents))
    const best = commits.filter(({ id }) => !behind.has(id))
    return best.toSorted((a, b) => b.committer.seconds - a.committer.seconds)[0]
  }

  /** Enough of the excluded histories: a chain from the tip to the only excluded commit needs nothing behind that. */
  async #hidden(excluded: readonly string[], start: Commit): Promise<ReadonlySet<string>> {
    const commits = await Promise.all(excluded.map((id) => this.find(id)))
    const ids = commits.flatMap((commit) => (commit === undefined ? [] : [commit.id]))
    const [only, ...more] = ids
    let at = start
    while (more.length === 0 && at.parents.length === 1 && at.id !== only)
      at = await this.commit(at.parents[0] ?? '')
    return more.length === 0 && at.id === only ? new Set(ids) : this.#reach(ids)
  }

  /** Everything in the histories, at least as far as the wanted commit. */
  async #reach(tips: readonly string[], wanted?: string): Promise<ReadonlySet<string>> {
    const seen = new Set<string>()
    let edge = tips
    while (edge.length > 0) {
      const commits = await Promise.all([...new Set(edge)].map((id) => this.commit(id)))
      for (const { id } of commits) seen.add(id)
      if (wanted !== undefined && seen.has(wanted)) break
      edge = commits.flatMap(({ parents }) => parents).filter((id) => !seen.has(id))
    }
    return seen
  }
}

function parseCommit(id: string, bytes: Buffer): Commit {
  const text = bytes.toString()
  const end = text.indexOf('\n\n')
  const lines = text.slice(0, end).split('\n')
  const all = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  return {
    id,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parsePerson(all('author')[0] ?? ''),
    committer: parsePerson(all('committer')[0] ?? ''),
    message: text.slice(end + 2),
  }
}

function parsePerson(line: string): CommitPerson {
  const [, name = '', email = '', seconds = '0', offset = '+0000'] =
    /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(line) ?? []
  const sign = offset.startsWith('-') ? -1 : 1
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3)))
  const local = new Date((Number(seconds) + minutes * 60) * 1000).toISOString().slice(0, 19)
  const date = `${local}${offset.slice(0, 3)}:${offset.slice(3)}`
  return { name, email, seconds: Number(seconds), date }
}
