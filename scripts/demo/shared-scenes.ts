// The scenes that every story has: an agent is asked for, two sides part, Belay asks, people answer, the end.
import type { Act } from '../../test/support/agents/story.ts'
import type { FileChanges } from '../../test/support/fake-github/index.ts'
import type { SyncQuestion } from '../../src/domain/decision/subject.ts'
import { showHistory, type Cast } from './cast.ts'
import { renderConversation } from './conversation-view.ts'
import { showStatus } from './git-view.ts'
import type { Stage } from './stage.ts'

/** What a story is about. */
export interface Plot {
  readonly branch: string
  readonly title: string
  readonly files: FileChanges
  /** What alice pushes while the agent works, and the title of that scene. */
  readonly conflict: { readonly happening: string; readonly files: FileChanges; readonly message: string }
}

/** Opens the pull request, asks for the agent, and waits until the session is there. */
export async function askForAgent(
  stage: Stage,
  plot: Plot,
  attempts: readonly (readonly Act[])[],
): Promise<Cast> {
  const { transcript, world } = stage
  const pr = await world.openPullRequest(plot)
  await world.story.script(pr.number, attempts)
  const command = await pr.comment('alice', '/belay run')
  await world.reacted(command, 'eyes')
  const session = await world.sessionOf(pr)
  await stage.showWebhooks()
  transcript.tell('')
  transcript.tell(
    `Belay reacts with eyes, makes session ${session.id} with a git worktree of its own, and starts the agent "climber" with phase plan.`,
  )
  return { stage, pr, session }
}

/** Shows what the agent left lying about, and lets alice push to the same lines; the witness notes everything. */
export async function conflictScene(cast: Cast, { happening, ...push }: Plot['conflict']): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  transcript.scene(happening)
  transcript.show(
    'git status in the worktree: what the agent has not committed (!! is ignored by git)',
    await showStatus(world.places(session).worktree),
  )
  await world.repo.push({ by: 'alice', branch: pr.headBranch, ...push })
  await stage.showWebhooks()
  await showHistory(cast, 'git graph before: worktree and GitHub have parted')
  await world.record('the agent had worked and alice had pushed, before Belay touched anything', session)
}

/** Lets the agent end and returns the question that Belay asks. */
export async function questionAfter(cast: Cast, attempt: number): Promise<SyncQuestion> {
  const { stage, pr } = cast
  const { world } = stage
  await world.story.letGo({ pr: pr.number, attempt }, 'worked')
  const { decision } = await world.openQuestion(pr)
  await stage.showWebhooks()
  return decision
}

/** Shows the question as it stands on the pull request, and the check run beside it. */
export async function showQuestion({ stage, pr }: Cast, { id }: SyncQuestion): Promise<void> {
  const { transcript, world } = stage
  const comment = world.questionComment(pr, id)
  if (comment === undefined) throw new Error(`Question ${id} does not stand on the pull request.`)
  const look = { paint: transcript.paint, width: transcript.width - 6 }
  transcript.show('the comment', renderConversation(pr, look, [comment]))
  const { output, actions } = await world.belay.eventually(
    () => pr.checkRuns().find(({ conclusion }) => conclusion === 'action_required'),
    { what: `the check run asks question ${id}` },
  )
  transcript.show('the check run, with a button for each answer', [
    `${output.title ?? ''}  ${actions.map(({ label }) => `[${label}]`).join(' ')}`,
  ])
}

/** Lets alice answer with a bare command and tells what became of the question. */
export async function answerScene({ stage, pr }: Cast, answer: 'continue' | 'abort'): Promise<void> {
  const { transcript, world } = stage
  transcript.scene(`alice answers /${answer}`)
  const comment = await pr.comment('alice', `/${answer}`)
  await world.reacted(comment, 'rocket')
  await stage.showWebhooks()
  const decision = (await world.decisions(pr)).at(-1)
  transcript.tell('')
  transcript.tell(
    `Question ${decision?.id ?? '?'} is ${decision?.status ?? '?'}: "${decision?.answer ?? '?'}", by ${decision?.answeredBy ?? '?'}. Her comment gets a rocket.`,
  )
}

/** Shows the whole conversation and the change log at the end. */
export async function closingScene({ stage, pr }: Cast): Promise<void> {
  const { transcript, world } = stage
  transcript.scene('The conversation, as GitHub shows it now')
  await world.quiet()
  const look = { paint: transcript.paint, width: transcript.width - 6 }
  transcript.show(pr.repository.fullName, renderConversation(pr, look))
  await stage.showLifecycle()
}
