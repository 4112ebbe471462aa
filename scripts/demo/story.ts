// The story the demo tells: an agent and a person change the same lines; Belay holds the rope. Played for real.
import type { Session } from '../../src/domain/records.ts'
import { openRocketPullRequest, pushConflict } from '../../test/support/conflict-story.ts'
import type { FakePullRequest } from '../../test/support/fake-github/index.ts'
import { renderConversation } from './conversation-view.ts'
import { revision, showFiles, showGraph, showRefs, showStatus } from './git-view.ts'
import { PLAIN } from './paint.ts'
import { renderMarkdown } from './render-markdown.ts'
import type { Stage } from './stage.ts'
import { clip } from './wrap.ts'

/** How a story goes on after the question. */
export type Answer = 'continue' | 'abort'

interface Cast {
  readonly stage: Stage
  readonly pr: FakePullRequest
  readonly session: Session
  readonly first: { readonly pr: number; readonly attempt: number }
}

/** Plays the story to its end and tells whether nothing was lost. */
export async function playStory(stage: Stage, answer: Answer): Promise<boolean> {
  const cast = await openingScenes(stage, answer)
  await conflictScenes(cast)
  const decisionId = await questionScenes(cast)
  await refusalScene(cast, decisionId)
  await answerScene(cast, answer)
  if (answer === 'continue') await resumedScenes(cast)
  else await abortedScene(cast)
  return closingScenes(cast)
}

async function openingScenes(stage: Stage, answer: Answer): Promise<Cast> {
  const { transcript, world } = stage
  transcript.scene('alice opens a pull request and asks for an agent')
  transcript.tell('acme/rocket. alice may write, bob may only read. Belay is installed there.')
  const pr = await openRocketPullRequest(world, answer === 'continue' ? 'guidance' : 'guidance-again')
  const command = await pr.comment('alice', '/belay run')
  await world.reacted(command, 'eyes')
  const session = await world.sessionOf(pr)
  const first = { pr: pr.number, attempt: 1 }
  await world.story.arrived(first, 'worked')
  await stage.showWebhooks()
  transcript.tell('')
  transcript.tell(
    `Belay reacted with eyes, made session ${session.id} with a worktree of its own, and started the agent.`,
  )
  return { stage, pr, session, first }
}

async function conflictScenes(cast: Cast): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  const { worktree } = world.places(session)
  transcript.scene('The agent works')
  transcript.tell('A real process in a real worktree: two commits, and things it did not commit.')
  transcript.show('git status in the worktree (!! is ignored)', await showStatus(worktree))

  transcript.scene('Meanwhile alice pushes a change to the same lines')
  await pushConflict(world, pr)
  await stage.showWebhooks()
  transcript.show('git graph BEFORE: worktree and remote have parted', await graphOf(cast))
  await world.record(`agent at work, before Belay touched anything (#${pr.number})`, session)
}

async function questionScenes(cast: Cast): Promise<string> {
  const { stage, pr, session, first } = cast
  const { transcript, world } = stage
  transcript.scene('The agent ends; Belay pins everything, resets the worktree, and asks')
  await world.story.letGo(first, 'worked')
  const { decision, comment } = await world.openQuestion(pr)
  await stage.showWebhooks()
  stage.showSyncOutcomes()
  const operations = await world.belay.database.table('syncOperations')
  const operation = operations.findLast(({ sessionId }) => sessionId === session.id)
  const steps = (await world.belay.database.table('syncSteps')).filter(
    ({ operationId }) => operationId === operation?.id,
  )
  transcript.show(
    'the journal of that sync: written before and after each step',
    steps.map(({ position, kind, state, outcome }) => {
      const result =
        outcome === null || outcome.kind === 'done'
          ? ''
          : outcome.kind === 'push'
            ? outcome.result
            : outcome.kind
      return `${position + 1}. ${kind.padEnd(16)} ${state.padEnd(8)} ${result}`
    }),
  )
  transcript.show('what Belay decided: to ask', [
    `decision ${decision.id}  ${decision.context}  ${decision.status}`,
    `bound to the remote head ${decision.headSha.slice(0, 7)}  options ${decision.options.map(({ id }) => id).join(', ')}`,
  ])
  transcript.show('git graph AFTER: the worktree is at the remote branch', await graphOf(cast))
  transcript.show('git status in the worktree', await showStatus(world.places(session).worktree))
  await showPins(cast)

  transcript.scene(`The question on the pull request (decision ${decision.id})`)
  const look = { paint: transcript.paint, width: transcript.width - 6 }
  transcript.show('as it stands there', renderConversation(pr, look, [comment]))
  const runs = pr
    .checkRuns()
    .filter(({ status, conclusion }) => status !== 'completed' || conclusion === 'action_required')
  transcript.show(
    'the check run beside it',
    runs.map(
      ({ output, actions }) => `${output.title ?? ''}  ${actions.map(({ label }) => `[${label}]`).join(' ')}`,
    ),
  )
  return decision.id
}

