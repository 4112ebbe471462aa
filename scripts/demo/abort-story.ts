// The second story: a plan that a person writes herself meanwhile, and /abort. Played for real.
import { judgeScene, pipelineEnds, showPins, type Cast } from './cast.ts'
import { LANDING, LANDING_ATTEMPT } from './scripts.ts'
import { answerScene, askForAgent, closingScene, conflictScene, questionAfter } from './shared-scenes.ts'
import type { Stage } from './stage.ts'

/** Plays the story to its end and tells whether nothing was lost. */
export async function playAbortStory(stage: Stage): Promise<boolean> {
  const { transcript, world } = stage
  transcript.scene('alice opens another pull request and asks for an agent')
  const cast = await askForAgent(stage, LANDING, [LANDING_ATTEMPT])
  await world.story.arrived({ pr: cast.pr.number, attempt: 1 }, 'worked')
  await conflictScene(cast, LANDING.conflict)

  transcript.scene('The agent ends; both sides wrote a plan, so Belay asks')
  const question = await questionAfter(cast, 1)
  stage.showSyncOutcomes()
  transcript.tell('')
  transcript.tell(`Question ${question.id} stands on the pull request. It reads like the one in story 1.`)
  await answerScene(cast, 'abort')
  await endScene(cast)
  await closingScene(cast)
  return judgeScene(cast)
}

async function endScene(cast: Cast): Promise<void> {
  const { transcript } = cast.stage
  transcript.scene('The pipeline is cancelled; worktree and pins stay')
  await pipelineEnds(cast, 'cancelled')
  await cast.stage.showWebhooks()
  await showPins(cast)
}
