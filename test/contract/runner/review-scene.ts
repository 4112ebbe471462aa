// Reviewers at work in a prepared session, and what they leave on the disk.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { RunnerReport } from '../../../src/domain/events.ts'
import type { AttemptOrder } from '../../../src/ports/runner.ts'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import type { RunnerWorld, WorldOptions } from '../../support/runner-world.ts'
import { git } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

/** Waits in its worktree until somebody writes `go` there. */
export const UNTIL_GO = 'until [ -e go ]; do sleep 0.02; done'

export type AttemptEnd = Extract<RunnerReport, { readonly kind: 'attempt_ended' }>

/** One session, `rope-1`, whose head is under review. */
export class ReviewScene {
  readonly world: RunnerWorld
  readonly session: string
  /** What is reviewed unless told. */
  readonly commit: Sha

  private constructor(world: RunnerWorld, commit: Sha) {
    this.world = world
    this.session = join(world.home, 'sessions/rope-1')
    this.commit = commit
  }

  static async prepare(start: StartWorld, options: WorldOptions = {}): Promise<ReviewScene> {
    const world = await start({ agents: SHELL_AGENTS, ...options })
    await world.prepare()
    return new ReviewScene(world, toSha(await git(world.tree(), 'rev-parse', 'HEAD')))
  }

  order(attemptId: string, overrides: Partial<AttemptOrder> = {}): AttemptOrder {
    return this.world.attempt({
      attemptId,
      agent: 'critic',
      role: 'reviewer',
      place: { kind: 'detached', commit: this.commit },
      ...overrides,
    })
  }

  /** The reviewer's worktree. */
  tree(attemptId: string): string {
    return join(this.session, 'reviews', attemptId, 'tree')
  }

  /** Starts a reviewer that says when it is at work, then does the rest of its script. */
  async begin(attemptId: string, rest = UNTIL_GO): Promise<number> {
    const order = this.order(attemptId, { prompt: `echo $$ > at-work\n${rest}` })
    const { pid } = await this.world.runner.startAttempt(order)
    await eventually(() => this.read(attemptId, 'at-work'), { what: `${attemptId} at work` })
    return pid ?? 0
  }

  async letGo(attemptId: string): Promise<AttemptEnd> {
    await writeFile(join(this.tree(attemptId), 'go'), '')
    return this.world.ended(attemptId)
  }

  read(attemptId: string, name: string): Promise<string> {
    return readFile(join(this.tree(attemptId), name), 'utf8')
  }

  /** Names of the reviews' folders, and of all worktrees of the session repository. */
  async left(): Promise<{ readonly reviews: readonly string[]; readonly worktrees: readonly string[] }> {
    const [reviews, worktrees] = await Promise.all([
      readdir(join(this.session, 'reviews')).catch((): string[] => []),
      readdir(join(this.session, 'repo.git/worktrees')),
    ])
    return { reviews: reviews.toSorted(), worktrees: worktrees.toSorted() }
  }
}

/** What `left` says when no review is there. */
export const NOTHING_LEFT = { reviews: [], worktrees: ['tree'] }
