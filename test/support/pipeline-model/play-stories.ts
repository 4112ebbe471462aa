// Plays stories one after the other, each in a world of its own, and says of each that broke a law how.

import { Play, type Playing } from './play.ts'
import type { Story } from './stories.ts'
import { Template } from './template.ts'

/** Returns the stories that broke a law, with what they broke. */
export async function playStories(stories: readonly Story[], more: Playing): Promise<readonly string[]> {
  const template = await Template.make()
  const broken: string[] = []
  try {
    for (const story of stories) {
      const fault = await playStory(template, story, more)
      if (fault !== null) broken.push(`${story.name}: ${fault}`)
    }
  } finally {
    await template.remove()
  }
  return broken
}

async function playStory(template: Template, { setup, acts }: Story, more: Playing): Promise<string | null> {
  const play = await Play.begin(template, setup, more)
  try {
    for (const act of acts) await play.act(act)
    await play.end()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await play.close()
  }
}
