// Beginnings that many tests of workflows share: a session whose question is open, or whose pipeline is through, and how
// to read what people see. Holds the order of things; asserts nothing.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SyncQuestion } from '../../../src/domain/decision/subject.ts'
import type { Session } from '../../../src/domain/records.ts'
import { renderReply } from '../../../src/domain/text/replies.ts'
import type { Reply } from '../../../src/domain/text/reply.ts'
import type { PipelineRequests } from '../../../src/ports/requests.ts'
import { pipelineRequests } from '../../../src/workflows/submit-request.ts'
import type { Act } from '../agents/story.ts'
import type { FakePullRequest, IssueComment } from '../fake-github/index.ts'
import { git } from '../temp-repo.ts'
import type { Workbench } from './workbench.ts'

export interface Scene {
  readonly pr: FakePullRequest
  readonly session: Session
}

export interface QuestionScene extends Scene {
  readonly question: SyncQuestion
}

/** Works on the line that alice changes as well. */
export const WORK: readonly Act[] = [
  { do: 'write', path: 'knot.txt', text: 'tied by the agent\n' },
  { do: 'commit', paths: ['knot.txt'], message: 'Tie the knot' },
]

/** Leaves the worktree where no sync may touch it. */
export const DETACH: readonly Act[] = [{ do: 'git', args: ['checkout', '--quiet', '--detach'] }]

/** Opens a pull request, starts a session on it, and waits for its agent to do the acts and end. */
export async function playAttempt(
  bench: Workbench,
  branch: string,
  acts: readonly (readonly Act[])[] = [],
): Promise<Scene> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, acts)
  await bench.say(pr, 'alice', '/belay run')
  await bench.finishAttempts()
  return { pr, session: await bench.session(pr) }
}

/** Plays until the agent has committed and alice has pushed another change of the same line; the agent still runs. */
export async function playUntilConflict(
  bench: Workbench,
  branch: string,
  work: readonly Act[] = WORK,
): Promise<Scene> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, [[...work, { do: 'meet', name: 'worked' }]])
  await bench.say(pr, 'alice', '/belay run')
  await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
  await bench.repo.push({
    by: 'alice',
    branch,
    files: { 'knot.txt': 'tied by alice\n' },
    message: 'Tie it better',
  })
  await bench.settle()
  return { pr, session: await bench.session(pr) }
}

/** Lets the agent of a conflict end, and waits for what follows. */
export async function letAgentEnd(bench: Workbench, { pr }: Scene): Promise<void> {
  await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
  await bench.finishAttempts()
}

/** Plays until the worktree was reset and the question is open. */
export async function playUntilReset(bench: Workbench, branch: string): Promise<QuestionScene> {
  const scene = await playUntilConflict(bench, branch)
  await letAgentEnd(bench, scene)
  return asked(bench, scene)
}

/** Plays until the reset failed as well: a lock appears right before it. */
export async function playUntilFailedReset(bench: Workbench, branch: string): Promise<QuestionScene> {
  const scene = await playUntilConflict(bench, branch)
  bench.watch.hook = async (moment, { order }) => {
    if (moment !== 'before' || order !== 'reset_tree') return
    await writeFile(await gitPath(bench, scene, 'index.lock'), '')
  }
  await letAgentEnd(bench, scene)
  bench.watch.hook = () => undefined
  return asked(bench, scene)
}

/** Plays until the sync after the attempt is blocked. */
export async function playUntilBlocked(
  bench: Workbench,
  branch: string,
  acts: readonly Act[] = DETACH,
): Promise<QuestionScene> {
  return asked(bench, await playAttempt(bench, branch, [acts]))
}

/** Plays until a pipeline is through and a sync of the idle worktree is blocked. */
export async function playUntilBlockedIdle(bench: Workbench, branch: string): Promise<QuestionScene> {
  const scene = await playAttempt(bench, branch)
  await git(bench.tree(scene.session.id), 'checkout', '--quiet', '--detach')
  await bench.say(scene.pr, 'alice', '/belay sync')
  return asked(bench, scene)
}

