// What issues and pull requests share: number, text, comments. Tests act on it in the name of people.
import { nodeId } from './ids.ts'
import { toCommentEvent } from './json/comment-json.ts'
import type { Label } from './labels.ts'
import type { Account } from './people.ts'
import { addReaction } from './reactions.ts'
import type { Reaction, ReactionContent } from './reactions.ts'
import type { FakeRepository } from './repository.ts'
import type { World } from './world.ts'

/** A comment in the conversation of an issue or pull request. */
export interface IssueComment {
  readonly id: number
  readonly nodeId: string
  /** Login of who wrote it. */
  readonly author: string
  readonly account: Account
  readonly conversation: Conversation
  body: string
  readonly createdAt: string
  updatedAt: string
  lastEditedAt: string | null
  isMinimized: boolean
  minimizedReason: string | null
  readonly reactions: Reaction[]
}

/** What a conversation starts with. */
export interface NewConversation {
  readonly world: World
  readonly repository: FakeRepository
  readonly number: number
  readonly account: Account
  readonly title: string
  readonly body: string | null
}

/** An issue, or the conversation side of a pull request. */
export abstract class Conversation {
  readonly world: World
  readonly repository: FakeRepository
  readonly id: number
  readonly number: number
  readonly account: Account
  readonly createdAt: string
  readonly comments: IssueComment[] = []
  readonly reactions: Reaction[] = []
  readonly labels: Label[] = []
  title: string
  body: string | null
  state: 'open' | 'closed' = 'open'
  updatedAt: string
  closedAt: string | null = null
  /** Only ever true for pull requests. */
  isDraft = false
  /** Only ever set for pull requests. */
  mergedAt: string | null = null
  abstract readonly kind: 'issue' | 'pull_request'

  constructor(from: NewConversation) {
    this.world = from.world
    this.repository = from.repository
    this.id = from.world.ids.next()
    this.number = from.number
    this.account = from.account
    this.title = from.title
    this.body = from.body
    this.createdAt = from.world.clock.nowIso()
    this.updatedAt = this.createdAt
  }

  abstract get nodeId(): string

  /** Login of who opened it. */
  get author(): string {
    return this.account.login
  }

  /** Writes a comment in the name of a person. */
  async comment(by: string, body: string): Promise<IssueComment> {
    return this.addComment(this.repository.reader(by), body)
  }

  /** Edits a comment in the name of a person: its author, or somebody who may write. */
  async editComment(by: string, commentId: number, body: string): Promise<IssueComment> {
    const comment = this.#comment(commentId)
    const editor = comment.author === by ? this.repository.reader(by) : this.repository.writer(by)
    return this.changeComment(comment, editor, body)
  }

  /** Deletes a comment in the name of a person: its author, or somebody who may write. */
  async deleteComment(by: string, commentId: number): Promise<void> {
    const comment = this.#comment(commentId)
    const editor = comment.author === by ? this.repository.reader(by) : this.repository.writer(by)
    this.removeComment(comment, editor)
  }

  /** Reacts to a comment in the name of a person. GitHub sends no webhook for reactions. */
  async react(by: string, commentId: number, content: ReactionContent): Promise<void> {
    const account = this.repository.reader(by)
    addReaction(this.world, this.#comment(commentId).reactions, { account, content })
  }

  /** Adds a comment of any account and sends `issue_comment.created`. */
  addComment(account: Account, body: string): IssueComment {
    const id = this.world.ids.next()
    const createdAt = this.world.clock.nowIso()
    const comment: IssueComment = {
      id,
      nodeId: nodeId('IC', id),
      author: account.login,
      account,
      conversation: this,
      body,
      createdAt,
      updatedAt: createdAt,
      lastEditedAt: null,
      isMinimized: false,
      minimizedReason: null,
      reactions: [],
    }
    this.comments.push(comment)
    this.updatedAt = createdAt
    this.#send('created', comment, account)
    return comment
  }

  /** Changes a comment and sends `issue_comment.edited`; the same text again is no edit. */
  changeComment(comment: IssueComment, editor: Account, body: string): IssueComment {
    const from = comment.body
    if (from === body) return comment
    comment.body = body
    comment.updatedAt = this.world.clock.nowIso()
    comment.lastEditedAt = comment.updatedAt
    this.#send('edited', comment, editor, from)
    return comment
  }

  /** Removes a comment and sends `issue_comment.deleted`. */
  removeComment(comment: IssueComment, editor: Account): void {
    this.comments.splice(this.comments.indexOf(comment), 1)
    this.#send('deleted', comment, editor)
  }

  #send(action: string, comment: IssueComment, sender: Account, from?: string): void {
    if (this.repository.isQuiet) return
    const changes = from === undefined ? {} : { changes: { body: { from } } }
    const payload = { action, ...changes, ...toCommentEvent(comment) }
    this.repository.send({ event: 'issue_comment', payload, sender })
  }

  #comment(id: number): IssueComment {
    const comment = this.comments.find((candidate) => candidate.id === id)
    if (comment === undefined)
      throw new Error(`No comment ${id} on ${this.repository.fullName}#${this.number}.`)
    return comment
  }
}
