// Whether head and base of a pull request merge, asked of git lazily, as GitHub does: after every move of either branch
// the first question is answered with "unknown", the next with what git says.
import { merges } from './merge-checks.ts'
import type { FakePullRequest } from './pull-request.ts'

/** GraphQL's names; `UNKNOWN` means "ask again". */
export type Mergeable = 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN'

/** The mergeability of one pull request. */
export class Mergeability {
  readonly #pr: FakePullRequest
  #wasAsked = false
  #known: Promise<Mergeable> | undefined

  constructor(pr: FakePullRequest) {
    this.#pr = pr
  }

  /** Forgets the answer, because head or base moved. */
  forget(): void {
    this.#wasAsked = false
    this.#known = undefined
  }

  /** Answers one call; a closed pull request keeps being unknown. */
  async ask(): Promise<Mergeable> {
    if (this.#pr.state === 'closed') return 'UNKNOWN'
    const isFirst = !this.#wasAsked
    this.#wasAsked = true
    return isFirst ? 'UNKNOWN' : this.known()
  }

  /** Returns what git says now, without the delay. */
  known(): Promise<Mergeable> {
    this.#known ??= this.#compute()
    return this.#known
  }

  async #compute(): Promise<Mergeable> {
    const { repository, baseBranch, headSha } = this.#pr
    return (await merges(repository.git, `refs/heads/${baseBranch}`, headSha)) ? 'MERGEABLE' : 'CONFLICTING'
  }
}
