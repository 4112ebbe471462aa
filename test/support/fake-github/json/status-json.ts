// How GitHub writes a commit status, the combined status of a commit, and the `status` webhook.
import type { CommitStatus } from '../commit-statuses.ts'
import { noreplyAddress } from '../people.ts'
import type { FakeRepository } from '../repository.ts'
import { toRepositoryJson } from './repository-json.ts'
import { toUserJson } from './user-json.ts'

/** Returns one status as REST writes it. */
export function toStatusJson(repository: FakeRepository, status: CommitStatus): Record<string, unknown> {
  const { world } = repository
  return {
    url: `${toRepositoryUrl(repository)}/statuses/${status.sha}`,
    avatar_url: `${world.links.html}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: toUserJson(world, status.creator),
  }
}

/** Returns the combined status of a commit: the newest of each context. */
export function toCombinedStatusJson(repository: FakeRepository, sha: string): Record<string, unknown> {
  const newest = repository.statuses.newest(sha)
  return {
    state: combine(newest),
    statuses: newest.map((status) => toStatusJson(repository, status)),
    sha,
    total_count: newest.length,
    repository: toRepositoryJson(repository),
    commit_url: `${toRepositoryUrl(repository)}/commits/${sha}`,
    url: `${toRepositoryUrl(repository)}/commits/${sha}/status`,
  }
}

/** Returns the payload of `status` without repository, sender and installation; reads the commit from git. */
export async function toStatusEvent(
  repository: FakeRepository,
  status: CommitStatus,
): Promise<Record<string, unknown>> {
  const { sha } = status
  const refs = await repository.git.refs()
  const branches = [...refs].filter(([ref, oid]) => ref.startsWith('refs/heads/') && oid === sha)
  return {
    id: status.id,
    sha,
    name: repository.fullName,
    avatar_url: `${repository.world.links.html}/avatars/u/${status.creator.id}`,
    target_url: status.targetUrl,
    context: status.context,
    description: status.description,
    state: status.state,
    commit: await toCommitJson(repository, sha),
    branches: branches.map(([ref]) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha, url: `${toRepositoryUrl(repository)}/commits/${sha}` },
      protected: false,
    })),
    created_at: toOffsetTime(status.createdAt),
    updated_at: toOffsetTime(status.createdAt),
  }
}

function combine(statuses: readonly CommitStatus[]): string {
  const states = new Set(statuses.map(({ state }) => state))
  if (states.has('error') || states.has('failure')) return 'failure'
  return states.has('pending') || states.size === 0 ? 'pending' : 'success'
}

async function toCommitJson(repository: FakeRepository, sha: string): Promise<Record<string, unknown>> {
  const { git, owner, world } = repository
  const { tree, parents, author, message } = await git.history.commit(sha)
  const { name, email, date } = author
  const api = toRepositoryUrl(repository)
  const html = `${world.links.html}/${repository.fullName}/commit`
  const person = { name, email, date }
  const user = noreplyAddress(owner) === email ? owner : (world.people.find(name) ?? owner)
  const verification = { verified: false, reason: 'unsigned', signature: null, payload: null }
  return {
    sha,
    node_id: `C_${sha}`,
    commit: {
      author: person,
      committer: person,
      message: message.trimEnd(),
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification,
    },
    url: `${api}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    author: toUserJson(world, user),
    committer: toUserJson(world, user),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${html}/${parent}`,
    })),
  }
}

function toRepositoryUrl({ world, fullName }: FakeRepository): string {
  return `${world.links.api}/repos/${fullName}`
}

// In this webhook, unlike everywhere else, times carry an offset.
function toOffsetTime(iso: string): string {
  return iso.replace('Z', '+00:00')
}
