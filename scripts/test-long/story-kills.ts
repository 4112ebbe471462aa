// Stories of pipelines whose program dies by chance: once at any place, or again and again. Part of the long test of kills.

import { atEveryNew, onceAt } from '../../test/support/faults/death-points.ts'
import { PIPELINE_STORIES } from '../../test/support/faults/pipeline-stories.ts'
import { StoryStage } from '../../test/support/faults/story-stage.ts'

/** About as many places as the longest story has; more kill nobody, which is counted. */
const MOST_PLACES = 320
const LEAST_STRIDE = 3
const STRIDES = 15

export interface StoryCase {
  readonly story: number
  /** The only place of death, from 1; or, below zero, how far apart the deaths are. */
  readonly at: number
}

export interface PlayedCase {
  readonly name: string
  readonly deaths: number
  readonly breaches: readonly string[]
}

/** Returns a case by chance; any whole number is one. */
export function drawStory(chance: number): StoryCase {
  const count = PIPELINE_STORIES.length
  const rest = Math.floor(chance / count)
  const isOnce = rest % 2 === 0
  const at = Math.floor(rest / 2)
  return { story: chance % count, at: isOnce ? 1 + (at % MOST_PLACES) : -(LEAST_STRIDE + (at % STRIDES)) }
}

/** Plays cases one after the other. */
export class StoryKills {
  #stage: StoryStage | null = null

  async play({ story: index, at }: StoryCase): Promise<PlayedCase> {
    const story = PIPELINE_STORIES[index % PIPELINE_STORIES.length]
    if (story === undefined) throw new Error('There is no story')
    this.#stage ??= await StoryStage.build()
    const diesAt = at > 0 ? onceAt(at) : atEveryNew({ stride: -at, first: 1 })
    const { played, breaches } = await this.#stage.play(story, diesAt)
    return { name: story.name, deaths: played.deaths.length, breaches }
  }

  async close(): Promise<void> {
    await this.#stage?.close()
    this.#stage = null
  }
}
