// Reactions to comments, issues and review comments.
import { toReactionJson } from '../json/reaction-json.ts'
import { addReaction, parseReactionContent, removeReaction } from '../reactions.ts'
import type { Reaction } from '../reactions.ts'
import type { Answer } from './answer.ts'
import { invalid, notFound } from './answer.ts'
import { commentOf, readNeeds, writeNeeds } from './comment-routes.ts'
import { answerPage } from './page.ts'
import { conversationOf, numberParam, repositoryRoute } from './route.ts'
import type { RepositoryRequest, Route } from './route.ts'

type FindReactions = (request: RepositoryRequest) => Reaction[]

/** Routes about reactions. */
export const reactionRoutes: readonly Route[] = [
  ...routesFor(
    '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    (request) => commentOf(request).reactions,
  ),
  ...routesFor('/repos/{owner}/{repo}/issues/{issue_number}', (request) => conversationOf(request).reactions),
  ...routesFor('/repos/{owner}/{repo}/pulls/comments/{comment_id}', reviewCommentReactions),
]

function routesFor(subject: string, find: FindReactions): Route[] {
  return [
    repositoryRoute(`GET ${subject}/reactions`, readNeeds, (request) =>
      listReactions(request, find(request)),
    ),
    repositoryRoute(`POST ${subject}/reactions`, writeNeeds, (request) =>
      createReaction(request, find(request)),
    ),
    repositoryRoute(`DELETE ${subject}/reactions/{reaction_id}`, writeNeeds, (request) => {
      const id = numberParam(request, 'reaction_id')
      const isOurs = ({ account, id: own }: Reaction): boolean =>
        own === id && account === request.world.app.bot
      if (removeReaction(find(request), isOurs) === undefined) throw notFound()
      return { status: 204 }
    }),
  ]
}

function createReaction({ world, body }: RepositoryRequest, reactions: Reaction[]): Answer {
  const content = parseReactionContent(body['content'])
  if (content === undefined) throw invalid(`"${String(body['content'])}" is no reaction.`)
  const { reaction, isNew } = addReaction(world, reactions, { account: world.app.bot, content })
  return { status: isNew ? 201 : 200, json: toReactionJson(world, reaction) }
}

function listReactions({ world, url }: RepositoryRequest, reactions: readonly Reaction[]): Answer {
  const content = url.searchParams.get('content')
  const listed = reactions.filter((reaction) => content === null || reaction.content === content)
  return answerPage(
    url,
    listed.map((reaction) => toReactionJson(world, reaction)),
  )
}

function reviewCommentReactions(request: RepositoryRequest): Reaction[] {
  const id = numberParam(request, 'comment_id')
  const comments = request.repository.pullRequests.flatMap((pr) => pr.reviews.comments)
  const found = comments.find((comment) => comment.id === id)
  if (found === undefined) throw notFound()
  return found.reactions
}
