// Stands beside the program and sees every transaction and every order: nothing between two acts may break a law either.

import type { Job } from '../../../src/domain/changes.ts'
import { acceptedCommits } from './accepted.ts'
import type { PipelineBench } from './bench.ts'
import type { SeenOrder } from './machine.ts'
import type { Tally } from './tally.ts'
import { transitionOf, type Move } from './transitions.ts'

/** What must be empty after every single transaction. */
const ALWAYS_EMPTY: readonly { readonly law: string; readonly query: string }[] = [
  {
    law: 'a pipeline waits without a question',
    query: `SELECT p.id || ' is ' || p.status AS found FROM pipelines p
      WHERE (p.status = 'awaiting_human' OR (p.status = 'failed'
        AND json_extract(p.failure, '$.code') NOT IN ('internal', 'workspace_failed')))
      AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.pipeline_id = p.id AND d.concerns = 'pipeline'
        AND d.run_epoch = p.run_epoch AND (d.status = 'pending' OR (d.status = 'resolved' AND d.acted_at IS NULL)))`,
  },
  {
    law: 'a question is open that its pipeline does not wait for',
    query: `SELECT d.id || ' ' || d.kind || ': ' || p.status || ', phase ' || f.status AS found FROM decisions d
      JOIN pipelines p ON p.id = d.pipeline_id
      JOIN phase_runs f ON f.pipeline_id = p.id AND f.name = p.current_phase
      WHERE d.status = 'pending' AND d.concerns = 'pipeline'
      AND (p.status NOT IN ('failed', 'awaiting_human') OR f.status <> p.status
        OR p.run_epoch <> d.run_epoch OR p.current_phase <> d.phase)`,
  },
  {
    law: 'something is under way beside an open question',
    query: `SELECT d.id || ' ' || d.kind || ' beside ' || p.id || ' ' || p.status AS found FROM decisions d
      JOIN pipelines p ON p.session_id = d.session_id
      WHERE d.status = 'pending' AND p.status IN ('pending', 'running')`,
  },
  {
    law: 'a session has two questions',
    query: `SELECT session_id AS found FROM decisions WHERE status = 'pending' GROUP BY session_id HAVING COUNT(*) > 1`,
  },
  {
    law: 'a session has two pipelines under way',
    query: `SELECT session_id AS found FROM pipelines WHERE status IN ('pending', 'running', 'awaiting_human')
      GROUP BY session_id HAVING COUNT(*) > 1`,
  },
  {
    law: 'two producers run',
    query: `SELECT session_id AS found FROM attempts WHERE status IN ('starting', 'running') AND role = 'producer'
      GROUP BY session_id HAVING COUNT(*) > 1`,
  },
  {
    law: 'a question outlives its session',
    query: `SELECT d.id AS found FROM decisions d JOIN sessions s ON s.id = d.session_id
      WHERE d.status = 'pending' AND s.state IN ('stopped', 'closed')`,
  },
]

const ALWAYS = ALWAYS_EMPTY.map(
  ({ law, query }) => `SELECT '${law}: ' || found AS breach FROM (${query})`,
).join(' UNION ALL ')

/** What moves a worktree or a branch; pins, and what only looks, harm nobody. */
const MOVING: readonly string[] = [
  'reset_tree',
  'move_tree',
  'move_branch',
  'push_branch',
  'commit_leftovers',
]

export class Watch {
  readonly breaches: string[] = []
  readonly #bench: PipelineBench
  readonly #tally: Tally
  #seen = 0

  constructor(bench: PipelineBench, tally: Tally) {
    this.#bench = bench
    this.#tally = tally
    bench.onCommit = (job) => this.#committed(job)
    bench.machine.watch = (order) => this.#ordered(order)
  }

  /** Throws what was found wrong so far. */
  check(): void {
    if (this.breaches.length > 0) throw new Error([...new Set(this.breaches)].slice(0, 5).join('\n'))
  }

  async #committed(job: Job | null): Promise<void> {
    const moves = await this.#bench.query<Move>(
      `SELECT no, machine, id, was, now, epoch_was AS epochWas, epoch_now AS epochNow FROM model_moves WHERE no > ${this.#seen} ORDER BY no`,
    )
    if (moves.length === 0) return
    this.#seen = moves.at(-1)?.no ?? this.#seen
    const asks = moves.some(({ machine, was }) => machine === 'decision' && was === null)
    for (const move of moves) this.#moved(move, { job: job?.kind ?? null, asks })
    const found = await this.#bench.query<{ readonly breach: string }>(ALWAYS)
    this.breaches.push(...found.map(({ breach }) => `${breach} (${job?.kind ?? 'no job'})`))
  }

  #moved(move: Move, context: Parameters<typeof transitionOf>[1]): void {
    if (move.machine === 'epoch') {
      if ((move.epochNow ?? 0) < (move.epochWas ?? 0))
        this.breaches.push(`The run epoch of ${move.id} fell from ${move.epochWas} to ${move.epochNow}`)
      return
    }
    if (move.machine === 'decision') return
    const transition = transitionOf(move, context)
    if (transition !== null) return this.#tally.transition(transition)
    this.breaches.push(
      `No event leads from ${move.was} to ${move.now} for ${move.machine} ${move.id} (${context.job ?? 'no job'})`,
    )
  }

  async #ordered(seen: SeenOrder): Promise<void> {
    const { store } = this.#bench.deps
    const sessionId = seen.kind === 'start' ? seen.order.workspace.sessionId : seen.sessionId
    const open = await store.find('decisions', { sessionId, status: 'pending' })
    const what = seen.kind === 'start' ? `the ${seen.order.role} was started` : seen.step
    const isMoving = seen.kind === 'start' || MOVING.includes(seen.step)
    if (open !== null && isMoving)
      this.breaches.push(`${what} beside the open question ${open.id} (${open.kind})`)
    if (seen.kind === 'start') return this.#started(seen.order)
    if (seen.pushes !== null) {
      const unseen = await acceptedCommits(this.#bench, { sessionId, head: seen.pushes })
      this.breaches.push(...unseen)
    }
  }

  async #started({
    attemptId,
    role,
  }: Extract<SeenOrder, { readonly kind: 'start' }>['order']): Promise<void> {
    const { store } = this.#bench.deps
    const attempt = await store.find('attempts', { id: attemptId })
    const pipeline = attempt === null ? null : await store.find('pipelines', { id: attempt.pipelineId })
    if (attempt === null || pipeline === null) return void this.breaches.push(`${attemptId} has no row`)
    if (attempt.runEpoch !== pipeline.runEpoch)
      this.breaches.push(`${attemptId} was started for an old epoch`)
    if (role === 'producer') return
    const proposal = await store.find('proposals', { id: attempt.proposalId ?? '' })
    if (proposal?.status !== 'open' || proposal.runEpoch !== pipeline.runEpoch)
      this.breaches.push(`A reviewer was started for a proposal that is ${proposal?.status ?? 'gone'}`)
  }
}
