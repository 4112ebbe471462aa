// What a pull request reads from git when head or base moved: base, size, and where its threads stand now.
import type { BareGit } from './bare-git.ts'
import type { FakePullRequest } from './pull-request.ts'
import { parseReplaced } from './review-thread.ts'

/** The size of a pull request. */
export interface PullRequestStats {
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
}

/** Reads base and size from git again and keeps `refs/pull/<n>/head` on the head. */
export async function refreshPullRequest(pr: FakePullRequest): Promise<void> {
  const { git } = pr.repository
  const ref = `refs/pull/${pr.number}/head`
  if (pr.isCrossRepository) await git.fetchFrom(pr.headRepository.git, `+${pr.headSha}:${ref}`)
  else await git.setRef(ref, pr.headSha)
  pr.baseSha = (await git.resolve(`refs/heads/${pr.baseBranch}`)) ?? pr.baseSha
  pr.stats = await readStats(git, pr)
}

async function readStats(git: BareGit, { baseSha, headSha }: FakePullRequest): Promise<PullRequestStats> {
  const { length: commits } = await git.history.since([baseSha], headSha)
  const base = await git.history.mergeBase(baseSha, headSha)
  if (base === undefined) return { commits, additions: 0, deletions: 0, changedFiles: 0 }
  const head = await git.history.commit(headSha)
  const { additions, deletions, changedFiles } = await git.changes.between(base.tree, head.tree)
  return { commits, additions, deletions, changedFiles }
}

/** Moves the threads along with a push from one head to the next; a thread on a changed line becomes outdated. */
export async function moveThreads(pr: FakePullRequest, before: string): Promise<void> {
  if (pr.reviews.threads.length === 0) return
  const args = ['diff', '-U0', '--no-renames', '--no-color', before, pr.headSha]
  pr.reviews.follow(parseReplaced(await pr.repository.git.run(args)))
}
