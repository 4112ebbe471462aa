// What a pull request reads from git when head or base moved: base, size, and where its threads stand now.
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
  else await git.run(['update-ref', ref, pr.headSha])
  pr.baseSha = (await git.resolve(`refs/heads/${pr.baseBranch}`)) ?? pr.baseSha
  const [commits, diff] = await Promise.all([
    git.tryRun(['rev-list', '--count', `${pr.baseSha}..${pr.headSha}`]),
    git.tryRun(['diff', '--shortstat', `${pr.baseSha}...${pr.headSha}`]),
  ])
  pr.stats = { commits: Number(commits ?? 0), ...parseShortStat(diff ?? '') }
}

/** Moves the threads along with a push from one head to the next; a thread on a changed line becomes outdated. */
export async function moveThreads(pr: FakePullRequest, before: string): Promise<void> {
  if (pr.reviews.threads.length === 0) return
  const args = ['diff', '-U0', '--no-renames', '--no-color', before, pr.headSha]
  pr.reviews.follow(parseReplaced(await pr.repository.git.run(args)))
}

function parseShortStat(text: string): Omit<PullRequestStats, 'commits'> {
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  return {
    changedFiles: count(/(\d+) files? changed/),
    additions: count(/(\d+) insertion/),
    deletions: count(/(\d+) deletion/),
  }
}
