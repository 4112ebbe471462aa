// A pull request's conversation as GitHub would show it, in a terminal.
import type { Paint } from './paint.ts'
import { renderMarkdown } from './render-markdown.ts'

/** The parts of a pull request that are shown. */
export interface ConversationFacts {
  readonly number: number
  readonly title: string
  readonly headBranch: string
  readonly baseBranch: string
  readonly comments: readonly CommentFacts[]
}

interface CommentFacts {
  readonly author: string
  readonly body: string
  readonly createdAt: string
  readonly lastEditedAt: string | null
  readonly reactions: readonly { readonly by: string; readonly content: string }[]
}

/** Returns the conversation, or chosen comments of it, oldest first, each in a frame. */
export function renderConversation(
  pr: ConversationFacts,
  look: { readonly paint: Paint; readonly width: number },
  comments: readonly CommentFacts[] = pr.comments,
): readonly string[] {
  const { paint } = look
  const head = `${paint.bold(pr.title)} ${paint.dim(`#${pr.number}  ${pr.baseBranch} <- ${pr.headBranch}`)}`
  return [head, ...comments.flatMap((comment) => ['', ...frame(comment, look)])]
}

function frame(
  comment: CommentFacts,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  const edited = comment.lastEditedAt === null ? '' : ' · edited'
  const time = comment.createdAt.slice(11, 19)
  const rest = ` · ${time}${edited} `
  const line = '─'.repeat(Math.max(2, width - comment.author.length - rest.length - 4))
  const body = renderMarkdown(comment.body, { paint, width: width - 4 })
  const reactions = comment.reactions.map(({ by, content }) => `[${content} by ${by}]`).join(' ')
  return [
    `${paint.dim('┌─')} ${paint.bold(comment.author)}${paint.dim(`${rest}${line}`)}`,
    ...body.map((text) => `${paint.dim('│')} ${text}`.trimEnd()),
    paint.dim(
      `└─${reactions === '' ? '' : ` ${reactions} `}${'─'.repeat(Math.max(2, width - reactions.length - 6))}`,
    ),
  ]
}
