// The program dies before and after every transaction and every order to its runner, between a question and the end of its
// story: plans, reviews, failures, answers, requests of operators. Each next start goes on: asked once, answered once, acted
// once, told in order, nothing lost. BELAY_EVERY_KILL=1 kills at n = 1, 2, 3 … until the story ends clean; otherwise each
// story is played once and dies again and again, at every few places it did not see before.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atEveryNew, NEVER, onceAt, type DeathPoint } from '../support/faults/death-points.ts'
import { PIPELINE_STORIES } from '../support/faults/pipeline-stories.ts'
import type { PipelineStory } from '../support/faults/pipeline-story.ts'
import { StoryStage } from '../support/faults/story-stage.ts'

const TRIES_EVERY_KILL = process.env['BELAY_EVERY_KILL'] === '1'
/** Far more than there are: a program that dies for ever is a failure, not a long test. */
const MOST_KILLS = 600
/** Odd: the places before something and those after it take turns. */
const STRIDE = 13
/** A story that is killed less often was not killed all the way through. */
const LEAST_DEATHS = 3
/** Without these a place is the same in every play; webhooks and effects come in an order of their own. */
const CERTAIN = /^[a-zA-Z_]+$|insert (?:attempts|decisions|proposals)|update decisions/u

let stage: StoryStage

beforeAll(async () => {
  stage = await StoryStage.build()
}, 60_000)

afterAll(() => stage?.close())

function placeOf({ moment, name }: DeathPoint): string {
  return `${moment} ${name}`
}

/** The places that every play of a story passes. */
async function certainPlaces(story: PipelineStory): Promise<readonly string[]> {
  const { played, breaches } = await stage.play(story, NEVER)
  expect(breaches).toEqual([])
  const certain = played.passed.filter(({ name }) => CERTAIN.test(name)).map(placeOf)
  return [...new Set(certain)].toSorted()
}

/** Kills at n = 1, 2, 3 … until nobody dies; returns where it died. */
async function killEverywhere(story: PipelineStory): Promise<ReadonlySet<string>> {
  const died = new Set<string>()
  for (let n = 1; n <= MOST_KILLS; n += 1) {
    const { played, breaches } = await stage.play(story, onceAt(n))
    expect(breaches).toEqual([])
    const [death] = played.deaths
    if (death === undefined) return died
    died.add(placeOf(death))
  }
  throw new Error(`${story.name} still died at place ${MOST_KILLS}`)
}

describe('a pipeline whose program is killed', () => {
  it.each(PIPELINE_STORIES.map((story, at) => ({ name: story.name, story, at })))(
    'ends as if nothing had happened: $name',
    { timeout: TRIES_EVERY_KILL ? 3_600_000 : 120_000 },
    async ({ story, at }) => {
      if (TRIES_EVERY_KILL) {
        const places = await certainPlaces(story)
        const died = await killEverywhere(story)
        expect(places.filter((place) => !died.has(place))).toEqual([])
        return
      }
      // Another first place for each story, so that together they die nearly everywhere.
      const { played, breaches } = await stage.play(story, atEveryNew({ stride: STRIDE, first: 3 * at + 2 }))
      expect(breaches).toEqual([])
      expect(played.deaths.length).toBeGreaterThanOrEqual(LEAST_DEATHS)
    },
  )
})