async function showPins(cast: Cast): Promise<void> {
  const { stage, session } = cast
  const { mirror, origin } = stage.world.places(session)
  const prefix = `refs/belay/backup/${session.id}`
  const inMirror = await showRefs(mirror, prefix)
  stage.transcript.show('pins in the mirror, where no agent can reach', orNone(inMirror))
  stage.transcript.show('the pinned head on origin', orNone(await showRefs(origin, prefix)))
  const worktreePin = inMirror.find((line) => line.endsWith('/worktree'))?.split('  ')[1]
  if (worktreePin !== undefined) {
    stage.transcript.show('files in the worktree pin', await showFiles(mirror, worktreePin))
  }
}

async function refusalScene({ stage, pr }: Cast, decisionId: string): Promise<void> {
  const { transcript, world } = stage
  transcript.scene('bob, who may only read, tries to answer')
  const before = pr.comments.length
  const comment = await pr.comment('bob', `/continue ${decisionId}`)
  await world.reacted(comment, 'confused')
  await stage.showWebhooks()
  const [decision] = (await world.decisions(pr)).filter(({ id }) => id === decisionId)
  transcript.tell('')
  transcript.tell(
    `bob gets a reaction (confused) and ${pr.comments.length - before - 1} replies. The decision is still ${decision?.status ?? 'unknown'}.`,
  )
  if (decision?.status !== 'pending') throw new Error('A reader answered the question.')
}

async function answerScene({ stage, pr }: Cast, answer: Answer): Promise<void> {
  const { transcript, world } = stage
  transcript.scene(`alice answers /${answer}`)
  const comment = await pr.comment('alice', `/${answer}`)
  await world.reacted(comment, 'rocket')
  await stage.showWebhooks()
  const decision = (await world.decisions(pr)).at(-1)
  transcript.tell('')
  transcript.tell(
    `Decision ${decision?.id ?? '?'}: ${decision?.status ?? '?'}, "${decision?.answer ?? '?'}" by ${decision?.answeredBy ?? '?'} through ${decision?.answeredVia ?? '?'}.`,
  )
}

async function resumedScenes(cast: Cast): Promise<void> {
  const { stage, pr, session } = cast
  const { transcript, world } = stage
  const second = { pr: pr.number, attempt: 2 }
  transcript.scene('The agent starts again and is told what was set aside')
  await world.story.arrived(second, 'worked')
  await world.record(`second attempt at work (#${pr.number})`, session)
  const prompt = renderMarkdown(await world.story.prompt(second), {
    paint: PLAIN,
    width: transcript.width - 4,
  })
  transcript.show('the head of its prompt', [
    ...prompt.slice(0, 40).map((line) => clip(line, transcript.width - 4)),
    '…',
  ])

  transcript.scene('It finishes, and Belay pushes')
  await world.story.letGo(second, 'worked')
  await pipelineEnds(cast, 'complete')
  await stage.showWebhooks()
  stage.showSyncOutcomes()
  transcript.show(
    'git graph of the branch on origin',
    await showGraph({ gitDir: world.repo.git.path, revisions: [pr.headBranch] }),
  )
}

async function abortedScene(cast: Cast): Promise<void> {
  const { stage } = cast
  stage.transcript.scene('The pipeline is cancelled; worktree and pins stay')
  await pipelineEnds(cast, 'cancelled')
  await stage.showWebhooks()
  await showPins(cast)
}

async function pipelineEnds({ stage, session }: Cast, status: 'complete' | 'cancelled'): Promise<void> {
  const { belay } = stage.world
  const ended = async () => {
    const pipelines = await belay.database.table('pipelines')
    return pipelines.findLast(({ sessionId }) => sessionId === session.id)?.status === status
  }
  await belay.eventually(ended, { what: `the pipeline of ${session.id} is ${status}`, deadlineMs: 30_000 })
}

async function closingScenes({ stage, pr, session }: Cast): Promise<boolean> {
  const { transcript, world } = stage
  transcript.scene('The conversation, as GitHub shows it now')
  await world.quiet()
  const look = { paint: transcript.paint, width: transcript.width - 6 }
  transcript.show(pr.repository.fullName, renderConversation(pr, look))
  await stage.showLifecycle()

  transcript.scene('The judge of losses')
  transcript.tell(
    'A checker that shares no code with Belay looks, with plain git, for everything the witness saw.',
  )
  const verdict = await world.judgeApart(session)
  transcript.show('where it is now', verdict.text.split('\n'))
  return verdict.isGood
}

async function graphOf({ stage, pr, session }: Cast): Promise<readonly string[]> {
  const { origin, sessionRepository, worktree } = stage.world.places(session)
  const local = await revision(worktree, 'HEAD')
  const remote = await revision(origin, `refs/heads/${pr.headBranch}`)
  const names: Record<string, readonly string[]> = { [remote]: [`${pr.headBranch} on origin`] }
  names[local] = [...(names[local] ?? []), 'worktree']
  return showGraph({ gitDir: sessionRepository, revisions: [local, remote], alsoFrom: origin, names })
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['(none)'] : lines
}
