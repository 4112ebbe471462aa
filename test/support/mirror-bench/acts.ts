// What people and apps do in a story, on the fake GitHub. Each act returns whether there was anything to do it to.

import type { CheckRun } from '../fake-github/check-runs.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import type { ReviewThread } from '../fake-github/review-thread.ts'
import { OTHER_BASE } from './bench.ts'
import type { ActName } from './story.ts'

/** A pull request of a story, with what its acts have to remember. */
export class Actor {
  readonly pr: FakePullRequest
  readonly path: string
  readonly formerHeads: string[] = []
  lines: string[] = Array.from({ length: 12 }, (_, no) => `line ${no}`)
  #words = 0

  constructor(pr: FakePullRequest) {
    this.pr = pr
    this.path = `${pr.headBranch}.txt`
  }

  /** Words that nobody wrote before. */
  words(): string {
    this.#words += 1
    return `Word ${this.#words} 🪢\nof #${this.pr.number}`
  }

  get threads(): readonly ReviewThread[] {
    return this.pr.reviews.threads
  }

  /** Shows the file as its lines are now. */
  async push(): Promise<void> {
    const { pr, path } = this
    this.formerHeads.push(pr.headSha)
    const content = this.lines.map((line) => `${line}\n`).join('')
    await pr.repository.push({ by: 'alice', branch: pr.headBranch, files: { [path]: content } })
  }
}

interface Choice {
  readonly pick: number
  readonly way: number
}

type Act = (actor: Actor, choice: Choice) => Promise<boolean>

const PEOPLE = ['alice', 'carol', 'bob'] as const
const APPS = ['ci', 'lint'] as const
const NAMES = ['test', 'build', 'docs'] as const
const CONCLUSIONS = ['success', 'failure', 'neutral', 'skipped', 'timed_out', 'cancelled'] as const
const STATES = ['success', 'failure', 'pending', 'error'] as const
const REVIEW_STATES = ['commented', 'approved', 'changes_requested'] as const

/** Plays an act; returns false when nothing was there for it. */
export function playAct(name: ActName, actor: Actor, choice: Choice): Promise<boolean> {
  return DEEDS[name](actor, choice)
}

function at<T>(items: readonly T[], pick: number): T | undefined {
  return items.length === 0 ? undefined : items[pick % items.length]
}

function someone(pick: number): string {
  return at(PEOPLE, pick) ?? 'alice'
}

/** Does something to one of the items, or nothing when there is none. */
async function withOne<T>(
  items: readonly T[],
  { pick }: Choice,
  deed: (item: T) => unknown,
): Promise<boolean> {
  const item = at(items, pick)
  if (item === undefined) return false
  await deed(item)
  return true
}

/** Turns what always works into an act. */
function always(deed: (actor: Actor, choice: Choice) => unknown): Act {
  return async (actor, choice) => {
    await deed(actor, choice)
    return true
  }
}

function newestRuns({ pr }: Actor): readonly CheckRun[] {
  return [...new Map(pr.checkRuns().map((run) => [`${run.app.slug} ${run.name}`, run])).values()].filter(
    ({ app }) => app.id !== pr.world.app.id,
  )
}

function reportCheck({ pr }: Actor, { pick, way }: Choice, headSha = pr.headSha): void {
  const [status] = [at(['queued', 'in_progress', 'completed', 'completed'] as const, way)]
  const isCompleted = status === 'completed'
  pr.repository.reportCheck({
    app: at(APPS, pick) ?? 'ci',
    name: at(NAMES, pick + way) ?? 'test',
    headSha,
    status: status ?? 'queued',
    conclusion: isCompleted ? (at(CONCLUSIONS, pick) ?? 'success') : null,
  })
}

function changeLines(actor: Actor, { pick, way }: Choice): void {
  const { lines } = actor
  const place = pick % Math.max(1, lines.length)
  if (way % 3 === 0) actor.lines = [actor.words().replace('\n', ' '), ...lines]
  else if (way % 3 === 1) actor.lines = lines.with(place, actor.words().replace('\n', ' '))
  else actor.lines = [...lines.slice(0, place), ...lines.slice(place + 1), `last ${lines.length} ${pick}`]
}

