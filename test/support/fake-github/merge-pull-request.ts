// Merging: a real merge commit on the base branch, then the webhooks of a push and of a closed pull request.
import { noreplyAddress } from './people.ts'
import type { Account } from './people.ts'
import type { FakePullRequest } from './pull-request.ts'
import { announceMoves, diffRefs } from './pushes.ts'

/** Returns the tree of the merge, or undefined when head and base conflict. */
export async function mergedTree(pr: FakePullRequest): Promise<string | undefined> {
  const args = ['merge-tree', '--write-tree', '--no-messages', `refs/heads/${pr.baseBranch}`, pr.headSha]
  const output = await pr.repository.git.tryRun(args)
  return output?.split('\n')[0]
}

/** Merges a pull request with a merge commit; throws when it is closed or conflicts. */
export async function mergePullRequest(pr: FakePullRequest, by: Account): Promise<void> {
  const { repository, world } = pr
  const { git } = repository
  await git.exclusively(async () => {
    const tree = await mergedTree(pr)
    if (pr.state === 'closed' || tree === undefined) throw new Error(`#${pr.number} can not be merged.`)
    const before = await git.refs()
    const base = await git.mustResolve(`refs/heads/${pr.baseBranch}`)
    const sha = await git.commit({
      branch: pr.baseBranch,
      parents: [base, pr.headSha],
      tree,
      files: {},
      message: `Merge pull request #${pr.number} from ${pr.headRepository.owner.login}/${pr.headBranch}`,
      author: { name: by.login, email: noreplyAddress(by) },
      atMs: repository.nextCommitMs(),
    })
    pr.mergedAt = world.clock.nowIso()
    pr.mergedBy = by
    pr.mergeCommitSha = sha
    await announceMoves({ repository, moves: diffRefs(before, await git.refs()), pusher: by })
    pr.shut(by)
  })
}
