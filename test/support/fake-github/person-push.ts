// A push made by a person: straight into the bare repository (no hooks run), fast-forward unless forced, then announced.
import type { FileChanges } from './bare-git.ts'
import { noreplyAddress } from './people.ts'
import type { Account } from './people.ts'
import { announceMoves, diffRefs } from './pushes.ts'
import type { FakeRepository } from './repository.ts'

/** What a person pushes to one branch. */
export interface PersonPush {
  readonly by: string
  readonly branch: string
  readonly files?: FileChanges
  readonly message?: string
  /** Replaces the last commit of the branch instead of adding one. */
  readonly amend?: boolean
  /** Allows a move that throws commits away. */
  readonly force?: boolean
  /** Deletes the branch. */
  readonly delete?: boolean
  /** What the new commit stands on, any revision; default is the branch, or the default branch for a new one. */
  readonly onto?: string
  /** Puts the branch on an existing revision, without a new commit. */
  readonly to?: string
}

/** Pushes in the name of a person; returns the commit the branch is on, or undefined after a deletion. */
export async function pushAsPerson(
  repository: FakeRepository,
  order: PersonPush,
): Promise<string | undefined> {
  const pusher = repository.writer(order.by)
  const { git } = repository
  return git.exclusively(async () => {
    const before = await git.refs()
    const head = before.get(`refs/heads/${order.branch}`)
    if (order.delete) await git.deleteRef(`refs/heads/${order.branch}`)
    else if (order.to !== undefined) await moveBranch(repository, order, order.to)
    else await commitOn(repository, order, { pusher, head })
    const after = await git.refs()
    await announceMoves({ repository, moves: diffRefs(before, after), pusher })
    return after.get(`refs/heads/${order.branch}`)
  })
}

async function moveBranch(repository: FakeRepository, order: PersonPush, to: string): Promise<void> {
  const target = await mustResolve(repository, to)
  await refuseLoss(repository, order, target)
  await repository.git.setRef(`refs/heads/${order.branch}`, target)
}

async function commitOn(
  repository: FakeRepository,
  order: PersonPush,
  { pusher, head }: { pusher: Account; head: string | undefined },
): Promise<void> {
  const { git } = repository
  const base = await mustResolve(repository, order.onto ?? head ?? repository.defaultBranch)
  if (!order.amend) await refuseLoss(repository, order, base)
  const amended = order.amend ? await git.history.commit(base) : undefined
  await git.commit({
    branch: order.branch,
    parents: amended?.parents ?? [base],
    ...(amended && { tree: amended.tree }),
    files: order.files ?? {},
    message:
      order.message ?? amended?.message.trimEnd() ?? `Change ${Object.keys(order.files ?? {}).join(', ')}`,
    author: { name: pusher.login, email: noreplyAddress(pusher) },
    atMs: repository.nextCommitMs(),
  })
}

async function refuseLoss(repository: FakeRepository, order: PersonPush, target: string): Promise<void> {
  const head = await repository.git.resolve(`refs/heads/${order.branch}`)
  if (order.force || head === undefined || (await repository.git.isAncestor(head, target))) return
  throw new Error(`The push to ${order.branch} is not a fast-forward; say force: true.`)
}

async function mustResolve(repository: FakeRepository, revision: string): Promise<string> {
  const sha = await repository.git.resolve(revision)
  if (sha === undefined) throw new Error(`${repository.fullName} has no revision ${revision}.`)
  return sha
}
