// What a scene of the kill tests is: a worktree and a remote right before a sync, the job that is due, and how it ends
// when nobody is killed. Holds no scene.

import type { Job } from '../../../src/domain/changes.ts'
import type { ObservedPullRequest } from '../../../src/domain/events.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import type { Scene } from '../workbench/scenes.ts'
import type { Workbench } from '../workbench/workbench.ts'

/** Where a scene is made. */
export interface Ground extends Scene {
  readonly bench: Workbench
  readonly tree: string
  readonly branch: string
  /** HEAD when the scene begins. */
  readonly start: string
}

export interface KillScene {
  readonly name: string
  /** Null for an act that is no sync. */
  readonly ends: SyncCase | null
  /** How the next start may find it as well, when the kill came late. */
  readonly mayEnd?: readonly SyncCase[]
  readonly asks: boolean
  /** An agent is at work and ends with this code, instead of an idle session. */
  readonly agentEnds?: number
  readonly isPausing?: true
  readonly make: (ground: Ground) => Promise<void>
  /** What is due; a sync of the idle session unless told. */
  readonly job?: (ground: Ground) => Promise<Job>
  /** The durable step at which `npm test` kills it; null leaves it to BELAY_EVERY_KILL=1, which tries every step. */
  readonly thinnedTo: number | null
}

/** A scene that stands, ready to be saved. */
export interface StandingScene {
  readonly scene: KillScene
  readonly pr: FakePullRequest
  readonly sessionId: string
  readonly branch: string
  readonly lane: string
  readonly job: Job
  /** As GitHub shows it at the moment before the job. */
  readonly pullRequest: ObservedPullRequest
  /** When the scene stood; what the journal has from later is the job's. */
  readonly savedAt: number
}
