// A person with a clone, who moves the branch on the remote. Remembers what the person put there and what the person
// took away, because nobody else may undo either.

import { mkdir } from 'node:fs/promises'
import type { FakeGitHub, FakeRepository } from '../fake-github/index.ts'
import { announceMoves, diffRefs } from '../fake-github/pushes.ts'
import { git, tryGit } from '../temp-repo.ts'
import { changeFiles, type Ink } from './file-changes.ts'
import type { FileChange, RemoteMove } from './operations.ts'
import { answerOf, stage, succeeds } from './own-commits.ts'

export interface MoveOrder {
  readonly move: RemoteMove
  readonly changes: readonly FileChange[]
  readonly depth: number
  readonly isTold: boolean
}

interface Remote {
  readonly repository: FakeRepository
  readonly faults: FakeGitHub['faults']
  readonly branch: string
  readonly clone: string
  /** The session's repository, to take over what the agent did. */
  readonly ownRepository: () => string | null
  readonly ink: Ink
}

const EVERY_DELIVERY = 1000

/** Carol, who may push, with her own clone. */
export class PersonWithClone {
  /** Where the person, or whoever went on from there, last saw the branch; null after a deletion. */
  expected: string | null = null
  /** Whether a deleted branch may be there again. */
  mayComeBack = false
  /** Commits that the person took out of the branch. */
  readonly removed = new Set<string>()
  readonly #remote: Remote

  constructor(remote: Remote) {
    this.#remote = remote
  }

  async clone(): Promise<void> {
    const { clone, repository } = this.#remote
    await mkdir(clone, { recursive: true })
    await git(clone, 'init', '--quiet', '--initial-branch=unused', '.')
    await git(clone, 'remote', 'add', 'origin', repository.git.path)
    await this.seen()
  }

  /** Takes the branch as it is for what the person knows. */
  async seen(): Promise<void> {
    this.expected = await this.tip()
    this.mayComeBack = false
  }

  /** A person asked for it: a branch that is gone may be made again, with everything on it. */
  letBranchComeBack(): void {
    if (this.expected === null) this.mayComeBack = true
    this.removed.clear()
  }

  /** Returns where the branch is on the remote. */
  async tip(): Promise<string | null> {
    const { repository, branch } = this.#remote
    return (await repository.git.resolve(`refs/heads/${branch}`)) ?? null
  }

  /** Returns whether the branch moved. */
  async move(order: MoveOrder): Promise<boolean> {
    const before = await this.tip()
    if (order.move === 'delete') return before !== null && this.#publish(null, order.isTold)
    await this.#catchUp()
    if (!(await this.#change(order))) return false
    const after = await answerOf(this.#remote.clone, ['rev-parse', 'HEAD'])
    return after !== null && after !== before && this.#publish(after, order.isTold)
  }

  /** The clone as it is on the remote; a deleted branch begins again from `main`. */
  async #catchUp(): Promise<void> {
    const { clone, branch } = this.#remote
    await git(clone, 'fetch', '--quiet', '--prune', 'origin', '+refs/heads/*:refs/remotes/origin/*')
    const isThere = await succeeds(clone, ['rev-parse', '--verify', `refs/remotes/origin/${branch}`])
    await git(clone, 'checkout', '--quiet', '--force', '--detach', `origin/${isThere ? branch : 'main'}`)
    await git(clone, 'clean', '--quiet', '-ffdx')
  }

  async #change(order: MoveOrder): Promise<boolean> {
    const { clone, ink } = this.#remote
    const { changes, depth } = order
    const message = ink.next("Carol's commit")
    switch (order.move as Exclude<RemoteMove, 'delete'>) {
      case 'commit':
        return this.#commit(changes, message)
      case 'conflict':
        return this.#conflict(message)
      case 'same_change':
        return this.#takeOver(1)
      case 'all_changes':
        return this.#takeOver(20)
      case 'merge':
        return this.#merge(changes, message)
      case 'rewind':
        return succeeds(clone, ['reset', '--quiet', '--hard', `HEAD~${depth + 1}`])
      case 'amend':
        await stage(clone, await changeFiles(clone, depth === 0 ? [] : changes, ink))
        return succeeds(clone, ['commit', '--quiet', '--amend', '--allow-empty', `--message=${message}`])
      case 'rewrite':
        await succeeds(clone, ['reset', '--quiet', '--hard', `HEAD~${depth + 1}`])
        return this.#commit(changes, message)
      case 'unrelated':
        return (
          (await succeeds(clone, ['checkout', '--quiet', '--orphan', ink.next('root').replace(' ', '-')])) &&
          this.#commit(changes, message)
        )
    }
  }

  async #commit(changes: readonly FileChange[], message: string): Promise<boolean> {
    const { clone, ink } = this.#remote
    await stage(clone, await changeFiles(clone, changes, ink))
    return succeeds(clone, ['commit', '--quiet', `--message=${message}`])
  }

