// The whole demo: starts the world, plays both stories, and says what the judge found. Prints only through its caller.
import { TestWorld } from '../../test/support/test-world.ts'
import { playAbortStory } from './abort-story.ts'
import { playContractStory } from './contract-story.ts'
import type { Paint } from './paint.ts'
import { REPOSITORY_FILES } from './scripts.ts'
import { Stage } from './stage.ts'
import { Transcript } from './transcript.ts'

/** How the demo is played. */
export interface DemoOptions {
  readonly paint: Paint
  readonly write: (line: string) => void
  /** More environment of the program, for example `BELAY_FAULT`. */
  readonly env: Readonly<Record<string, string>>
  /** Whether the folders stay when it is over. */
  readonly keepsFolders: boolean
}

const OPENING = [
  'Belay keeps the git worktree of a coding agent and the branch of its pull request in step, and never loses a commit or a file. What follows is the real program, with real git and real processes. Only GitHub is a stand-in on this machine, and the agents follow a script.',
  '',
  'Starting GitHub and Belay …',
]

const STORIES = [
  {
    answer: '/continue',
    title: 'Story 1 of 2: a contract, a conflict answered with /continue, and a refusal',
    play: playContractStory,
  },
  { answer: '/abort', title: 'Story 2 of 2: a conflict answered with /abort', play: playAbortStory },
] as const

/** Plays both stories and returns whether nothing was lost; a story that breaks off is written down and counts as bad. */
export async function playDemo({ paint, write, env, keepsFolders }: DemoOptions): Promise<boolean> {
  const startedAt = performance.now()
  const transcript = new Transcript(paint, write)
  for (const paragraph of OPENING) transcript.tell(paragraph)
  const world = await TestWorld.start({ files: REPOSITORY_FILES, env })
  const interrupted = (): void => void world.close().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  const verdicts = new Map<string, boolean>()
  try {
    for (const { answer, title, play } of STORIES) {
      transcript.story(title)
      verdicts.set(answer, await play(await Stage.open(world, transcript)))
    }
  } catch (error) {
    write(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    process.off('SIGINT', interrupted)
    await world.close({ folder: keepsFolders ? 'keep' : 'remove' })
  }
  const isGood = STORIES.every(({ answer }) => verdicts.get(answer) === true)
  transcript.story(isGood ? 'All well' : 'Not well')
  for (const { answer } of STORIES)
    transcript.tell(`${answer.padEnd(10)} ${verdictWords(verdicts.get(answer), paint)}`)
  transcript.tell(`Time: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (keepsFolders) transcript.tell(`Kept: ${world.root}`)
  return isGood
}

function verdictWords(isGood: boolean | undefined, paint: Paint): string {
  if (isGood === undefined) return paint.red('not finished')
  return isGood ? paint.green('nothing lost') : paint.red('work was lost')
}
