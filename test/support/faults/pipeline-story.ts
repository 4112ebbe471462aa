// What a story of a pipeline is that is killed: its beginning, what people do in it, how it ends. Holds no story.

import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import type { LifecycleType } from '../../../src/domain/lifecycle.ts'
import type { Proposal } from '../../../src/domain/pipeline/records.ts'
import type { Decision, Pipeline, RunStatus, Session } from '../../../src/domain/records.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import type { Workbench } from '../workbench/workbench.ts'
import type { SteadyAgents, SteadyScripts } from './steady-agents.ts'

/** Where a story is played. */
export interface Place {
  readonly bench: Workbench
  readonly agents: SteadyAgents
  readonly pr: FakePullRequest
  readonly branch: string
  readonly session: Session
}

/** What is stored when nothing is due. */
export interface Sight {
  readonly pipeline: Pipeline
  readonly decisions: readonly Decision[]
  readonly open: Decision | null
}

/** Something that a person does when it is time, and again when it was not taken. */
export interface Deed {
  readonly name: string
  readonly isTime: (sight: Sight) => boolean
  readonly wasTaken: (sight: Sight) => boolean
  readonly act: (place: Place, sight: Sight) => Promise<unknown>
  /** Whether the deed itself outlives the program, as a comment on GitHub does; then it is done once. */
  readonly outlives: boolean
}

/** How a question ended. */
export interface ToldQuestion {
  readonly kind: DecisionKind
  readonly status: Decision['status']
  readonly answer: string | null
}

/** How it ends, wherever it was killed. */
export interface StoryEnd {
  readonly status: RunStatus
  /** The questions, oldest first. */
  readonly questions: readonly ToldQuestion[]
  /** The lifecycle rows from the beginning of the window on. */
  readonly told: readonly LifecycleType[]
  /** How the proposals ended, oldest first. */
  readonly proposals?: readonly Proposal['status'][]
  /** What the branch holds on GitHub; null for a path that is not there. */
  readonly files?: Readonly<Record<string, RegExp | null>>
}

export interface PipelineStory {
  readonly name: string
  /** The repository's configuration behind its version. */
  readonly config: string
  readonly agents: SteadyScripts
  /** Plays up to the moment before the question, from the request to run on; nothing may be due that is part of the window. */
  readonly stand: (place: Omit<Place, 'session'>) => Promise<void>
  readonly deeds: readonly Deed[]
  readonly end: StoryEnd
  /** Whether every push of the program must have been accepted by reviewers or a person. */
  readonly isReviewed?: true
}
