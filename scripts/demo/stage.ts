// What the scenes of one story share: the world, the transcript, and what was shown already.
import type { TestWorld } from '../../test/support/test-world.ts'
import type { Transcript } from './transcript.ts'
import { renderDeliveries, type DeliveryFacts } from './webhook-view.ts'

/** The fields of lifecycle rows that are worth a look. */
const DETAILS = ['phase', 'case', 'tasks', 'round', 'reason', 'decision_id', 'answer', 'run_epoch'] as const

/** Remembers how far webhooks, log and change log were shown, so that each scene shows what is new. */
export class Stage {
  readonly world: TestWorld
  readonly transcript: Transcript
  #deliveries: number
  #logLines: number
  #changes = 0

  private constructor(world: TestWorld, transcript: Transcript) {
    this.world = world
    this.transcript = transcript
    this.#deliveries = world.github.deliveries.length
    this.#logLines = world.belay.log.named('worktree_sync_outcome').length
  }

  /** Opens the stage after everything that happened before. */
  static async open(world: TestWorld, transcript: Transcript): Promise<Stage> {
    const stage = new Stage(world, transcript)
    stage.#changes = (await world.belay.database.changeLog()).length
    return stage
  }

  /** Shows the webhooks since the last time, with the program's answers. */
  async showWebhooks(): Promise<void> {
    await this.world.github.settled()
    const deliveries = this.world.deliveriesSince(this.#deliveries)
    this.#deliveries += deliveries.length
    const shown = deliveries.filter((delivery) => !isEcho(delivery))
    const rest = deliveries.length - shown.length
    if (deliveries.length === 0) return
    this.transcript.show('webhooks, and what Belay answered', [
      ...renderDeliveries(shown, this.transcript.paint),
      ...(rest === 0
        ? []
        : [this.transcript.paint.dim(`and ${rest} more, about Belay's own comments and checks`)]),
    ])
  }

  /** Shows the sync outcomes since the last time, as the log has them. */
  showSyncOutcomes(): void {
    const lines = this.world.belay.log.named('worktree_sync_outcome')
    const fresh = lines.slice(this.#logLines)
    this.#logLines = lines.length
    if (fresh.length === 0) return
    this.transcript.show(
      'worktree_sync_outcome, from the log',
      fresh.map(({ fields }) => {
        const text = (name: string): string => show(fields[name])
        const move = `${text('before').slice(0, 7)} -> ${text('after').slice(0, 7)}`
        const counts = `ahead ${text('local_ahead')}, behind ${text('remote_ahead')}`
        return `${text('case').padEnd(32)}  ${counts.padEnd(18)}  ${move}  ${text('duration_ms')} ms`
      }),
    )
  }

  /** Shows the lifecycle rows of the change log since the last time. */
  async showLifecycle(): Promise<void> {
    const rows = await this.world.belay.database.changeLog()
    const fresh = rows.slice(this.#changes)
    this.#changes = rows.length
    this.transcript.show(
      'change log: the lifecycle of this session',
      fresh
        .filter(({ type }) => type.includes('.'))
        .map(({ seq, type, payload }) => {
          const details = DETAILS.flatMap((name) =>
            payload[name] === undefined || payload[name] === null ? [] : [`${name} ${show(payload[name])}`],
          )
          return `${String(seq).padStart(4)}  ${type.padEnd(20)}  ${details.join(', ')}`
        }),
    )
  }
}

/** GitHub tells an App of its own edits too; nothing follows from them. */
function isEcho({ event, action, payload }: DeliveryFacts): boolean {
  const isOwnEdit = event === 'issue_comment' && action === 'edited'
  return isOwnEdit || event === 'check_suite' || (event === 'check_run' && !asksForAnswer(payload))
}

function asksForAnswer(payload: DeliveryFacts['payload']): boolean {
  return JSON.stringify(payload['check_run'] ?? null).includes('"action_required"')
}

function show(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return value === undefined || value === null ? '-' : JSON.stringify(value)
}