  /** Changes the first file that the agent changed as well. */
  async #conflict(message: string): Promise<boolean> {
    const { clone, ink } = this.#remote
    const own = await this.#fetchOwn()
    const path =
      own === null
        ? null
        : (await answerOf(clone, ['diff', '--name-only', '-z', `HEAD...${own}`]))?.split('\0')[0]
    if (path !== 'a.txt' && path !== 'b.txt')
      return this.#commit([{ kind: 'replace', at: 0, line: 0 }], message)
    await changeFiles(clone, [{ kind: 'replace', at: path === 'a.txt' ? 0 : 1, line: 0 }], ink)
    return succeeds(clone, ['commit', '--quiet', '--all', `--message=${message}`])
  }

  /** Brings the agent's own commits to the remote under other ids. */
  async #takeOver(most: number): Promise<boolean> {
    const { clone } = this.#remote
    const own = await this.#fetchOwn()
    if (own === null) return false
    const commits = (await answerOf(clone, ['rev-list', '--reverse', '--no-merges', `HEAD..${own}`])) ?? ''
    let taken = 0
    for (const commit of commits.split('\n').filter(Boolean).slice(0, most)) {
      // The extra line makes it another commit, whatever the clock says.
      if (!(await succeeds(clone, ['cherry-pick', '-x', '--allow-empty', commit]))) {
        await succeeds(clone, ['cherry-pick', '--abort'])
        break
      }
      taken += 1
    }
    return taken > 0
  }

  async #fetchOwn(): Promise<string | null> {
    const { clone, branch, ownRepository } = this.#remote
    const repository = ownRepository()
    if (repository === null) return null
    const refspec = `+refs/heads/${branch}:refs/own/head`
    if (!(await succeeds(clone, ['fetch', '--quiet', '--no-tags', repository, refspec]))) return null
    return answerOf(clone, ['rev-parse', 'refs/own/head'])
  }

  async #merge(changes: readonly FileChange[], message: string): Promise<boolean> {
    const { clone, ink } = this.#remote
    const before = await git(clone, 'rev-parse', 'HEAD')
    if (!(await this.#commit(changes, message))) return false
    const side = await git(clone, 'rev-parse', 'HEAD')
    await git(clone, 'checkout', '--quiet', '--force', '--detach', before)
    await succeeds(clone, ['commit', '--quiet', '--allow-empty', `--message=${ink.next('Front')}`])
    return succeeds(clone, ['merge', '--quiet', '--no-ff', `--message=${ink.next('Join')}`, side])
  }

  /** Straight into the bare repository, so that no hook of a test stands in a person's way. */
  async #publish(after: string | null, isTold: boolean): Promise<boolean> {
    const { repository, branch, clone, faults } = this.#remote
    const ref = `refs/heads/${branch}`
    await repository.git.exclusively(async () => {
      const refs = await repository.git.refs()
      const before = refs.get(ref) ?? null
      if (after === null) await repository.git.run(['update-ref', '-d', ref])
      else await repository.git.run(['fetch', '--quiet', '--no-auto-gc', clone, `+${after}:${ref}`])
      await this.#remember(before, after)
      // The host knows of the move in any case; only its word may be lost.
      if (!isTold) faults.drop({ times: EVERY_DELIVERY })
      const moves = diffRefs(refs, await repository.git.refs())
      await announceMoves({ repository, moves, pusher: repository.writer('carol') })
      if (!isTold) faults.clear()
    })
    this.expected = after
    return true
  }

  async #remember(before: string | null, after: string | null): Promise<void> {
    if (before === null) return
    const gone = await this.#revisions([before, ...(after === null ? [] : [`^${after}`])])
    for (const commit of gone) this.removed.add(commit)
    if (after === null) return
    for (const commit of await this.#revisions([after])) this.removed.delete(commit)
  }

  async #revisions(range: readonly string[]): Promise<readonly string[]> {
    const { repository } = this.#remote
    const { stdout } = await tryGit({
      cwd: repository.git.path,
      args: ['rev-list', ...range, '--not', 'refs/heads/main'],
    })
    return stdout.toString().split('\n').filter(Boolean)
  }
}
