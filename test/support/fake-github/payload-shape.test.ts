// Every webhook the fake sends is compared with GitHub's published examples of the same event and action.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import type { Review } from './review-thread.ts'
import { differences, publishedExamples, sharedShape } from './payload-shape.ts'
import type { ShapeRules } from './payload-shape.ts'
import { asInstallation, createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake

beforeAll(async () => {
  fake = await startFakeGitHub()
  await playEverything(fake)
  await fake.github.settled()
})

afterAll(() => fake.stop())

/** Everything an event can be sent for, once. */
interface EventCase {
  readonly event: string
  readonly action?: string
  /** The action to compare with, where none is published of this one. */
  readonly like?: string
}

const events: readonly EventCase[] = [
  { event: 'ping' },
  { event: 'installation', action: 'created' },
  { event: 'installation_repositories', action: 'added' },
  { event: 'issue_comment', action: 'created' },
  { event: 'issue_comment', action: 'edited' },
  { event: 'issue_comment', action: 'deleted' },
  { event: 'issues', action: 'opened' },
  // No example is published of these two: they are held against their nearest neighbour.
  { event: 'issues', action: 'closed', like: 'opened' },
  { event: 'pull_request', action: 'edited', like: 'reopened' },
  { event: 'pull_request', action: 'opened' },
  { event: 'pull_request', action: 'synchronize' },
  { event: 'pull_request', action: 'closed' },
  { event: 'pull_request', action: 'reopened' },
  { event: 'push' },
  { event: 'check_run', action: 'created' },
  { event: 'check_run', action: 'completed' },
  { event: 'check_run', action: 'requested_action' },
  { event: 'pull_request_review', action: 'submitted' },
  // Not published either.
  { event: 'pull_request_review', action: 'edited', like: 'submitted' },
  { event: 'pull_request_review_comment', action: 'created' },
  { event: 'pull_request_review_comment', action: 'edited' },
  { event: 'pull_request_review_comment', action: 'deleted' },
  { event: 'pull_request_review', action: 'dismissed' },
  { event: 'pull_request_review_thread', action: 'resolved' },
  { event: 'pull_request_review_thread', action: 'unresolved' },
  { event: 'check_run', action: 'rerequested' },
  { event: 'check_suite', action: 'completed' },
  { event: 'check_suite', action: 'requested' },
  { event: 'check_suite', action: 'rerequested' },
  { event: 'status' },
  { event: 'pull_request', action: 'converted_to_draft' },
  { event: 'pull_request', action: 'ready_for_review' },
  // No examples are published of these.
  { event: 'pull_request', action: 'auto_merge_enabled', like: 'reopened' },
  { event: 'pull_request', action: 'auto_merge_disabled', like: 'reopened' },
  { event: 'pull_request', action: 'enqueued', like: 'reopened' },
  { event: 'pull_request', action: 'dequeued', like: 'reopened' },
]

// Examples happen to come from repositories with a milestone, an assignee, and a filled body.
const nullable = new Set([
  'issue.milestone',
  'issue.assignee',
  'issue.body',
  'pull_request.body',
  'repository.license',
  // A suite of a commit without a pull request, and one that was asked to run again.
  'check_suite.head_branch',
  'check_suite.before',
  'check_suite.conclusion',
])
const rules: ShapeRules = {
  isNullable: (path) =>
    nullable.has(path) ||
    // Null until somebody fills it in, by GitHub's own schema.
    /(^|\.)(description|homepage|language|merge_commit_sha|merged_at|closed_at|mergeable|rebaseable)$/.test(
      path,
    ) ||
    /^check_run\.output\.(title|summary|text)$/.test(path),
  isOpenMap: (path) => /(^|\.)permissions$/.test(path),
}

describe('webhook payloads', () => {
  it.each(events)(
    'writes every field that all published examples of $event $action have',
    ({ event, action, like }) => {
      const examples = publishedExamples(event, like ?? action)
      expect(examples.length).toBeGreaterThan(0)
      const sent = fake.github.deliveries.filter(
        (delivery) => delivery.event === event && delivery.action === action,
      )
      expect(sent.length).toBeGreaterThan(0)
      const shape = withoutSender(event, sharedShape(examples))
      for (const { payload } of sent) expect(differences(payload, shape, rules)).toEqual([])
    },
  )

  it('says in pull_request.edited what changed', () => {
    const edited = fake.github.deliveries.find(
      ({ action, event }) => event === 'pull_request' && action === 'edited',
    )
    expect(edited?.payload['changes']).toEqual({ title: { from: 'feature' } })
  })

  it('says in check_suite.completed which commit was checked', () => {
    const completed = fake.github.deliveries.find(
      ({ action, event }) => event === 'check_suite' && action === 'completed',
    )
    expect(completed?.payload['check_suite']).toMatchObject({
      conclusion: 'action_required',
      head_commit: { message: 'Change a.txt', author: { name: 'alice' } },
    })
  })

  it('sends no event that is not compared here', () => {
    const compared = new Set([
      ...events.map(({ event, action }) => `${event} ${action}`),
      'pull_request edited',
    ])
    const sent = fake.github.deliveries.map(({ event, action }) => `${event} ${action}`)
    expect(sent.filter((name) => !compared.has(name))).toEqual([])
  })
})

describe('differences', () => {
  const lenientNowhere: ShapeRules = { isNullable: () => false, isOpenMap: () => false }
  const shape = sharedShape([
    { a: 1, b: { c: 'x', d: null }, e: 1, list: [{ f: 1, g: 2 }] },
    { a: 2, b: { c: 'y', d: 1 }, list: [] },
  ])

  it('finds nothing when fields and types agree', () => {
    expect(
      differences({ a: 3, b: { c: 'z', d: 4 }, list: [{ f: 1, g: 0 }], more: true }, shape, lenientNowhere),
    ).toEqual([])
  })

  it('names missing fields and other types', () => {
    expect(differences({ b: { c: 7, d: null }, list: [{ f: 1 }] }, shape, lenientNowhere)).toEqual([
      'a: missing',
      'b.c: number instead of string',
      'list[].g: missing',
    ])
  })
})

// A ping to an App has no sender and comes from nobody; the published one is of a repository's own hook.
function withoutSender(event: string, shape: ReturnType<typeof sharedShape>): ReturnType<typeof sharedShape> {
  if (event !== 'ping') return shape
  const fields = new Map([...shape.fields].filter(([name]) => name !== 'sender'))
  const hook = fields.get('hook')
  // An App's hook is described without the addresses of a repository hook.
  if (hook !== undefined) {
    const kept = [...hook.fields].filter(([name]) => !name.endsWith('url'))
    fields.set('hook', { ...hook, fields: new Map(kept) })
  }
  return { ...shape, fields }
}

async function playEverything(started: StartedFake): Promise<void> {
  const { github } = started
  github.ping()
  const repo = await createRocket(started)
  await github.createRepository({ owner: 'acme', name: 'second' })
  const issue = await repo.openIssue({ by: 'bob', title: 'It is slow' })
  await issue.comment('alice', 'Really?')
  await issue.close('bob')
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  const pr = await repo.openPullRequest({ by: 'alice', head: 'feature', body: 'Please.' })
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'two\n' } })
  const comment = await pr.comment('bob', 'Nice')
  await pr.editComment('bob', comment.id, 'Very nice')
  await pr.deleteComment('bob', comment.id)
  await pr.edit('alice', { title: 'A feature' })
  const review = await pr.review('carol', { state: 'changes_requested', body: 'No.' })
  await pr.editReview(review, 'Not yet.')
  const line = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'This line.' })
  await pr.editReviewComment(line, 'This very line.')
  await playReviews(pr, review)
  await playPlans(pr)
  await playChecks(started, repo, pr.headSha)
  await pr.pressButton('alice', pr.checkRuns()[0]?.id ?? 0, 'continue')
  await pr.close('alice')
  await pr.reopen('alice')
  await pr.merge('carol')
  await repo.push({ by: 'alice', branch: 'feature', delete: true })
}

