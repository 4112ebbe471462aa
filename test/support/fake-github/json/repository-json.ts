// How GitHub writes a repository.
import type { FakeRepository } from '../repository.ts'
import { toUserJson } from './user-json.ts'

const apiPaths: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

/** Returns a repository as REST and webhooks write it. */
export function toRepositoryJson(repository: FakeRepository): Record<string, unknown> {
  const { world, fullName, createdAt, pushedAt } = repository
  const url = `${world.links.api}/repos/${fullName}`
  const htmlUrl = `${world.links.html}/${fullName}`
  const openCount = repository.conversations.filter(({ state }) => state === 'open').length
  const links = Object.entries(apiPaths).map(([name, path]): [string, string] => [name, `${url}${path}`])
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullName,
    private: repository.isPrivate,
    owner: toUserJson(world, repository.owner),
    html_url: htmlUrl,
    description: null,
    fork: repository.parent !== undefined,
    url,
    ...Object.fromEntries(links),
    created_at: createdAt,
    updated_at: createdAt,
    pushed_at: pushedAt,
    git_url: `git://${htmlUrl.replace(/^https?:\/\//, '')}.git`,
    ssh_url: `git@${new URL(htmlUrl).hostname}:${fullName}.git`,
    clone_url: repository.cloneUrl,
    svn_url: htmlUrl,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.isArchived,
    disabled: false,
    open_issues_count: openCount,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.isPrivate ? 'private' : 'public',
    forks: 0,
    open_issues: openCount,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  }
}

/** Returns a repository in the short form of installation webhooks. */
export function toShortRepositoryJson(repository: FakeRepository): Record<string, unknown> {
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: repository.fullName,
    private: repository.isPrivate,
  }
}