const DEEDS: Readonly<Record<ActName, Act>> = {
  thread: always((actor, { pick, way }) => {
    const place = way === 9 ? {} : { line: 1 + ((pick + way) % 9) }
    const path = way % 4 === 3 ? 'README.md' : actor.path
    return actor.pr.reviewComment(someone(pick), { path, ...place, body: actor.words() })
  }),
  reply: (actor, choice) =>
    withOne(actor.threads, choice, ({ comments: [first] }) =>
      actor.pr.reviewComment(someone(choice.way), { inReplyTo: first?.id ?? 0, body: actor.words() }),
    ),
  review: always((actor, { pick, way }) => {
    const line = (no: number) => ({ path: actor.path, line: 1 + no, body: actor.words() })
    const comments = Array.from({ length: way % 3 }, (_, no) => line(no + pick))
    const state = at(REVIEW_STATES, pick) ?? 'commented'
    return actor.pr.review(way % 2 === 0 ? 'carol' : 'bob', { state, body: actor.words(), comments })
  }),
  edit_comment: (actor, choice) =>
    withOne(actor.pr.reviews.comments, choice, (comment) =>
      actor.pr.editReviewComment(comment, actor.words()),
    ),
  delete_comment: ({ pr }, choice) =>
    withOne(pr.reviews.comments, choice, (comment) => pr.deleteReviewComment('alice', comment)),
  resolve: ({ pr, threads }, choice) =>
    withOne(
      threads.filter(({ isResolved }) => !isResolved),
      choice,
      (thread) => pr.resolve(choice.way % 2 === 0 ? 'alice' : 'carol', thread),
    ),
  reopen: ({ pr, threads }, choice) =>
    withOne(
      threads.filter(({ isResolved }) => isResolved),
      choice,
      (thread) => pr.unresolve('alice', thread),
    ),
  minimize: ({ pr }, choice) =>
    withOne(
      pr.reviews.comments.filter(({ isMinimized }) => !isMinimized),
      choice,
      (comment) => pr.minimize('alice', comment),
    ),
  unminimize: ({ pr }, choice) =>
    withOne(
      pr.reviews.comments.filter(({ isMinimized }) => isMinimized),
      choice,
      (comment) => pr.unminimize('alice', comment),
    ),
  edit_review: (actor, choice) =>
    withOne(actor.pr.reviews.all, choice, (review) => actor.pr.editReview(review, actor.words())),
  dismiss: ({ pr }, choice) =>
    withOne(
      pr.reviews.all.filter(({ state }) => state === 'approved' || state === 'changes_requested'),
      choice,
      (review) => pr.dismissReview('alice', review),
    ),
  comment: always((actor, { pick }) => actor.pr.comment(someone(pick), actor.words())),
  check: always((actor, choice) => reportCheck(actor, choice)),
  finish_check: (actor, choice) =>
    withOne(
      newestRuns(actor).filter(({ status }) => status !== 'completed'),
      choice,
      ({ id }) =>
        actor.pr.repository.updateCheck(id, { conclusion: at(CONCLUSIONS, choice.way) ?? 'success' }),
    ),
  rerun: (actor, choice) =>
    withOne(newestRuns(actor), choice, ({ app, name, headSha }) =>
      actor.pr.repository.reportCheck({ app: app.slug, name, headSha, status: 'queued' }),
    ),
  status: always(({ pr }, { pick, way }) =>
    pr.repository.reportStatus({
      by: 'ci',
      sha: pr.headSha,
      state: at(STATES, way) ?? 'success',
      context: at(NAMES, pick) ?? 'test',
    }),
  ),
  old_check: (actor, choice) => withOne(actor.formerHeads, choice, (sha) => reportCheck(actor, choice, sha)),
  own_check: always(({ pr }) =>
    pr.repository.checks.create({
      app: pr.world.app,
      headSha: pr.headSha,
      name: 'Belay',
      sender: pr.world.app.bot,
    }),
  ),
  suite: always(({ pr }, { pick }) =>
    pr.repository.reportSuite({ app: `silent-${pick}`, headSha: pr.headSha }),
  ),
  push: always(async (actor, choice) => {
    changeLines(actor, choice)
    await actor.push()
  }),
  // The same file on the base is a conflict, until the pull request is aimed elsewhere.
  push_base: always(async (actor, { way }) => {
    const path = way % 2 === 0 ? actor.path : 'base.txt'
    await actor.pr.repository.push({ by: 'carol', branch: 'main', files: { [path]: actor.words() } })
  }),
  title: always((actor) => actor.pr.edit('alice', { title: actor.words().replace('\n', ' ') })),
  draft: always(({ pr }) => pr.setDraft('alice', !pr.isDraft)),
  base: always(({ pr }) => pr.edit('alice', { base: pr.baseBranch === OTHER_BASE ? 'main' : OTHER_BASE })),
  auto_merge: always(({ pr }) => pr.setAutoMerge('alice', pr.autoMerge === null ? 'merge' : undefined)),
  queue: always(({ pr }) => (pr.queueEntry === null ? pr.enqueue('alice') : pr.dequeue('alice'))),
}