async function playReviews(pr: FakePullRequest, review: Review): Promise<void> {
  await pr.dismissReview('carol', review)
  const comment = await pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Why?' })
  await pr.resolve('alice', comment.thread)
  await pr.unresolve('alice', comment.thread)
  await pr.deleteReviewComment('bob', comment)
}

async function playPlans(pr: FakePullRequest): Promise<void> {
  await pr.setDraft('alice', true)
  await pr.setDraft('alice', false)
  await pr.setAutoMerge('alice', 'squash')
  await pr.setAutoMerge('alice', undefined)
  await pr.enqueue('carol')
  await pr.dequeue('carol')
}

async function playChecks(started: StartedFake, repo: FakeRepository, headSha: string): Promise<void> {
  const { rest } = asInstallation(started, 'acme')
  const at = { owner: 'acme', repo: repo.name }
  const actions = [{ label: 'Continue', description: 'Go on', identifier: 'continue' }]
  const output = { title: 'A question', summary: 'Which one?' }
  const { data } = await rest.checks.create({
    ...at,
    name: 'Belay',
    head_sha: headSha,
    status: 'in_progress',
    actions,
    output,
  })
  await rest.checks.update({ ...at, check_run_id: data.id, conclusion: 'action_required' })
  repo.reportCheck({ app: 'ci', headSha, name: 'unit' })
  await repo.reportStatus({ by: 'jenkins', sha: headSha, state: 'pending', context: 'jenkins/build' })
  const { checks, world } = repo
  checks.rerequest(repo.writer('alice'), data.id)
  const main = await repo.git.run(['rev-parse', 'main'])
  checks.requestSuite(world.app, main, repo.writer('alice'))
  checks.requestSuite(world.app, main, repo.writer('alice'))
}
