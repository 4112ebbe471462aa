// How GitHub writes a pull request: fully, or in the shorter form of lists and review webhooks.
import type { FakePullRequest } from '../pull-request.ts'
import type { FakeRepository } from '../repository.ts'
import { toHtmlUrl } from './issue-json.ts'
import { toLabelJson } from './label-json.ts'
import { toRepositoryJson } from './repository-json.ts'
import { toAuthorAssociation, toUserJson } from './user-json.ts'

/** Returns a pull request; `list` leaves out what lists leave out. */
export function toPullRequestJson(
  pr: FakePullRequest,
  form: 'full' | 'list' = 'full',
): Record<string, unknown> {
  const { world, repository } = pr
  const links = toLinks(pr)
  return {
    url: links['self'],
    id: pr.id,
    node_id: pr.nodeId,
    html_url: links['html'],
    diff_url: `${toHtmlUrl(pr)}.diff`,
    patch_url: `${toHtmlUrl(pr)}.patch`,
    issue_url: links['issue'],
    number: pr.number,
    state: pr.state,
    locked: false,
    title: pr.title,
    user: toUserJson(world, pr.account),
    body: pr.body,
    created_at: pr.createdAt,
    updated_at: pr.updatedAt,
    closed_at: pr.closedAt,
    merged_at: pr.mergedAt,
    merge_commit_sha: pr.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pr.labels.map((label) => toLabelJson(repository, label)),
    milestone: null,
    draft: pr.isDraft,
    commits_url: links['commits'],
    review_comments_url: links['review_comments'],
    review_comment_url: links['review_comment'],
    comments_url: links['comments'],
    statuses_url: links['statuses'],
    head: toSide(pr.headRepository, pr.headBranch, pr.headSha),
    base: toSide(repository, pr.baseBranch, pr.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: toAuthorAssociation(repository, pr.account),
    auto_merge: toAutoMerge(pr),
    active_lock_reason: null,
    ...(form === 'full' && toFullPart(pr)),
  }
}

function toFullPart(pr: FakePullRequest): Record<string, unknown> {
  return {
    merged: pr.mergedAt !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: pr.mergedBy === null ? null : toUserJson(pr.world, pr.mergedBy),
    comments: pr.comments.length,
    review_comments: pr.reviews.comments.length,
    maintainer_can_modify: false,
    commits: pr.stats.commits,
    additions: pr.stats.additions,
    deletions: pr.stats.deletions,
    changed_files: pr.stats.changedFiles,
  }
}

function toSide(repository: FakeRepository, ref: string, sha: string): Record<string, unknown> {
  const { owner, world } = repository
  const user = toUserJson(world, owner)
  const repo = repository.isDeleted ? null : toRepositoryJson(repository)
  return { label: `${owner.login}:${ref}`, ref, sha, user, repo }
}

function toAutoMerge({ world, autoMerge, title }: FakePullRequest): Record<string, unknown> | null {
  if (autoMerge === null) return null
  const { by, method } = autoMerge
  const enabled_by = toUserJson(world, by)
  return { enabled_by, merge_method: method, commit_title: title, commit_message: '' }
}

function toLinks(pr: FakePullRequest): Record<string, string> {
  const base = `${pr.world.links.api}/repos/${pr.repository.fullName}`
  const self = `${base}/pulls/${pr.number}`
  const issue = `${base}/issues/${pr.number}`
  return {
    self,
    html: toHtmlUrl(pr),
    issue,
    comments: `${issue}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${base}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${base}/statuses/${pr.headSha}`,
  }
}
