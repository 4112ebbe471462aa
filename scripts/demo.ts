// `npm run demo`: plays Belay's main job twice against a GitHub on this machine, and lets a separate judge say whether
// anything was lost. No network, no credentials. `--keep` keeps the folders. Exit code 0: all well, 1: not.
import { parseArgs } from 'node:util'
import { ROCKET_FILES } from '../test/support/conflict-story.ts'
import { TestWorld } from '../test/support/test-world.ts'
import { paintFor } from './demo/paint.ts'
import { Stage } from './demo/stage.ts'
import { playStory } from './demo/story.ts'
import type { Answer } from './demo/story.ts'
import { Transcript } from './demo/transcript.ts'

const STORIES = [
  { answer: 'continue', title: 'Story 1 of 2: the question is answered with /continue' },
  { answer: 'abort', title: 'Story 2 of 2: the question is answered with /abort' },
] as const satisfies readonly { readonly answer: Answer; readonly title: string }[]

process.exitCode = await main()

async function main(): Promise<number> {
  const startedAt = performance.now()
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
  const transcript = new Transcript(paintFor(process.stdout), (line) => console.log(line))
  transcript.tell('Starting a GitHub, a database and Belay on this machine …')
  const fault = process.env['BELAY_FAULT']
  const world = await TestWorld.start({
    files: ROCKET_FILES,
    env: fault === undefined ? {} : { BELAY_FAULT: fault },
  })
  const interrupted = (): void => void world.close().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  const verdicts: { readonly answer: Answer; readonly isGood: boolean }[] = []
  try {
    for (const { answer, title } of STORIES) {
      transcript.story(title)
      verdicts.push({ answer, isGood: await playStory(await Stage.open(world, transcript), answer) })
    }
  } catch (error) {
    console.error(error)
  } finally {
    process.off('SIGINT', interrupted)
    await world.close({ folder: values.keep ? 'keep' : 'remove' })
  }
  const isGood = verdicts.length === STORIES.length && verdicts.every((verdict) => verdict.isGood)
  transcript.story(isGood ? 'All well' : 'Not well')
  const { green, red } = transcript.paint
  for (const { answer } of STORIES) {
    const verdict = verdicts.find((one) => one.answer === answer)
    const word =
      verdict === undefined
        ? red('not finished')
        : verdict.isGood
          ? green('nothing lost')
          : red('work was lost')
    transcript.tell(`/${answer.padEnd(9)} ${word}`)
  }
  transcript.tell(`Time: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (values.keep) transcript.tell(`Kept: ${world.root}`)
  return isGood ? 0 : 1
}
