// The commits of a pull request as a connection. The last one is the head, which is known without asking git.
import type { FakePullRequest } from '../pull-request.ts'
import type { Ask } from './ask.ts'
import { toCommitNode } from './commit-node.ts'
import { toConnection } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toConversationNode } from './conversation-nodes.ts'

interface Place {
  readonly id: number
}

/** Returns the commits from the base to the head, oldest first. */
export function listCommits(ask: Ask, pr: FakePullRequest, args: Arguments): object {
  const count = pr.stats.commits
  const items = Array.from({ length: count }, (_, index): Place => ({ id: index + 1 }))
  let reading: Promise<readonly string[]> | undefined
  const shaOf = async ({ id }: Place): Promise<string> => {
    if (id === count) return pr.headSha
    reading ??= readCommits(pr)
    return (await reading)[id - 1] ?? pr.headSha
  }
  const url = `${ask.world.links.html}/${pr.repository.fullName}/pull/${pr.number}/commits`
  const toNode = (place: Place): object => ({
    __typename: 'PullRequestCommit',
    id: `PRC_${pr.id}_${place.id}`,
    url,
    commit: async () => toCommitNode(ask, pr.repository, await shaOf(place)),
    pullRequest: () => toConversationNode(ask, pr),
  })
  return toConnection({ items, args, toNode })
}

async function readCommits({ repository, baseSha, headSha }: FakePullRequest): Promise<readonly string[]> {
  const commits = await repository.git.history.since([baseSha], headSha)
  return commits.map(({ id }) => id).toReversed()
}
