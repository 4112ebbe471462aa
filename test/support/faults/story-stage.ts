// Puts up a workbench with steady agents for stories that are killed, and plays and judges one of them.

import { Workbench } from '../workbench/workbench.ts'
import type { DiesAt } from './death-points.ts'
import { judgeStory } from './judge-story.ts'
import type { PipelineStory } from './pipeline-story.ts'
import { playStory, type Played, type Stage } from './play-story.ts'
import { SteadyAgents } from './steady-agents.ts'

export interface JudgedStory {
  readonly played: Played
  readonly breaches: readonly string[]
}

/** A workbench keeps every start that died until it is closed, and grows slow. */
const PLAYS_PER_BENCH = 25

/** Where many stories are played, one after the other. */
export class StoryStage {
  #stage: Stage
  #plays = 0

  private constructor(stage: Stage) {
    this.#stage = stage
  }

  static async build(): Promise<StoryStage> {
    return new StoryStage(await putUp())
  }

  /** Plays a story on a pull request of its own and closes it. */
  async play(story: PipelineStory, diesAt: DiesAt): Promise<JudgedStory> {
    if (this.#plays > 0 && this.#plays % PLAYS_PER_BENCH === 0) {
      await this.close()
      this.#stage = await putUp()
    }
    this.#plays += 1
    const branch = `story-${this.#plays}`
    const played = await playStory(this.#stage, story, { branch, diesAt })
    const where = played.deaths.map(({ n, moment, name }) => `${n}: ${moment} ${name}`)
    const breaches = (await judgeStory(story, played)).map(
      (breach) => `${story.name}, killed at [${where.join('; ')}]: ${breach}`,
    )
    // What is over needs no recovery in the stories that follow.
    await played.place.pr.close('alice')
    await this.#stage.bench.settle()
    return { played, breaches }
  }

  async close(): Promise<void> {
    await this.#stage.bench.close()
    await this.#stage.agents.remove()
  }
}

async function putUp(): Promise<Stage> {
  const agents = await SteadyAgents.create()
  return { agents, bench: await Workbench.start({ agents: agents.entries }) }
}
