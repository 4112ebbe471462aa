// A case while it is played: the bench, what stands there now, and what was said and held back so far.

import type { AppEvent, RunnerReport } from '../../../src/domain/events.ts'
import type { PipelineBench } from './bench.ts'
import type { Delivery, Person } from './act.ts'
import { loadView, type View } from './view.ts'

export class Stage {
  readonly bench: PipelineBench
  view: View
  /** Webhooks that are on their way for long. */
  readonly late: AppEvent[] = []
  /** What agents of this case ended with, as the runner told it. */
  readonly told: RunnerReport[] = []
  /** What the outside was told that can not be right. */
  readonly breaches: string[] = []
  #comments = 0
  #changes = 0

  constructor(bench: PipelineBench, view: View) {
    this.bench = bench
    this.view = view
  }

  /** Looks at what stands there now. */
  async look(): Promise<View> {
    this.view = await loadView(this.bench)
    return this.view
  }

  /** A number that was not used before in this case. */
  next(): number {
    this.#changes += 1
    return this.#changes
  }

  async deliver(delivery: Delivery, ...events: readonly AppEvent[]): Promise<void> {
    if (delivery === 'late') this.late.push(...events)
    if (delivery === 'once' || delivery === 'twice') await this.bench.deliver(...events)
    if (delivery === 'twice') await this.bench.deliver(...events)
  }

  /** Writes a comment in a person's name. */
  async say(
    by: Person,
    body: string,
    how: { readonly delivery?: Delivery; readonly isEdited?: boolean } = {},
  ): Promise<void> {
    this.#comments += 1
    const nodeId = `IC_${this.#comments}`
    const { host, clock } = this.bench
    if (how.isEdited === true) host.edited.add(nodeId)
    const author = { login: by, isBot: false }
    await this.deliver(how.delivery ?? 'once', {
      kind: 'comment_written',
      repository: host.repository,
      number: host.number,
      onIssue: false,
      comment: {
        source: 'issue_comment',
        nodeId,
        url: `https://github.example/${nodeId}`,
        author,
        updatedAt: clock.now(),
      },
      body,
      previousBody: null,
      wasEdited: false,
      sender: author,
    })
  }
}
