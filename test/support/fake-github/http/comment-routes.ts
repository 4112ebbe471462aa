// Issues and the comments of their conversations.
import type { IssueComment } from '../conversation.ts'
import { toCommentJson } from '../json/comment-json.ts'
import { toIssueJson } from '../json/issue-json.ts'
import type { PermissionNeed } from '../permissions.ts'
import type { Answer } from './answer.ts'
import { notFound } from './answer.ts'
import { answerPage } from './page.ts'
import { commentText } from './request-body.ts'
import { conversationOf, numberParam, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

/** What reading conversations needs: GitHub takes either permission. */
export const readNeeds: readonly PermissionNeed[] = ['issues:read', 'pull_requests:read']
/** What writing into conversations needs. */
export const writeNeeds: readonly PermissionNeed[] = ['issues:write', 'pull_requests:write']

const comments = '/repos/{owner}/{repo}/issues/{issue_number}/comments'
const comment = '/repos/{owner}/{repo}/issues/comments/{comment_id}'

/** Routes about issues and their comments. */
export const commentRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/issues/{issue_number}', readNeeds, (request) => ({
    status: 200,
    json: toIssueJson(conversationOf(request)),
  })),
  repositoryRoute(`GET ${comments}`, readNeeds, listComments),
  repositoryRoute(`POST ${comments}`, writeNeeds, (request) => {
    const body = commentText(request.body)
    const created = conversationOf(request).addComment(request.world.app.bot, body)
    return { status: 201, json: toCommentJson(created) }
  }),
  repositoryRoute(`GET ${comment}`, readNeeds, (request) => ({
    status: 200,
    json: toCommentJson(commentOf(request)),
  })),
  repositoryRoute(`PATCH ${comment}`, writeNeeds, (request) => {
    const found = commentOf(request)
    const body = commentText(request.body)
    const changed = found.conversation.changeComment(found, request.world.app.bot, body)
    return { status: 200, json: toCommentJson(changed) }
  }),
  repositoryRoute(`DELETE ${comment}`, writeNeeds, (request) => {
    const found = commentOf(request)
    found.conversation.removeComment(found, request.world.app.bot)
    return { status: 204 }
  }),
]

/** Returns the comment a path names. */
export function commentOf(request: RepositoryRequest): IssueComment {
  const id = numberParam(request, 'comment_id')
  const all = request.repository.conversations.flatMap((conversation) => conversation.comments)
  const found = all.find((candidate) => candidate.id === id)
  if (found === undefined) throw notFound()
  return found
}

function listComments(request: RepositoryRequest): Answer {
  const since = Date.parse(request.url.searchParams.get('since') ?? '1970-01-01T00:00:00Z')
  const listed = conversationOf(request).comments.filter(({ updatedAt }) => Date.parse(updatedAt) >= since)
  return answerPage(request.url, listed.map(toCommentJson))
}
