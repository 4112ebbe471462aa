// How GitHub writes an issue; a pull request is written as an issue, too, with a link to itself.
import type { Conversation } from '../conversation.ts'
import { toLabelJson } from './label-json.ts'
import { toReactionRollupJson } from './reaction-json.ts'
import { toAuthorAssociation, toUserJson } from './user-json.ts'

/** Returns an issue, or the issue side of a pull request. */
export function toIssueJson(conversation: Conversation): Record<string, unknown> {
  const { world, repository, number } = conversation
  const base = `${world.links.api}/repos/${repository.fullName}`
  const url = `${base}/issues/${number}`
  return {
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: toHtmlUrl(conversation),
    id: conversation.id,
    node_id: conversation.nodeId,
    number,
    title: conversation.title,
    user: toUserJson(world, conversation.account),
    labels: conversation.labels.map((label) => toLabelJson(repository, label)),
    state: conversation.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: conversation.comments.length,
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
    closed_at: conversation.closedAt,
    author_association: toAuthorAssociation(repository, conversation.account),
    active_lock_reason: null,
    draft: conversation.isDraft,
    ...(conversation.kind === 'pull_request' && { pull_request: toPullRequestLinks(conversation) }),
    body: conversation.body,
    reactions: toReactionRollupJson(url, conversation.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  }
}

/** Returns the address of the page of an issue or pull request. */
export function toHtmlUrl({ world, repository, kind, number }: Conversation): string {
  return `${world.links.html}/${repository.fullName}/${kind === 'issue' ? 'issues' : 'pull'}/${number}`
}

function toPullRequestLinks(pr: Conversation): Record<string, unknown> {
  const html = toHtmlUrl(pr)
  return {
    url: `${pr.world.links.api}/repos/${pr.repository.fullName}/pulls/${pr.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: pr.mergedAt,
  }
}
