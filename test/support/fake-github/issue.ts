// An issue: a conversation and nothing else.
import { Conversation } from './conversation.ts'
import type { NewConversation } from './conversation.ts'
import { nodeId } from './ids.ts'
import { toIssueJson } from './json/issue-json.ts'

/** An issue of a repository. */
export class FakeIssue extends Conversation {
  readonly kind = 'issue'

  /** Opens an issue and sends `issues.opened`. */
  static open(from: NewConversation): FakeIssue {
    const issue = new FakeIssue(from)
    const payload = { action: 'opened', issue: toIssueJson(issue) }
    issue.repository.send({ event: 'issues', payload, sender: issue.account })
    return issue
  }

  get nodeId(): string {
    return nodeId('I', this.id)
  }

  /** Closes the issue in the name of a person. */
  async close(by: string): Promise<void> {
    const sender = this.repository.reader(by)
    this.state = 'closed'
    this.closedAt = this.world.clock.nowIso()
    this.updatedAt = this.closedAt
    this.repository.send({ event: 'issues', payload: { action: 'closed', issue: toIssueJson(this) }, sender })
  }
}
