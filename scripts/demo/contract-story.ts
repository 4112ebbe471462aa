// The first story: a plan becomes a contract, a conflict becomes a question, a refusal becomes better work. Played for
// real, and asked of every witness there is: git, the database, the agent's own log.
import type { SyncQuestion } from '../../src/domain/decision/subject.ts'
import { judgeScene, showHistory, showPins, showStatusComment, type Cast } from './cast.ts'
import { refusalScene, acceptedScene, returnScene, scriptReturn } from './return-scenes.ts'
import { CONFIGURATION, CRITIC, FIRST_ATTEMPT, GUIDANCE, PLAN, planAttempt, SECOND } from './scripts.ts'
import {
  answerScene,
  askForAgent,
  closingScene,
  conflictScene,
  questionAfter,
  showQuestion,
} from './shared-scenes.ts'
import { showStatus } from './git-view.ts'
import type { Stage } from './stage.ts'

/** Plays the story to its end and tells whether nothing was lost; a loss ends it early. */
export async function playContractStory(stage: Stage): Promise<boolean> {
  const cast = await openingScene(stage)
  await contractScene(cast)
  await conflictScene(cast, GUIDANCE.conflict)
  const question = await recoveryScene(cast)
  if (!(await stage.world.judge(cast.session)).isGood) {
    stage.transcript.tell('')
    stage.transcript.tell('Some of it is in no pin and nowhere else. The story ends here.')
    return judgeScene(cast)
  }
  stage.transcript.scene(`The question on the pull request: ${question.id}`)
  await showQuestion(cast, question)
  await strangerScene(cast, question)
  await scriptReturn(cast, question)
  await answerScene(cast, 'continue')
  await returnScene(cast, question)
  await refusalScene(cast)
  await acceptedScene(cast)
  await closingScene(cast)
  return judgeScene(cast)
}

async function openingScene(stage: Stage): Promise<Cast> {
  const { transcript, world } = stage
  transcript.scene('alice opens a pull request and asks for an agent')
  transcript.tell(
    'The repository is acme/rocket. alice may write, bob may only read. Belay is installed there, with three agents: climber does the work, critic and second review it.',
  )
  transcript.show('.github/belay.yml', CONFIGURATION.trimEnd().split('\n'))
  const cast = await askForAgent(stage, GUIDANCE, [planAttempt(PLAN), FIRST_ATTEMPT])
  const { number: pr } = cast.pr
  await world.story.scriptReviewer({ pr, reviewer: 'critic' }, CRITIC)
  await world.story.scriptReviewer({ pr, reviewer: 'second' }, SECOND)
  return cast
}

async function contractScene(cast: Cast): Promise<void> {
  const { stage } = cast
  const { transcript, world } = stage
  transcript.scene('Phase plan ends; its plan becomes the contract')
  await world.story.arrived({ pr: cast.pr.number, attempt: 2 }, 'worked')
  transcript.tell(
    'Belay pushes the plan, reads three tasks from it, and starts phase implement. The agent is told the tasks, and marks them as it works.',
  )
  await stage.showWebhooks()
  stage.showSyncOutcomes()
  transcript.show('.belay/plan.md, as the agent wrote it', PLAN.trimEnd().split('\n'))
  await showStatusComment(cast, {
    title: 'the status comment: one for each session, edited in place',
    says: ['**Contract:**', 'in progress'],
  })
}

async function recoveryScene(cast: Cast): Promise<SyncQuestion> {
  const { stage, session } = cast
  const { transcript, world } = stage
  transcript.scene('The agent ends; Belay pins everything, resets the worktree, and asks')
  transcript.tell(
    'Both sides changed the same line, so the commits of the agent can not be replayed on hers. First Belay commits what the agent left, but not .env.local, which looks like a secret. Then it pins everything and reads the pin back. Only then it resets the worktree.',
  )
  const question = await questionAfter(cast, 2)
  stage.showSyncOutcomes()
  await showJournal(cast)
  await showHistory(cast, 'git graph after: the worktree is where GitHub is')
  transcript.show('git status in the worktree', await showStatus(world.places(session).worktree))
  await showPins(cast)
  return question
}

async function showJournal({ stage, session }: Cast): Promise<void> {
  const { database } = stage.world.belay
  const operations = await database.table('syncOperations')
  const operation = operations.findLast(({ sessionId }) => sessionId === session.id)
  const steps = (await database.table('syncSteps')).filter(({ operationId }) => operationId === operation?.id)
  stage.transcript.show(
    'the journal of that sync, written before and after each step',
    steps.map(({ position, kind, state, outcome }) => {
      const result = outcome?.kind === 'push' ? outcome.result : ''
      return `${position + 1}. ${kind.padEnd(16)} ${state.padEnd(6)} ${result}`.trimEnd()
    }),
  )
}

async function strangerScene({ stage, pr }: Cast, { id }: SyncQuestion): Promise<void> {
  const { transcript, world } = stage
  transcript.scene('bob, who may only read, tries to answer')
  const before = pr.comments.length
  const comment = await pr.comment('bob', `/continue ${id}`)
  await world.reacted(comment, 'confused')
  await stage.showWebhooks()
  const decision = (await world.decisions(pr)).find((one) => one.id === id)
  const replies = pr.comments.length - before - 1
  transcript.tell('')
  transcript.tell(
    `bob gets a reaction (confused) and ${replies === 0 ? 'no reply' : `${replies} replies`}. The question is still ${decision?.status ?? 'unknown'}.`,
  )
  if (decision?.status !== 'pending') throw new Error('A reader answered the question.')
}
