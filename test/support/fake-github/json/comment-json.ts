// How GitHub writes a comment of a conversation.
import type { IssueComment } from '../conversation.ts'
import { toAppJson } from './app-json.ts'
import { toHtmlUrl, toIssueJson } from './issue-json.ts'
import { toReactionRollupJson } from './reaction-json.ts'
import { toAuthorAssociation, toUserJson } from './user-json.ts'

/** Returns a comment of an issue or pull request. */
export function toCommentJson(comment: IssueComment): Record<string, unknown> {
  const { conversation, id } = comment
  const { world, repository } = conversation
  const base = `${world.links.api}/repos/${repository.fullName}/issues`
  const url = `${base}/comments/${id}`
  return {
    url,
    html_url: `${toHtmlUrl(conversation)}#issuecomment-${id}`,
    issue_url: `${base}/${conversation.number}`,
    id,
    node_id: comment.nodeId,
    user: toUserJson(world, comment.account),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: toAuthorAssociation(repository, comment.account),
    body: comment.body,
    reactions: toReactionRollupJson(url, comment.reactions),
    performed_via_github_app: comment.account === world.app.bot ? toAppJson(world, world.app) : null,
  }
}

/** Returns the part of an `issue_comment` webhook that tells which comment on which issue. */
export function toCommentEvent(comment: IssueComment): Record<string, unknown> {
  return { issue: toIssueJson(comment.conversation), comment: toCommentJson(comment) }
}
