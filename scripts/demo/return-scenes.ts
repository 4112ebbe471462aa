// The first story after the question: the agent is told what was set aside, one reviewer refuses its work, the next round
// is accepted and pushed.
import type { SyncQuestion } from '../../src/domain/decision/subject.ts'
import { readAttemptLog, showLogParts } from './attempt-log.ts'
import { pipelineEnds, showHistory, showStatusComment, type Cast } from './cast.ts'
import { showGraph } from './git-view.ts'
import {
  CHART_SUBJECT,
  CHART_WORDS,
  FIRST_ATTEMPT,
  LOOK_WORDS,
  OBJECTION,
  PLAN,
  planAttempt,
  secondAttempt,
  THIRD_ATTEMPT,
} from './scripts.ts'

/** Tells the scripted agent the commits that its prompt will name: it prints a prompt, but can not understand one. */
export async function scriptReturn({ stage, pr }: Cast, { details }: SyncQuestion): Promise<void> {
  const head = details.pins[0]?.head
  const chart = details.discarded.find(({ subject }) => subject === CHART_SUBJECT)?.sha
  const { mergeBase: base } = details
  if (head === undefined || chart === undefined || base === null)
    throw new Error('The question does not name the pinned commits.')
  await stage.world.story.script(pr.number, [
    planAttempt(PLAN),
    FIRST_ATTEMPT,
    secondAttempt({ base, head, chart }),
    THIRD_ATTEMPT,
  ])
}

/** Shows, from the log of the new attempt, that the agent was told what was pinned, and could reach it. */
export async function returnScene(cast: Cast, { details }: SyncQuestion): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  transcript.scene('The agent starts again, and is told what was set aside')
  await world.story.arrived({ pr: pr.number, attempt: 3 }, 'worked')
  await world.record('the attempt after the question had worked', session)
  const log = await readAttemptLog(cast, { attempt: 3, holds: 'create mode 100644 src/star-chart.txt' })
  const prompt = log.text.slice(0, log.text.indexOf(LOOK_WORDS))
  const told = [
    ...details.pins.map(({ prefix }) => prefix),
    ...details.discarded.map(({ subject }) => subject),
  ]
  const untold = told.filter((words) => !prompt.includes(words))
  if (told.length === 0 || untold.length > 0)
    throw new Error(`The prompt does not name what was pinned: ${untold.join(', ')}.`)
  transcript.tell(
    'This agent prints the prompt it is given. So the file in which its output is kept proves what it was told. Then it uses the pin: it looks at the commits, and takes over the one that is still right.',
  )
  showLogParts(transcript, log, [
    { from: '# Read this first', to: '# Task: phase' },
    { from: LOOK_WORDS, to: CHART_WORDS },
    { from: CHART_WORDS, to: null },
  ])
}

/** Shows the first round of reviews, and what the producer hears of it. */
export async function refusalScene(cast: Cast): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  transcript.scene('The work is proposed; critic refuses it, and the agent hears why')
  await world.story.letGo({ pr: pr.number, attempt: 3 }, 'worked')
  await world.story.arrived({ pr: pr.number, attempt: 4 }, 'heard')
  await world.record('the first round of reviews was over', session)
  transcript.tell(
    'Belay syncs the worktree, and each reviewer looks at the commit in a worktree of its own. One refusal is enough: the agent starts again and is told the reasons, and nothing is pushed.',
  )
  await showStatusComment(cast, { title: 'the status comment', says: ['refused', OBJECTION] })
  const log = await readAttemptLog(cast, { attempt: 4, holds: '# Task: phase' })
  if (!log.text.includes(OBJECTION)) throw new Error('The agent was not told why its work was refused.')
  showLogParts(transcript, log, [{ from: '# Read this first', to: '## On the branch now' }])
  await showHistory(cast, 'git graph: GitHub has nothing that was refused')
}

/** Shows the second round, the push and the end of the pipeline. */
export async function acceptedScene(cast: Cast): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  transcript.scene('Both reviewers accept; Belay pushes, and the pipeline is complete')
  const fourth = { pr: pr.number, attempt: 4 }
  await world.story.letGo(fourth, 'heard')
  await world.story.arrived(fourth, 'worked')
  await world.record('the attempt after the refusal had worked', session)
  await world.story.letGo(fourth, 'worked')
  await pipelineEnds(cast, 'complete')
  await stage.showWebhooks()
  stage.showSyncOutcomes()
  transcript.show(
    'git graph of the branch on GitHub',
    await showGraph({ gitDir: world.repo.git.path, revisions: [pr.headBranch] }),
  )
}
