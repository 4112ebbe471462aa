// The `push` webhook: one moved branch or tag with the commits that came with it.
import type { Commit } from '../git/history.ts'
import { noreplyAddress } from '../people.ts'
import type { Account } from '../people.ts'
import type { RefMove } from '../pushes.ts'
import type { FakeRepository } from '../repository.ts'

/** A moved ref and who moved it. */
export interface PushFacts {
  readonly repository: FakeRepository
  readonly move: RefMove
  readonly pusher: Account
}

const noCommit = '0'.repeat(40)
/** GitHub sends up to 2048 commits; a test that needs more than these needs another fake. */
const mostCommits = 200

/** Returns the payload of a push, read from git, without repository, sender and installation. */
export async function toPushEvent({ repository, move, pusher }: PushFacts): Promise<Record<string, unknown>> {
  const { git, world, fullName } = repository
  const { ref, before, after } = move
  const [isRewrite, commits, head] = await Promise.all([
    before !== undefined && after !== undefined && git.isAncestor(before, after).then((isKept) => !isKept),
    after === undefined || !ref.startsWith('refs/heads/') ? [] : listCommits(repository, { ...move, after }),
    after === undefined ? undefined : git.history.find(after),
  ])
  const shown =
    before === undefined || after === undefined ? '' : `${before.slice(0, 12)}...${after.slice(0, 12)}`
  return {
    ref,
    before: before ?? noCommit,
    after: after ?? noCommit,
    pusher: { name: pusher.login, email: noreplyAddress(pusher) },
    created: before === undefined,
    deleted: after === undefined,
    forced: isRewrite,
    base_ref: null,
    compare: `${world.links.html}/${fullName}/compare/${shown || ref.replace(/^refs\/(heads|tags)\//, '')}`,
    commits: await Promise.all(commits.map((commit) => toCommitJson(repository, commit))),
    head_commit: head === undefined ? null : await toCommitJson(repository, head),
  }
}

/** Oldest first; of a new branch only what no other branch has. */
async function listCommits(
  { git }: FakeRepository,
  { ref, before, after }: RefMove & { readonly after: string },
): Promise<readonly Commit[]> {
  const others = async (): Promise<readonly string[]> =>
    [...(await git.refs())].flatMap(([name, id]) =>
      name.startsWith('refs/heads/') && name !== ref ? [id] : [],
    )
  const found = await git.history.since(before === undefined ? await others() : [before], after)
  return found.slice(0, mostCommits).toReversed()
}

async function toCommitJson(
  { git, world, fullName }: FakeRepository,
  { id, tree, parents, author, message }: Commit,
): Promise<Record<string, unknown>> {
  const { name, email, date } = author
  const username = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1]
  const person = { name, email, ...(username !== undefined && { username }) }
  const [parent, ...more] = parents
  const parentTree = parent === undefined ? undefined : (await git.history.commit(parent)).tree
  // As `git log` shows it: a merge changes nothing of its own.
  const { added, removed, modified } = await git.changes.between(more.length > 0 ? tree : parentTree, tree)
  return {
    id,
    tree_id: tree,
    distinct: true,
    message: message.trimEnd(),
    timestamp: date,
    url: `${world.links.html}/${fullName}/commit/${id}`,
    author: person,
    committer: person,
    added,
    removed,
    modified,
  }
}
