// Who a story is about, and the looks at them that every story takes: graphs, pins, the status comment, the judge.
import type { Session } from '../../src/domain/records.ts'
import type { FakePullRequest } from '../../test/support/fake-github/index.ts'
import { renderConversation } from './conversation-view.ts'
import { revision, showFiles, showGraph, showRefs } from './git-view.ts'
import type { Stage } from './stage.ts'

/** A pull request with its session, on a stage. */
export interface Cast {
  readonly stage: Stage
  readonly pr: FakePullRequest
  readonly session: Session
}

/** Shows worktree and remote branch in one graph. */
export async function showHistory({ stage, pr, session }: Cast, title: string): Promise<void> {
  const { origin, sessionRepository, worktree } = stage.world.places(session)
  const local = await revision(worktree, 'HEAD')
  const remote = await revision(origin, `refs/heads/${pr.headBranch}`)
  const names: Record<string, readonly string[]> = { [remote]: [`${pr.headBranch} on GitHub`] }
  names[local] = [...(names[local] ?? []), 'the worktree']
  stage.transcript.show(
    title,
    await showGraph({ gitDir: sessionRepository, revisions: [local, remote], alsoFrom: origin, names }),
  )
}

/** Shows the refs that hold what was set aside, and the files in them. */
export async function showPins({ stage, session }: Cast): Promise<void> {
  const { mirror, origin } = stage.world.places(session)
  const prefix = `refs/belay/backup/${session.id}`
  const inMirror = await showRefs(mirror, prefix)
  stage.transcript.show('pins in the mirror, which no agent can reach', orNone(inMirror))
  stage.transcript.show('the pinned commits on GitHub', orNone(await showRefs(origin, prefix)))
  const worktreePin = inMirror.findLast((line) => line.endsWith('/worktree'))?.split('  ')[1]
  if (worktreePin !== undefined)
    stage.transcript.show('files in the newest pin', await showFiles(mirror, worktreePin))
}

/** Shows the status comment once it says all of this; the table about the session is left out. */
export async function showStatusComment(
  { stage, pr }: Cast,
  { title, says }: { readonly title: string; readonly says: readonly string[] },
): Promise<void> {
  const { transcript, world } = stage
  const comment = await world.belay.eventually(
    () =>
      world
        .botComments(pr)
        .find(({ body }) => body.includes('/belay status') && says.every((words) => body.includes(words))),
    { what: `the status comment says ${says.join(' and ')}` },
  )
  const look = { paint: transcript.paint, width: transcript.width - 6 }
  const shown = { ...comment, body: withoutSession(comment.body) }
  transcript.show(title, renderConversation(pr, look, [shown]))
}

/** The table about the session and everything below it is left out: it is the same all the time. */
function withoutSession(body: string): string {
  const table = body.indexOf('\n| Session ')
  return table === -1 ? body : `${body.slice(0, body.lastIndexOf('\n\n', table))}\n\n…`
}

/** Waits until the newest pipeline of the session ended so. */
export async function pipelineEnds(
  { stage, session }: Cast,
  status: 'complete' | 'cancelled',
): Promise<void> {
  const { belay } = stage.world
  const ended = async () => {
    const pipelines = await belay.database.table('pipelines')
    return pipelines.findLast(({ sessionId }) => sessionId === session.id)?.status === status
  }
  await belay.eventually(ended, { what: `the pipeline of ${session.id} is ${status}`, deadlineMs: 30_000 })
}

/** Lets the judge look, in a process of its own, and tells whether nothing was lost. */
export async function judgeScene({ stage, session }: Cast): Promise<boolean> {
  const { transcript, world } = stage
  transcript.scene('The judge of losses')
  transcript.tell(
    'All the while a witness noted every commit and every file that existed. A checker that shares no code with Belay now looks for each of them, with plain git.',
  )
  const verdict = await world.judgeApart(session)
  transcript.show('where it is now', verdict.text.split('\n'))
  return verdict.isGood
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['(none)'] : lines
}