async function asked(bench: Workbench, scene: Scene): Promise<QuestionScene> {
  return { ...scene, session: await bench.session(scene.pr), question: await bench.question(scene.pr) }
}

/** Returns a file of the worktree's own git directory. */
export async function gitPath(bench: Workbench, { session }: Scene, name: string): Promise<string> {
  const tree = bench.tree(session.id)
  return join(await git(tree, 'rev-parse', '--absolute-git-dir'), name)
}

/** Returns what REST can ask of pipelines, which pumps instead of waiting; for the present start of the program. */
export function requestsOf(bench: Workbench): PipelineRequests {
  return pipelineRequests(bench.deps, async (condition) => {
    await bench.settle()
    return condition()
  })
}

/** Presses a button of a question in a person's name and settles. */
export async function pressButton(
  bench: Workbench,
  { pr, question }: { readonly pr: FakePullRequest; readonly question: { readonly id: string } },
  { by, option }: { readonly by: string; readonly option: string },
): Promise<void> {
  const run = pr.checkRuns().findLast(({ externalId }) => externalId === question.id)
  if (run === undefined) throw new Error(`No check run shows question ${question.id}`)
  await pr.pressButton(by, run.id, option)
  await bench.settle()
}

/** Stores a configuration on the default branch, behind its version. */
export async function configure(bench: Workbench, text: string): Promise<void> {
  const files = { '.github/belay.yml': `version: 1\n${text}` }
  await bench.repo.push({ by: 'alice', branch: 'main', files, message: 'Configure' })
  await bench.settle()
}

/** Returns how the session's syncs ended, oldest first. */
export async function casesOf(bench: Workbench, { session }: Scene): Promise<readonly (string | null)[]> {
  const operations = await bench.store.list('syncOperations', { sessionId: session.id, purpose: 'sync' })
  return operations.map((operation) => operation.case)
}

/** Returns the commit the session's worktree is at. */
export async function headOf(bench: Workbench, { session }: Scene): Promise<string> {
  return git(bench.tree(session.id), 'rev-parse', 'HEAD')
}

const AFTER_A_BURST_MS = 15_000

/** Lets a burst of webhooks come to rest, and everything that follows from the read. */
export async function letRest(bench: Workbench, ms = AFTER_A_BURST_MS): Promise<void> {
  await bench.settle()
  bench.clock.advance(ms)
  await bench.settle()
}

/** Returns what the program wrote on a pull request, without its hidden markers. */
export function botTexts(pr: FakePullRequest): readonly string[] {
  return botComments(pr).map(({ body }) => withoutMarker(body))
}

/** Returns the program's replies to one comment. */
export function repliesTo(comment: IssueComment): readonly string[] {
  return botComments(comment.conversation)
    .filter(({ body }) => body.split('\n').at(-1)?.includes(comment.nodeId))
    .map(({ body }) => withoutMarker(body))
}

/** Returns the text of a reply as it stands on GitHub. */
export function textOf(reply: Reply): string {
  return renderReply(reply).trimEnd()
}

/** Returns the program's reactions to a comment, in their order. */
export function reactionsOf(comment: IssueComment): readonly string[] {
  return comment.reactions.filter(({ by }) => by === 'belay[bot]').map(({ content }) => content)
}

/** Returns the one status comment. */
export function statusOf(pr: FakePullRequest): string {
  const found = botComments(pr).filter(({ body }) => body.includes('<!-- belay:status:'))
  if (found.length !== 1) throw new Error(`#${pr.number} has ${found.length} status comments`)
  return found.map(({ body }) => withoutMarker(body)).join('')
}

/** Returns the comments that ask questions, one for each chain. */
export function questionTexts(pr: FakePullRequest): readonly string[] {
  return botComments(pr)
    .filter(({ body }) => body.includes('<!-- belay:question:'))
    .map(({ body }) => withoutMarker(body))
}

function botComments({ comments }: { readonly comments: readonly IssueComment[] }): readonly IssueComment[] {
  return comments.filter(({ author }) => author === 'belay[bot]')
}

function withoutMarker(body: string): string {
  return body.replace(/\n*<!-- belay:[^\n]*-->\s*$/, '').trimEnd()
}
