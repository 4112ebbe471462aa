// The merge queue's own branch: a merge of a pull request with its base, to be checked before the base moves.
// Knows nothing of places in the queue.
import { toIso } from './clock.ts'
import { mergedTree } from './merge-pull-request.ts'
import { noreplyAddress } from './people.ts'
import type { Account } from './people.ts'
import type { FakePullRequest } from './pull-request.ts'
import { announceMoves, diffRefs } from './pushes.ts'

/** A group of the merge queue: one pull request on top of its base. */
export interface MergeGroup {
  readonly headRef: string
  readonly headSha: string
  readonly baseRef: string
  readonly baseSha: string
  /** The merge commit as webhooks write it. */
  readonly headCommit: Readonly<Record<string, unknown>>
}

/** Why a group ended. */
export type MergeGroupEnd = 'merged' | 'invalidated' | 'dequeued'

/** Builds the group of a pull request and sends `merge_group.checks_requested`; throws when it conflicts. */
export async function requestMergeGroup(pr: FakePullRequest, by: string): Promise<MergeGroup> {
  const { repository, world } = pr
  const { git } = repository
  const sender = world.people.person(by)
  return git.exclusively(async () => {
    const tree = await mergedTree(pr)
    if (tree === undefined) throw new Error(`#${pr.number} conflicts with ${pr.baseBranch}.`)
    const before = await git.refs()
    const baseRef = `refs/heads/${pr.baseBranch}`
    const baseSha = await git.mustResolve(baseRef)
    const branch = `gh-readonly-queue/${pr.baseBranch}/pr-${pr.number}-${baseSha}`
    const message = `Merge pull request #${pr.number} from ${pr.headRepository.owner.login}/${pr.headBranch}`
    const atMs = repository.nextCommitMs()
    const author = { name: sender.login, email: noreplyAddress(sender) }
    const parents = [baseSha, pr.headSha]
    const headSha = await git.commit({ branch, parents, tree, files: {}, message, author, atMs })
    await announceMoves({ repository, moves: diffRefs(before, await git.refs()), pusher: sender })
    const headCommit = {
      id: headSha,
      tree_id: tree,
      message,
      timestamp: toIso(atMs),
      author,
      committer: author,
    }
    const group = { headRef: `refs/heads/${branch}`, headSha, baseRef, baseSha, headCommit }
    send(pr, sender, { action: 'checks_requested', merge_group: toJson(group) })
    return group
  })
}

/** Removes the group's branch and sends `merge_group.destroyed`. */
export async function destroyMergeGroup(
  pr: FakePullRequest,
  group: MergeGroup,
  { by, reason }: { readonly by: string; readonly reason: MergeGroupEnd },
): Promise<void> {
  const { repository, world } = pr
  const { git } = repository
  const sender = world.people.person(by)
  await git.exclusively(async () => {
    const before = await git.refs()
    await git.run(['update-ref', '-d', group.headRef, group.headSha])
    await announceMoves({ repository, moves: diffRefs(before, await git.refs()), pusher: sender })
  })
  send(pr, sender, { action: 'destroyed', reason, merge_group: toJson(group) })
}

function toJson({ headSha, headRef, baseSha, baseRef, headCommit }: MergeGroup): Record<string, unknown> {
  return {
    head_sha: headSha,
    head_ref: headRef,
    base_sha: baseSha,
    base_ref: baseRef,
    head_commit: headCommit,
  }
}

function send(pr: FakePullRequest, sender: Account, payload: Readonly<Record<string, unknown>>): void {
  pr.repository.send({ event: 'merge_group', payload, sender })
}
