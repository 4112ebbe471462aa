// How a pull request comes into being: the branch must exist and differ from its base.
import { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'

/** A pull request to be opened. */
export interface NewPullRequest {
  readonly by: string
  readonly head: string
  readonly base?: string
  readonly title?: string
  readonly body?: string
  readonly draft?: boolean
  /** The fork that holds the head; default is the repository itself. */
  readonly headRepository?: FakeRepository
}

/** Opens a pull request and sends `pull_request.opened`. */
export async function openPullRequest(
  repository: FakeRepository,
  order: NewPullRequest,
): Promise<FakePullRequest> {
  const { head, base = repository.defaultBranch, headRepository = repository } = order
  const account = repository.reader(order.by)
  const headSha = await headRepository.git.resolve(`refs/heads/${head}`)
  const baseSha = await repository.git.resolve(`refs/heads/${base}`)
  if (headSha === undefined || baseSha === undefined)
    throw new Error(`No branch ${head} or ${base} to compare.`)
  const pr = new FakePullRequest({
    world: repository.world,
    repository,
    number: repository.nextNumber(),
    account,
    title: order.title ?? head,
    body: order.body ?? null,
    headRepository,
    headBranch: head,
    headSha,
    baseBranch: base,
    baseSha,
    isDraft: order.draft ?? false,
  })
  repository.conversations.push(pr)
  await pr.refresh()
  pr.sendEvent('opened', account)
  return pr
}
